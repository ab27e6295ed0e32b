"""Words for applications, reviews and entries: states, events, refusals, history."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from whitelist.messages import measure_words
from whitelist.policy import criteria as policy_criteria

APPLICATION_STATES: Mapping[str, Promise | str] = {
    "draft": pgettext_lazy("application state", "Draft"),
    "checked": pgettext_lazy("application state", "Checked, not yet sent"),
    "submitted": pgettext_lazy("application state", "Submitted"),
    "in_review": pgettext_lazy("application state", "In review"),
    "first_approved": pgettext_lazy("application state", "First approval given"),
    "approved": pgettext_lazy("application state", "Approved"),
    "publishing": pgettext_lazy("application state", "Being published"),
    "published": pgettext_lazy("application state", "Published"),
    "changes_requested": pgettext_lazy("application state", "Correction requested"),
    "refused": pgettext_lazy("application state", "Refused"),
    "withdrawn": pgettext_lazy("application state", "Withdrawn"),
    "reopened": pgettext_lazy("application state", "Reopened"),
}

APPLICATION_EVENTS: Mapping[str, Promise | str] = {
    "edit": pgettext_lazy("application event", "Edit"),
    "check": pgettext_lazy("application event", "Check"),
    "submit": pgettext_lazy("application event", "Submit"),
    "start_review": pgettext_lazy("application event", "Take up the review"),
    "hand_back": pgettext_lazy("application event", "Hand back"),
    "approve_first": pgettext_lazy("application event", "Record the first approval"),
    "approve_second": pgettext_lazy("application event", "Record the second approval"),
    "void_approval": pgettext_lazy("application event", "The first approval became void"),
    "request_changes": pgettext_lazy("application event", "Request a correction"),
    "refuse": pgettext_lazy("application event", "Refuse"),
    "withdraw": pgettext_lazy("application event", "Withdraw the application"),
    "start_publishing": pgettext_lazy("application event", "Start publishing"),
    "publish": pgettext_lazy("application event", "Publish"),
    "reopen": pgettext_lazy("application event", "Reopen"),
    "refuse_reopening": pgettext_lazy("application event", "Refuse the change; what is published stays"),
    "cancel_reopening": pgettext_lazy("application event", "Cancel the change; what is published stays"),
}

ENTRY_STATES: Mapping[str, Promise | str] = {
    "approved": pgettext_lazy("entry state", "Being published"),
    "live": pgettext_lazy("entry state", "Live"),
    "warned": pgettext_lazy("entry state", "Live, warned once"),
    "at_risk": pgettext_lazy("entry state", "Live, warned twice"),
    "review_due": pgettext_lazy("entry state", "Live, a reviewer looks at it"),
    "suspended": pgettext_lazy("entry state", "Suspended"),
    "retiring": pgettext_lazy("entry state", "Live, about to retire"),
    "removed": pgettext_lazy("entry state", "Removed"),
}

ENTRY_EVENTS: Mapping[str, Promise | str] = {
    "publish": pgettext_lazy("entry event", "Publish"),
    "warn": pgettext_lazy("entry event", "Warn"),
    "escalate": pgettext_lazy("entry event", "Warn again"),
    "call_review": pgettext_lazy("entry event", "Call a reviewer"),
    "clear": pgettext_lazy("entry event", "Clear the warnings"),
    "suspend": pgettext_lazy("entry event", "Suspend"),
    "reinstate": pgettext_lazy("entry event", "Reinstate"),
    "retire": pgettext_lazy("entry event", "Retire after an overlap"),
    "keep": pgettext_lazy("entry event", "Keep after all"),
    "remove": pgettext_lazy("entry event", "Remove"),
}

WAITS_FOR: Mapping[str, Promise | str] = {
    "applicant": pgettext_lazy("whose turn", "The applicant's turn"),
    "reviewer": pgettext_lazy("whose turn", "J-LIS's turn"),
    "machine": pgettext_lazy("whose turn", "Being processed"),
}

REFUSALS: Mapping[str, Promise | str] = {
    "review.reviewer_unknown": _("It is not known who wants to decide."),
    "review.editor_unknown": _("It is not known who edited this application, so nobody may decide on it."),
    "review.edited_revision": _("You may not decide: you edited a revision of this application."),
    "review.member_of_applicant": _("You may not decide: you belong to the applicant or its platform operator."),
    "review.same_reviewer": _("You may not decide: you gave the first approval. The second is given by someone else."),
    "review.binding_changed": _(
        "The first approval is void: the revision, the check report or the rule set has changed since."
    ),
    "review.first_approval_expired": _("The first approval is void: it is older than seven days."),
    "review.illegal_transition": _("This step is not possible in the present state. The page was out of date."),
    "lookup.nonce": _("The nonce must be 8 to 128 characters of A–Z, a–z, 0–9, - and _."),
    "review.not_a_reviewer": _("Only reviewers may decide."),
    "review.claimed_by_another": _("Another reviewer has taken up this application."),
    "review.not_yours": _("You have not taken up this application."),
    "review.not_open": _("No decision is open on this application."),
    "review.decided_meanwhile": _("Somebody decided or changed this application after you opened the page."),
    "review.evidence_changed": _("The evidence was checked again after you opened the page. Look at it once more."),
    "review.rules_changed": _("The rule set has changed since the check: check again first."),
    "review.findings_unseen": _("Warnings have not been ticked as seen."),
    "review.criteria_unticked": _("Not all criteria have been ticked."),
    "review.message_missing": _("Mark the items to be corrected, or write to the applicant what it is about."),
    "review.criterion_missing": _("Choose the criterion on which the refusal rests."),
    "review.form_incomplete": _("The form was incomplete. Nothing has been recorded."),
    "review.decision_missing": _("Choose a decision."),
    "review.conflict_not_stated": _("State that you have no interest in this decision."),
    "review.report_too_old": _("The check report is older than 72 hours: check again first."),
    "review.facts_missing": _("Nobody has looked at the return server yet: it cannot be approved before that."),
    "review.report_blocks": _("The check report has findings that block the URL: it cannot be approved."),
    "review.provisional_missing": _("Give your own provisional verdict first."),
    "review.field_unknown": _("A correction names an item that does not exist, or one twice."),
    "review.template_unknown": _("A correction uses a sentence that does not fit its item."),
    "review.field_text_missing": _("Write what is to be corrected in the marked item."),
    "application.not_open": _("This application is not open to changes now."),
    "application.changed_meanwhile": _("The application was changed or sent after you opened the page."),
    "application.not_possible_now": _("This is no longer possible: the application has moved on."),
    "application.url_blocked": _("The return URL has findings that block it."),
    "application.domain_unproven": _("The domain of the return URL has not been proven yet: prove it first."),
    "application.canonical_not_accepted": _("Accept the registered form of the return URL."),
    "application.purposes_missing": _("Choose what this URL receives."),
    "application.ways_in_missing": _("Choose at least one way in."),
    "application.security_contact_missing": _("Enter a security contact."),
    "application.operations_contact_missing": _("Enter an operations contact."),
    "application.security_contact_unconfirmed": _("The security contact has not answered our mail yet."),
    "application.operations_contact_unconfirmed": _("The operations contact has not answered our mail yet."),
    "application.only_owner_sends": _("Only an owner of your organisation can send it. Everything is saved: ask one."),
    "application.entry_not_listed": _("The entry is not on the list now, so a change cannot begin from it."),
    "application.nothing_changed": _("Nothing differs from what is published yet."),
    "application.field_not_open": _("Only the fields that the correction names can be changed now."),
    "application.too_many_papers": _("An application can have ten papers. Take one out first."),
    "application.purpose_of_use_missing": _("Write what the certificates are used for."),
    "application.legal_basis_missing": _("State the legal basis of your organisation."),
    "application.needs_two_owners": _("Your organisation needs at least two owners."),
    "contact.asked_just_now": _("A mail has just been sent to this address. Wait a minute before the next."),
    "contact.asked_too_often": _("Five mails have been sent to this address today. Try again tomorrow."),
    "app.identifier_missing": _("Enter the package name or the bundle ID."),
    "app.identifier_malformed": _("Write it like a domain name backwards, for example jp.example.bank."),
    "app.fingerprint_malformed": _("A SHA-256 fingerprint has 64 hexadecimal digits, with or without colons."),
    "entry.url_refused": _("This URL cannot be registered."),
    "entry.only_in_sandbox": _("Only entries of the test environment can be changed here."),
    "entry.already_listed": _("This URL is already on the list."),
    **measure_words.GAPS,
}

CRITERIA: Mapping[str, Promise | str] = {
    "criteria.notice": _("Sandbox emulation: these are sample criteria, not J-LIS's."),
    "criteria.legal_basis": _("The applicant's legal basis has been confirmed."),
    "criteria.legal_basis_dates": _("The legal basis is in force on the day of the decision."),
    "criteria.two_owners": _("The applicant has at least two owners on this site."),
    "criteria.domain_managed": _("The applicant declares that it manages the domain of the return server."),
    "criteria.url_as_sent": _("The URL equals, byte for byte, what the applicant's system sends."),
    "criteria.no_look_alike": _("The host name cannot be taken for that of another organisation."),
    "criteria.security_measures": _("The security measures of the return server have been stated."),
    **{f"measure.{code}": words.statement for code, words in measure_words.MEASURES.items()},
}


MAIL_SUBJECTS: Mapping[str, Promise | str] = {
    "contact": _("Please confirm that this address is reached"),
    "submitted": _("Application received"),
    "changes_requested": _("A correction is requested"),
    "refused": _("Application refused"),
    "published": _("Your entry is live"),
    "deadline": _("The standard processing period is running out"),
}

PURPOSES: Mapping[str, Promise | str] = {
    "user_authentication": _("User authentication (log-in)"),
    "signature": _("Signature (application)"),
}
WAYS_IN: Mapping[str, Promise | str] = {
    "app_link": _("App link"),
    "browser_link": _("Browser link"),
    "qr": _("QR code"),
}


ACTORS: Mapping[str, Promise | str] = {
    "machine": pgettext_lazy("actor", "System"),
    "applicant": pgettext_lazy("actor", "Applicant"),
    "reviewer": pgettext_lazy("actor", "Reviewer at J-LIS"),
}
DECISIONS: Mapping[str, Promise | str] = {
    "approve": _("Approve"),
    "request_changes": _("Request a correction"),
    "refuse": _("Refuse (needs a criterion and the reason)"),
}
STAGES: Mapping[str, Promise | str] = {
    "first": _("First review"),
    "second": _("Second review"),
}
RECORDED: Mapping[tuple[str, str], Promise | str] = {
    ("approve", "first"): _(
        "The first approval has been recorded. Another reviewer gives the second within seven days."
    ),
    ("approve", "second"): _("The second approval has been recorded. The entry is being published."),
    ("request_changes", "first"): _("The correction has been requested and the applicant told by mail."),
    ("request_changes", "second"): _("The correction has been requested and the applicant told by mail."),
    ("refuse", "first"): _("The refusal has been recorded and the applicant told by mail."),
    ("refuse", "second"): _("The refusal has been recorded and the applicant told by mail."),
}
QUEUE_VIEWS: Mapping[str, Promise | str] = {
    "mine": _("My cases"),
    "first": _("Waiting for the first review"),
    "second": _("Waiting for the second review"),
    "fast": pgettext_lazy("queue", "Fast lane"),
    "applicant": _("Applicant's turn"),
    "decided": _("Decided"),
}

# What the colour of a case's clock says (whitelist.policy.queue_age).
URGENCIES: Mapping[str, Promise | str] = {
    "in_time": _("In time"),
    "due_soon": _("Due soon"),
    "overdue": pgettext_lazy("queue", "Past its period"),
    "paused": _("With the applicant"),
}

HISTORY: Mapping[str, Promise | str] = {
    "application.started": _("Draft begun"),
    "application.submitted": _("Revision %(revision)s submitted"),
    "application.withdrawn": _("Application withdrawn"),
    "application.reopened": _("Change begun"),
    "application.reopening_cancelled": _("Change cancelled; what is published stays"),
    "application.reopening_refused": _("Change refused on criterion %(criterion)s; what is published stays"),
    "application.claimed": _("Review taken up"),
    "application.handed_back": _("Review handed back"),
    "application.look_asked": _("New look at the server asked for"),
    "application.rechecked": _("URL checked again"),
    "application.claim_lapsed": _("Review free again: two working days without action"),
    "application.second_look": _("Provisional verdict of the second review given"),
    "application.first_approved": _("First approval recorded"),
    "application.approved": _("Second approval recorded"),
    "application.approval_voided": _("First approval became void"),
    "application.changes_requested": _("Correction requested"),
    "application.refused": _("Refused on criterion %(criterion)s"),
    "application.published": _("Published in list version %(list_version)s"),
}


IMPORT_STATES: Mapping[str, Promise | str] = {
    "waiting": _("Being read"),
    "read": _("Ready to be entered"),
    "refused": _("Not read"),
    "entering": _("Being entered"),
    "entered": _("Entered"),
    "failed": _("Not entered"),
}


def criterion(number: str) -> str:
    """The sentence of the criterion quoted as `number`, in the active language; empty when there is none."""
    found = policy_criteria.criterion(number)
    return str(CRITERIA[found.code]) if found else ""


def refusal(code: str) -> str:
    """The sentence for the code of a refusal, in the active language."""
    return str(REFUSALS[code])
