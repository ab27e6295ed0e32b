"""What a reviewer may ask for, field by field: ready sentences as data, their words in whitelist.messages."""

from collections.abc import Iterable
from dataclasses import dataclass

from whitelist.policy.content import FIELDS

OWN_WORDS = "own_words"


@dataclass(frozen=True, slots=True)
class Template:
    """code: its name in the programme and in whitelist.messages; fields: the fields it speaks to, empty for all of
    them (`measures` for every measure)."""

    code: str
    fields: tuple[str, ...] = ()

    def speaks_to(self, field: str) -> bool:
        return not self.fields or field in self.fields or field.partition(".")[0] in self.fields


TEMPLATES: tuple[Template, ...] = (
    Template("url_not_as_sent", ("url",)),
    Template("url_too_broad", ("url",)),
    Template("domain_not_shown", ("url",)),
    Template("kind_unclear", ("kind", "app.identifier")),
    Template("app_not_found", ("app.identifier", "app.fingerprint")),
    Template("purpose_not_needed", ("purposes",)),
    Template("way_in_not_used", ("ways_in",)),
    Template("use_too_vague", ("purpose_of_use",)),
    Template("contact_personal", ("contacts.security", "contacts.operations")),
    Template("measure_reason", ("measures",)),
    Template("measure_date", ("measures",)),
    Template("measure_evidence", ("measures", "evidence")),
    Template("paper_unreadable", ("evidence",)),
    Template(OWN_WORDS),
)
_BY_CODE = {template.code: template for template in TEMPLATES}


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked about one field: a template's sentence, words of the reviewer's own below it, or both."""

    field: str
    template_code: str = OWN_WORDS
    text: str = ""


def templates_for(field: str) -> tuple[Template, ...]:
    return tuple(template for template in TEMPLATES if template.speaks_to(field))


def refusals(requests: Iterable[Request]) -> list[str]:
    """Codes of what is wrong with these requests; empty when they can be sent."""
    found, seen = [], set()
    for request in requests:
        template = _BY_CODE.get(request.template_code)
        if request.field not in FIELDS or request.field in seen:
            found.append("review.field_unknown")
        elif template is None or not template.speaks_to(request.field):
            found.append("review.template_unknown")
        elif template.code == OWN_WORDS and not request.text.strip():
            found.append("review.field_text_missing")
        seen.add(request.field)
    return found
