"""Words for the trail: families of actions, kinds of things, findings of an inspection. Codes stay beside them."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

FAMILIES: Mapping[str, Promise | str] = {
    "application": pgettext_lazy("trail", "Application"),
    "entry": pgettext_lazy("trail", "Entry"),
    "list": pgettext_lazy("trail", "Publication"),
    "rule_set": pgettext_lazy("trail", "Rules"),
    "domain": pgettext_lazy("trail", "Domain"),
    "provider": pgettext_lazy("trail", "Organisation"),
    "accreditation": pgettext_lazy("trail", "Certification"),
    "delegation": pgettext_lazy("trail", "Delegation"),
    "invitation": pgettext_lazy("trail", "Invitation"),
    "membership": pgettext_lazy("trail", "Member"),
    "person": pgettext_lazy("trail", "Person"),
    "evidence": pgettext_lazy("trail", "Evidence"),
    "api_client": pgettext_lazy("trail", "API key"),
    "environment": pgettext_lazy("trail", "Test environment"),
    "issuance_order": pgettext_lazy("trail", "Issuance"),
    "certificate": pgettext_lazy("trail", "Certificate"),
    "anchor": pgettext_lazy("trail", "Trust anchor"),
    "distribution_point": pgettext_lazy("trail", "Distribution point"),
    "audit": pgettext_lazy("trail", "Audit"),
}

# The act, by the last part of its code; what is not here is shown by its code alone.
ACTS: Mapping[str, Promise | str] = {
    "started": pgettext_lazy("trail", "started"),
    "submitted": pgettext_lazy("trail", "submitted"),
    "claimed": pgettext_lazy("trail", "taken up"),
    "handed_back": pgettext_lazy("trail", "handed back"),
    "rechecked": pgettext_lazy("trail", "checked again"),
    "first_approved": pgettext_lazy("trail", "first approval"),
    "approved": pgettext_lazy("trail", "approved"),
    "changes_requested": pgettext_lazy("trail", "correction requested"),
    "refused": pgettext_lazy("trail", "refused"),
    "withdrawn": pgettext_lazy("trail", "withdrawn"),
    "reopened": pgettext_lazy("trail", "reopened"),
    "published": pgettext_lazy("trail", "published"),
    "granted": pgettext_lazy("trail", "granted"),
    "entered": pgettext_lazy("trail", "entered"),
    "live": pgettext_lazy("trail", "live"),
    "suspended": pgettext_lazy("trail", "suspended"),
    "reinstated": pgettext_lazy("trail", "reinstated"),
    "removed": pgettext_lazy("trail", "removed"),
    "registered": pgettext_lazy("trail", "registered"),
    "changed": pgettext_lazy("trail", "changed"),
    "basis_confirmed": pgettext_lazy("trail", "legal basis confirmed"),
    "declared": pgettext_lazy("trail", "declared"),
    "confirmed": pgettext_lazy("trail", "confirmed"),
    "requested": pgettext_lazy("trail", "requested"),
    "accepted": pgettext_lazy("trail", "accepted"),
    "declined": pgettext_lazy("trail", "declined"),
    "ended": pgettext_lazy("trail", "ended"),
    "sent": pgettext_lazy("trail", "sent"),
    "taken": pgettext_lazy("trail", "joined"),
    "role_changed": pgettext_lazy("trail", "role changed"),
    "created": pgettext_lazy("trail", "created"),
    "appointed": pgettext_lazy("trail", "appointed"),
    "second_factor_set": pgettext_lazy("trail", "second factor set up"),
    "kept": pgettext_lazy("trail", "kept"),
    "issued": pgettext_lazy("trail", "issued"),
    "revoked": pgettext_lazy("trail", "revoked"),
    "held": pgettext_lazy("trail", "put on hold"),
    "released": pgettext_lazy("trail", "released"),
    "opened": pgettext_lazy("trail", "opened"),
    "trusted": pgettext_lazy("trail", "trusted"),
    "distrusted": pgettext_lazy("trail", "no longer trusted"),
    "added": pgettext_lazy("trail", "added"),
    "exported": pgettext_lazy("trail", "handed out"),
}

ROLES: Mapping[str, Promise | str] = {
    "member": pgettext_lazy("trail actor", "Person of the organisation"),
    "reviewer": pgettext_lazy("trail actor", "Reviewer at J-LIS"),
    "operator": pgettext_lazy("trail actor", "Operator at J-LIS"),
    "auditor": pgettext_lazy("trail actor", "Auditor at J-LIS"),
}
MACHINE = pgettext_lazy("trail actor", "System")

FINDINGS: Mapping[str, Promise | str] = {
    "row_changed": _("A record differs from what was sealed."),
    "row_missing": _("A record or its seal is missing."),
    "link_broken": _("A seal does not follow from the one before it."),
    "checkpoint_signature": _("The signature of a checkpoint cannot be verified."),
    "checkpoint_head": _("A signed checkpoint contradicts the chain."),
    "tail_cut_off": _("The chain is shorter than a signed checkpoint says."),
    "not_sealed": _("Records have been waiting for their seal for more than ten minutes."),
}


def action(code: str) -> str:
    """ "Application: submitted"; only the family, or nothing, where the act has no words yet."""
    family, _dot, act = code.partition(".")
    known = [str(words) for words in (FAMILIES.get(family), ACTS.get(act)) if words]
    return str(_("%(what)s: %(act)s") % {"what": known[0], "act": known[1]}) if len(known) == 2 else "".join(known)
