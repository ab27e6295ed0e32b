"""What the evidence page shows a reviewer beside the evidence itself: summary, ticks, items to correct, history."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from whitelist import casework, domains, second_look
from whitelist.decision_form import ASKED, ASKED_TEXT, DecisionForm
from whitelist.messages import case_words, content_words, lane_words, review_words
from whitelist.models import Application, Entry, Review
from whitelist.permissions import standing_first_approval
from whitelist.policy import content, corrections, measures
from whitelist.policy.second_look import REPORT_LIFETIME
from whitelist.views import domains as domain_pages
from whitelist.views import evidence

_ALIKE = ("dom.lookalike", "url.brand", "url.idn.")


def of(application: Application, shown: Mapping[str, Any], *, form: DecisionForm, at: datetime) -> dict[str, Any]:
    """Context of the case page on top of `shown` (evidence.of): nothing here says what another reviewer thought."""
    said = content.read(shown["content"])
    ticked = form["criteria"].value() or []
    asked = casework.criteria_for(shown["revision"])
    numbers = {criterion.number for criterion in asked}
    lane = casework.lane_of(application, [row.code for row in shown["findings"].warnings], at=at)
    domain = _domain(application, said, at)
    return {
        "criteria": [{"number": c.number, "words": case_words.CRITERIA[c.code]} for c in asked if c.field is None],
        "ticked": ticked,
        "ticked_findings": form["findings_seen"].value() or [],
        "measure_rows": [{"fact": fact, "is_asked": fact.number in numbers} for fact in evidence.measure_facts(said)],
        "corrections": _correction_rows(said, form),
        "summary": _summary(shown, said, domain),
        "domain": domain,
        "lane": {"name": str(lane.lane), "words": lane_words.LANES[lane.lane], "reasons": _reasons(lane.reasons)},
        "report_until": shown["report"].created_at + REPORT_LIFETIME,
        "alike": [row for row in shown["findings"].open if row.code.startswith(_ALIKE)],
        "others": _others(application),
        "live_changes": _live_changes(application, said),
    }


def _reasons(codes: tuple[str, ...]) -> list[str]:
    return [str(lane_words.REASONS[code]) for code in codes]


def _correction_rows(said: Mapping[str, Any], form: DecisionForm) -> list[dict[str, Any]]:
    """Each item of the application with what may be asked about it."""
    asked = {measure.field for measure in measures.applicable(said["kind"])}
    keys = [key for key in content.FIELDS if not key.startswith("measures.") or key in asked]
    if said["kind"] != "app":
        keys = [key for key in keys if not key.startswith("app.")]
    return [_correction_row(key, said, form) for key in keys]


def _correction_row(key: str, said: Mapping[str, Any], form: DecisionForm) -> dict[str, Any]:
    code, text = form.asked(key)
    return {
        "key": key,
        "select": ASKED + key,
        "textarea": ASKED_TEXT + key,
        "label": content_words.label(key),
        "value": content_words.words(key, content.value(said, key)),
        "text": text,
        "templates": [
            {
                "code": template.code,
                "words": review_words.TEMPLATE_NAMES[template.code],
                "sentence": review_words.TEMPLATES[template.code],
                "is_chosen": template.code == code,
            }
            for template in corrections.templates_for(key)
        ],
    }


def _domain(application: Application, said: Mapping[str, Any], at: datetime) -> dict[str, Any] | None:
    """The proof that counts for the host of the URL, with what every server said; None when none was asked for."""
    proof = domains.proof_of(application.provider, urlsplit(said["url"]).hostname or "", at=at)
    return domain_pages.shown(proof) if proof else None


def _summary(
    shown: Mapping[str, Any], said: Mapping[str, Any], domain: Mapping[str, Any] | None
) -> list[dict[str, Any]]:
    """Seven parts, each with a word and a link to its section."""
    provider, counts = shown["application"].provider, shown["findings"].counts
    is_confirmed = provider.basis_confirmed_at is not None and shown["owners"] >= 2
    warned, changed = counts["warn"], len(shown["changes"])
    if counts["block"]:
        found = ("error", _("%(n)d blocking") % {"n": counts["block"]})
    else:
        found = ("warning", _("Warnings %(n)d") % {"n": warned}) if warned else ("ok", _("All passed"))
    proven = (domain["state"]["meaning"], str(domain["state"]["word"])) if domain else ("not_run", _("Not asked for"))
    statuses = [answer["status"] for answer in said["measures"].values()]
    met = statuses.count("met")
    stated = ("ok" if met == len(statuses) else "info", _("%(met)d of %(n)d met") % {"met": met, "n": len(statuses)})
    return [
        _part(
            "applicant",
            _("Applicant"),
            *(("ok", _("Confirmed")) if is_confirmed else ("warning", _("To be confirmed"))),
        ),
        _part("url", _("URL and check"), *found),
        _part("domain", _("Domain proof"), *proven),
        _part("conformance", _("Conformance"), "not_run", _("Not run yet")),
        _part("measures", _("Measures"), *(stated if statuses else ("not_run", _("Not stated")))),
        _part("changes", _("Changes"), "info", _("%(n)d items") % {"n": changed} if changed else _("First revision")),
        _part("history", _("Exchange"), "info", _("%(n)d entries") % {"n": len(shown["events"])}),
    ]


def _part(anchor: str, name: str, meaning: str, words: str) -> dict[str, str]:
    return {"anchor": f"{anchor}-heading", "name": name, "meaning": meaning, "words": words}


def _others(application: Application) -> list[dict[str, Any]]:
    """What else the organisation has asked for or been granted, newest first."""
    asked = Application.objects.filter(provider=application.provider_id, submitted_at__isnull=False)
    cases = asked.exclude(pk=application.pk).select_related("current_revision").order_by("-id")[:10]
    entries = Entry.objects.filter(provider=application.provider_id, world="production").order_by("-id")[:10]
    rows = [
        {
            "id": case.public_id,
            "url": case.current_revision.content["url"] if case.current_revision else "",
            "state": evidence.state(case),
            "at": case.submitted_at,
            "is_case": True,
        }
        for case in cases
    ]
    return rows + [
        {
            "id": entry.public_id,
            "url": entry.url_text,
            "state": evidence.entry_state(entry),
            "at": entry.created_at,
            "is_case": False,
        }
        for entry in entries
    ]


def _live_changes(application: Application, said: Mapping[str, Any]) -> list[evidence.Change]:
    """What would change against the entry that is live now; empty for a new entry."""
    before = casework.live_content(application)
    return evidence.differences(before, said) if before is not None else []


def first_look(application: Application, reviewer: Any) -> dict[str, Any] | None:
    """What the first reviewer ticked and wrote, beside one's own provisional verdict; None before a first approval."""
    first = standing_first_approval(application)
    if first is None or application.current_revision is None:
        return None
    own = second_look.given(application.current_revision.latest_report, reviewer)
    return {
        "review": first,
        "criteria": ", ".join(first.criteria),
        "findings": ", ".join(first.findings_seen),
        "own": review_words.PROVISIONAL_WORDS[own.decision] if own else "",
        "agrees": own is not None and own.decision == Review.Decision.APPROVE,
    }
