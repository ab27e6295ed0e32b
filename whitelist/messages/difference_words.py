"""Words for what parts two URLs."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True)
class DifferenceSentences:
    title: Promise | str
    mend: Promise | str


_SEND_AS_LISTED = _("Set the return URL in your system to the registered value.")

DIFFERENCES: Mapping[str, DifferenceSentences] = {
    "url.bom": DifferenceSentences(
        pgettext_lazy("difference of URLs", "Invisible byte order mark"), _("Save your settings file without a BOM.")
    ),
    "url.space": DifferenceSentences(
        pgettext_lazy("difference of URLs", "Space, tab or line break"), _("Trim the value in your settings.")
    ),
    "url.invisible": DifferenceSentences(
        pgettext_lazy("difference of URLs", "Invisible character"), _("Type the value anew instead of pasting it.")
    ),
    "url.scheme": DifferenceSentences(
        pgettext_lazy("difference of URLs", "Scheme"), _("Send the scheme that is registered.")
    ),
    "url.scheme.case": DifferenceSentences(
        pgettext_lazy("difference of URLs", "Capital letters in the scheme"), _("Send the scheme in small letters.")
    ),
    "url.slashes": DifferenceSentences(
        pgettext_lazy("difference of URLs", "Slashes after the scheme"), _("Send exactly two slashes after the scheme.")
    ),
    "url.userinfo": DifferenceSentences(
        pgettext_lazy("difference of URLs", "User name before the host"), _("Remove what stands before @.")
    ),
    "url.host": DifferenceSentences(
        pgettext_lazy("difference of URLs", "Host name"), _("Look whether another environment's host is set.")
    ),
    "url.host.case": DifferenceSentences(
        pgettext_lazy("difference of URLs", "Capital letters in the host name"), _("Send the host in small letters.")
    ),
    "url.host.trailing_dot": DifferenceSentences(
        pgettext_lazy("difference of URLs", "Dot after the host name"), _("Remove the dot after the host.")
    ),
    "url.host.idn": DifferenceSentences(
        pgettext_lazy("difference of URLs", "Notation of the host name"), _("Send the ASCII form (xn--).")
    ),
    "url.host.www": DifferenceSentences(
        pgettext_lazy("difference of URLs", "“www.” before the host name"), _SEND_AS_LISTED
    ),
    "url.port": DifferenceSentences(pgettext_lazy("difference of URLs", "Port"), _SEND_AS_LISTED),
    "url.port.default": DifferenceSentences(
        pgettext_lazy("difference of URLs", "Default port written out"),
        _("Remove the port: your framework may be adding it behind a proxy."),
    ),
    "url.case": DifferenceSentences(pgettext_lazy("difference of URLs", "Capital and small letters"), _SEND_AS_LISTED),
    "url.canonical.slash": DifferenceSentences(
        pgettext_lazy("difference of URLs", "Slash at the end"),
        _("Add or remove the last slash as registered; some frameworks add it."),
    ),
    "url.path": DifferenceSentences(pgettext_lazy("difference of URLs", "Path"), _SEND_AS_LISTED),
    "url.path.double_slash": DifferenceSentences(
        pgettext_lazy("difference of URLs", "Two slashes in a row"),
        _("Look whether two parts that both bring a slash are joined."),
    ),
    "url.percent_encoding": DifferenceSentences(
        pgettext_lazy("difference of URLs", "Percent code against the character itself"),
        _("Send the notation that is registered."),
    ),
    "url.percent_encoding.case": DifferenceSentences(
        pgettext_lazy("difference of URLs", "Capital and small letters in a percent code"),
        _("Send the notation that is registered."),
    ),
    "url.percent_encoding.double": DifferenceSentences(
        pgettext_lazy("difference of URLs", "Encoded twice"),
        _("Look for a place in your system that encodes an encoded URL again."),
    ),
    "url.query": DifferenceSentences(
        pgettext_lazy("difference of URLs", "Query"), _("Send the URL without added parameters.")
    ),
    "url.fragment": DifferenceSentences(
        pgettext_lazy("difference of URLs", "Fragment"), _("Remove # and everything after it.")
    ),
    "url.length": DifferenceSentences(
        pgettext_lazy("difference of URLs", "One URL goes on after the other has ended"), _SEND_AS_LISTED
    ),
}
