"""Words for the lane of a case and why it stands there."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

LANES: Mapping[str, Promise | str] = {
    "fast": pgettext_lazy("review lane", "Fast lane"),
    "normal": pgettext_lazy("review lane", "Normal"),
    "careful": pgettext_lazy("review lane", "Careful"),
}

REASONS: Mapping[str, Promise | str] = {
    "lane.first_application": _("It is the first entry of the organisation."),
    "lane.new_domain": _("The URL moves to another domain."),
    "lane.domain_unproven": _("The domain has not been proven."),
    "lane.look_alike": _("The host name resembles another name, or has characters that can be mistaken."),
    "lane.shared_hosting": _("The host stands on a domain that many organisations share."),
    "lane.new_entry": _("It is a new entry."),
    "lane.new_host": _("The host or the port changes."),
    "lane.other_change": _("More than the path, the contacts or the measures changes."),
    "lane.path_only": _("Of the URL only the path changes."),
    "lane.contacts_only": _("The contacts change."),
    "lane.measures_only": _("Answers to the security measures change."),
    "lane.unchanged": _("Nothing changes that is compared."),
}
