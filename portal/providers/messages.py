"""Code -> sentence. Codes travel inside; words are chosen here, at the edge."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.providers.models import Membership, ServiceProvider

SENTENCES: Final[dict[str, Promise]] = {
    "corporate_number.empty": _("Enter the corporate number (13 digits)."),
    "corporate_number.characters": _("A corporate number consists of digits only."),
    "corporate_number.length": _(
        "A corporate number has 13 digits. "
        "The 12-digit company registration number (会社法人等番号) is a different one."
    ),
    "corporate_number.check_digit": _(
        "This is not a corporate number: its first digit, the check digit, does not fit. Look for a mistyped digit."
    ),
    "corporate_number.taken": _("This organisation is registered already. Ask one of its owners to invite you."),
    "person.is_staff": _("Reviewers and operators cannot belong to a service provider."),
    "accreditation.known": _("This certification has been entered already."),
    "accreditation.other_basis": _("Certifications are entered by certified operators only."),
    "delegation.other_basis": _("Only an organisation that stands behind a platform operator can ask for one."),
    "delegation.not_an_operator": _("This organisation is not a platform operator."),
    "delegation.known": _("You have already asked this platform operator, or it already stands in front of you."),
    "delegation.answered": _("This request has been answered already."),
    "delegation.not_the_operator": _("Only an owner of the organisations concerned can do this."),
    "delegation.not_live": _("This delegation has ended already."),
    "review.not_a_reviewer": _("Only a reviewer can confirm this."),
    "review.reason_missing": _("Say why: the organisation has to know what to correct."),
    "organisation.owners_only": _("Only an owner of your organisation can do this. Ask one of them."),
    "review.own_organisation": _("You cannot confirm an organisation that you belong to."),
    "invitation.already_member": _("This person is a member already."),
    "invitation.already_invited": _("This person has an open invitation. Withdraw it first to send a new one."),
    "invitation.other_person": _("This invitation was sent to another e-mail address."),
    "invitation.over": _("This invitation can no longer be used."),
    "invitation.not_sent": _("The mail could not be sent, so nobody was invited. Please try again later."),
    "membership.last_owner": _("An organisation always keeps at least one owner. Make somebody else an owner first."),
    "membership.two_owners": _(
        "While a return server of yours is in production, two owners are needed. Make somebody else an owner first."
    ),
    "ownership.already_owner": _("This person is an owner already."),
    "ownership.not_yours": _("This offer was made to somebody else."),
    "ownership.over": _("This offer can no longer be accepted."),
    "recovery.owner_can_invite": _("You are an owner: invite a new owner on the page of members."),
    "recovery.not_yours": _("Only a member of the organisation or a reviewer can do this."),
    "recovery.open_already": _("A recovery is open already."),
    "recovery.own_request": _("You asked for it, so two other reviewers have to confirm it."),
    "recovery.two_people": _("You confirmed it first; another reviewer has to confirm it, too."),
    "recovery.over": _("This recovery is over."),
    "membership.gone": _("This person is no longer a member."),
    "api_client.too_many": _(
        "There are two live keys for this environment already. Revoke one before you issue another."
    ),
    "api_client.no_environment": _("This environment is not ready yet."),
    "provider.not_entitled": _("Production keys can be issued once your organisation is entitled to verify."),
    "provider.basis_unknown": _("The legal basis is not known."),
    "provider.not_confirmed": _("The legal basis has not been confirmed by a reviewer yet."),
    "provider.no_accreditation": _("No certification has been entered yet."),
    "provider.accreditation_not_confirmed": _("The certification has not been confirmed by a reviewer yet."),
    "provider.accreditation_not_begun": _("The certification has not begun yet."),
    "provider.accreditation_over": _("The certification has run out."),
    "provider.no_delegation": _("No platform operator has been chosen yet."),
    "provider.delegation_not_accepted": _("The platform operator has not accepted yet."),
    "provider.delegation_not_confirmed": _("The delegation has not been confirmed by a reviewer yet."),
    "provider.delegation_not_begun": _("The delegation to the platform operator has not begun yet."),
    "provider.delegation_over": _("The delegation to the platform operator has ended."),
    "provider.operator_not_entitled": _("The platform operator itself is not entitled to verify today."),
}

_BASIS = ServiceProvider.LegalBasis
LEGAL_BASES: Final[dict[str, Promise]] = {
    _BASIS.ADMINISTRATIVE_BODY: _("Administrative body"),
    _BASIS.CERTIFIED_OPERATOR: _("Certified operator (certification by the competent ministers)"),
    _BASIS.BEHIND_PLATFORM_OPERATOR: _("Behind a platform operator"),
}
LEGAL_BASES_EXPLAINED: Final[dict[str, Promise]] = {
    _BASIS.ADMINISTRATIVE_BODY: _(
        "A ministry, agency, prefecture, municipality or another body named in Article 17 of the Act on "
        "Electronic Signature Certification. A reviewer confirms it."
    ),
    _BASIS.CERTIFIED_OPERATOR: _(
        "A private operator certified by the competent ministers under Article 17, paragraph 1, item 6 of the Act. "
        "You enter its number and days next; a reviewer confirms it."
    ),
    _BASIS.BEHIND_PLATFORM_OPERATOR: _(
        "You hold no certification; a certified platform operator verifies for you. "
        "You choose it next; it has to accept."
    ),
}
STANDING_KINDS: Final[dict[str, Promise]] = {
    "basis": _("Legal basis: administrative body"),
    "certification": _("Certification by the competent ministers"),
    "delegation": _("Delegation to a platform operator"),
    "change": _("Change of the organisation's facts"),
}
SEATS: Final[dict[str, Promise]] = {
    Membership.Role.OWNER: pgettext_lazy("seat", "owner"),
    Membership.Role.MEMBER: pgettext_lazy("seat", "member"),
}


def sentence(code: str) -> str:
    """The sentence for a code of this app, in the present language; KeyError for an unknown code."""
    return str(SENTENCES[code])
