"""Words for tables of return servers: why one is not read, and what is wrong at a cell."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from whitelist.messages import finding_words
from whitelist.policy.finding import Finding, Severity

REFUSALS: Final[dict[str, Promise]] = {
    "sheet.empty": _("The file is empty. Choose the file again."),
    "sheet.too_large": _("The file is larger than 5 MB. Divide it into several tables."),
    "sheet.unknown_format": _("Only .xlsx and .csv are read, and the content has to be what the name says."),
    "sheet.other_format": _("This spreadsheet format is not read. Save it as .xlsx or .csv."),
    "sheet.macros": _("The workbook holds macros. Save it as .xlsx without macros."),
    "sheet.links_outside": _("The workbook refers to other files or addresses. Remove the links and save it again."),
    "sheet.entities": _("The workbook declares document types or another encoding, which no spreadsheet program does."),
    "sheet.encrypted": _("The workbook is protected by a password. Save it without one."),
    "sheet.unpacks_too_large": _("The workbook unpacks to far more than it seems. Copy the rows to a new workbook."),
    "sheet.broken_workbook": _("The workbook cannot be read. Open it, save it as .xlsx and choose it again."),
    "sheet.broken_csv": _("The CSV file has an open quotation mark. Save it again from the spreadsheet program."),
    "sheet.unknown_encoding": _("The characters cannot be read. Save the file as CSV in UTF-8."),
    "sheet.too_many_rows": _("More than 1,000 rows. Divide the table and hand the parts in one after the other."),
    "sheet.too_many_columns": _("More than 50 columns. Use the template's columns."),
    "sheet.too_many_sheets": _("More than 10 sheets. Keep the one with the return servers."),
    "sheet.long_cell": _("The cell %(address)s is longer than 2,000 characters."),
    "sheet.no_rows": _("There is no row below the headings."),
    "import.not_ready": _("The table cannot be entered as it stands. Correct it and hand it in again."),
    "import.delegation_ended": _("A delegation has ended meanwhile. Nothing was entered; hand the table in again."),
    "import.no_sandbox": _("An organisation has no test environment yet. Nothing was entered."),
}
FINDINGS: Final[dict[str, tuple[Promise, Promise]]] = {
    "sheet.heading_missing": (_("A heading is missing."), _("Add a column with the heading “%(mend)s”.")),
    "sheet.heading_twice": (_("This heading stands there twice."), _("Keep one of the two columns.")),
    "sheet.formula": (
        _("The cell begins like a formula."),
        _("Formulas are not computed. Put the plain text there (paste as values)."),
    ),
    "sheet.cell_missing": (_("The cell is empty."), _("Fill it in, or empty the whole row.")),
    "sheet.unknown_choice": (_("This choice is not known."), _("Use one or more of: %(mend)s.")),
    "sheet.app_identifier_missing": (
        _("An app needs its identifier."),
        _("Fill in the package name or bundle identifier."),
    ),
    "sheet.email_shape": (_("This is no e-mail address."), _("For example security@example.jp.")),
    "sheet.phone_shape": (
        _("This is no telephone number."),
        _("Digits, spaces and hyphens, for example 03-1234-5678."),
    ),
    "sheet.unknown_organisation": (
        _("You do not stand in front of this organisation."),
        _("Use the corporate number or public id of your own organisation or of one whose delegation is in force."),
    ),
    "sheet.rows_differ": (
        _("Another row says something else about this URL."),
        _("All rows about one return server need the same kind, certificates, ways in, purpose and contact."),
    ),
    "sheet.url_twice": (_("This URL stands in the table twice."), _("Keep one of the rows.")),
}


def refusal(code: str, values: Mapping[str, Any]) -> str:
    """The sentence for a table that is not read or not entered."""
    return str(REFUSALS[code]) % dict(values)


def finding(found: Mapping[str, Any]) -> dict[str, str]:
    """Title and expectation of a finding at a cell, in the present language."""
    if found["code"] in FINDINGS:
        title, mend = FINDINGS[found["code"]]
        return {"title": str(title), "mend": str(mend) % {"mend": found["mend"]}}
    severity = Severity.BLOCK if found["is_blocking"] else Severity.WARN
    words = finding_words.words(
        Finding(
            code=found["code"],
            severity=severity,
            observed=found["observed"],
            expected_args=found["expected"],
            mend=found["mend"] or None,
            variant=found["variant"],
        )
    )
    return {"title": words.title, "mend": words.mend or words.expected}
