"""Words for the security measures: title, the sentence that is a criterion, what to look at before answering."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True, slots=True)
class MeasureWords:
    title: Promise | str
    statement: Promise | str
    help: Promise | str


MEASURES: Mapping[str, MeasureWords] = {
    "tls": MeasureWords(
        _("TLS settings"),
        _("The return server takes connections by TLS 1.2 or later only, with recommended cipher suites."),
        _("Old versions and weak suites are switched off on the server and on the load balancer before it."),
    ),
    "key_custody": MeasureWords(
        _("Custody of keys"),
        _("Secret keys of TLS and of this API are held by named persons, never in source code, and are replaced."),
        _("Where the keys lie, who may read them, and when they were last replaced is written down."),
    ),
    "server_hardening": MeasureWords(
        _("Hardening of the return server"),
        _("Services that are not needed are off, and administration is possible only from limited places."),
        _("The return address takes the agreed form only, limits its size, and shows no internals in errors."),
    ),
    "session_binding": MeasureWords(
        _("Replay and session binding"),
        _("Each answer is taken once, within its time, and only in the session that asked for it."),
        _("The request number and the challenge are made on the server, tied to the session, and used up."),
    ),
    "verified_before_use": MeasureWords(
        _("Verification before use"),
        _("Signature, certificate and revocation are verified on the server before anything rests on them."),
        _("A verification that could not be completed counts as not passed."),
    ),
    "stored_data": MeasureWords(
        _("What is stored, and how long"),
        _("What is stored of certificates and of the holder is decided, protected, and erased when its time ends."),
        _("Serial numbers and the four basic attributes are personal data; PINs are never taken."),
    ),
    "vulnerability_handling": MeasureWords(
        _("Handling of vulnerabilities"),
        _("There is a public contact for reports of vulnerabilities and a way in which they are dealt with."),
        _("For example security.txt, and a time by which the first answer is given."),
    ),
    "patching": MeasureWords(
        _("Patches"),
        _("Security updates of the system, the libraries and the app are followed and applied within a set time."),
        _("Who watches the announcements, and how fast serious ones are applied."),
    ),
    "logs": MeasureWords(
        _("Logs"),
        _("Use and administration are logged, the logs are protected from change, and kept for a set time."),
        _("PINs, whole certificates and signatures do not stand in logs."),
    ),
    "staff_access": MeasureWords(
        _("Access of staff"),
        _("Staff have accounts of their own with a second factor, reviewed regularly and closed when they leave."),
        _("Shared accounts are not used for administration."),
    ),
    "app_distribution": MeasureWords(
        _("Distribution of the app"),
        _("The app is given out only by the official stores, and its signing key and fingerprint are under control."),
        _("Who may sign and release the app, and how a leaked signing key would be dealt with."),
    ),
    "outsourcing": MeasureWords(
        _("Outsourcing"),
        _("Contractors who run or can reach the return server are named, bound by contract, and supervised."),
        _("Cloud providers count. If nobody else is involved, choose “not applicable” and say so."),
    ),
    "incident_reporting": MeasureWords(
        _("Reporting of incidents"),
        _("An incident is reported without delay to the security contact of this site and to those the law names."),
        _("Who decides, who calls, and how the URL is stopped at night and on days off."),
    ),
    "backups": MeasureWords(
        _("Backups and recovery"),
        _("Settings and data that are needed are backed up, and recovery has been tried."),
        _("When recovery was last tried, and how long it took."),
    ),
    "test_separation": MeasureWords(
        _("Test and production are separate"),
        _("Test and production use different servers, keys and data, and test certificates open nothing real."),
        _("The production system refuses certificates of the sandbox CA."),
    ),
}

STATUSES: Mapping[str, Promise | str] = {
    "met": pgettext_lazy("security measure", "Met"),
    "planned": pgettext_lazy("security measure", "Planned"),
    "not_applicable": pgettext_lazy("security measure", "Not applicable"),
}

GAPS: Mapping[str, Promise | str] = {
    "measure.unanswered": _("Choose one of the three answers."),
    "measure.status_unknown": _("This answer is not known. Choose one of the three."),
    "measure.date_missing": _("Enter the date by which it will be met."),
    "measure.date_unreadable": _("Enter the date as year-month-day, for example 2027-03-31."),
    "measure.date_past": _("The date lies in the past. Enter the date by which it will be met."),
    "measure.reason_missing": _("Write why it does not apply."),
}

EMULATION: Promise | str = _(
    "Sandbox emulation: these fifteen statements are samples made for this site, not J-LIS's questions."
)


def title(code: str) -> str:
    """The short name of the measure, in the active language."""
    return str(MEASURES[code].title)
