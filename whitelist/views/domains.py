"""An organisation's domains: asking for a proof, seeing what every server says, checking now, giving up."""

from typing import Any

from django.conf import settings
from django.contrib import messages as notices
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from whitelist import domains
from whitelist.forms import DomainForm
from whitelist.messages import domain_words
from whitelist.models import DomainProof
from whitelist.permissions import applicant_view
from whitelist.policy import domain_proof as policy
from whitelist.policy.domain_proof import Answers, Method
from whitelist.policy.server_rule import registrable
from whitelist.refusals import Refused

form_page = require_http_methods(["GET", "HEAD", "POST"])


def _now() -> Any:
    return timezone.now().replace(microsecond=0)


@form_page
@applicant_view
def domain_list(request: HttpRequest, *, provider: Any) -> HttpResponse:
    form = DomainForm(request.POST or None, initial={"domain": request.GET.get("domain", "")[:253]})
    if request.method == "POST" and form.is_valid():
        try:
            proof = domains.ask(provider, form.cleaned_data["domain"], by=request.user, at=_now())
        except Refused as refused:
            form.add_error("domain", domain_words.refusal(refused.code))
        else:
            return redirect("whitelist:domain-detail", proof.public_id)
    rows = [{"proof": proof, "state": domain_words.state(proof)} for proof in domains.of(provider)]
    return render(request, "whitelist/domains/domain_list.html", {"form": form, "rows": rows})


@require_safe
@never_cache
@applicant_view
def domain_detail(request: HttpRequest, public_id: str, *, provider: Any) -> HttpResponse:
    proof = _proof(provider, public_id)
    return render(request, "whitelist/domains/domain_detail.html", {**shown(proof), **_instructions(proof)})


@require_safe
@never_cache
@applicant_view
def domain_progress(request: HttpRequest, public_id: str, *, provider: Any) -> HttpResponse:
    return render(request, "whitelist/domains/domain_progress.html", shown(_proof(provider, public_id)))


@require_POST
@applicant_view
def domain_check(request: HttpRequest, public_id: str, *, provider: Any) -> HttpResponse:
    if domains.check_now(_proof(provider, public_id), by=request.user, at=_now()):
        notices.info(request, _("The servers are being asked now."))
    else:
        notices.warning(request, _("The servers were asked a moment ago. Try again in ten seconds."))
    return redirect("whitelist:domain-detail", public_id)


@require_POST
@applicant_view
def domain_method(request: HttpRequest, public_id: str, *, provider: Any) -> HttpResponse:
    proof = _proof(provider, public_id)
    chosen = request.POST.get("method", "")
    if chosen not in list(Method):
        return redirect("whitelist:domain-detail", public_id)
    try:
        domains.choose_method(proof, Method(chosen), by=request.user, at=_now())
    except Refused as refused:
        notices.warning(request, domain_words.refusal(refused.code))
    return redirect("whitelist:domain-detail", public_id)


@form_page
@applicant_view
def domain_remove(request: HttpRequest, public_id: str, *, provider: Any) -> HttpResponse:
    proof = _proof(provider, public_id)
    if request.method == "POST":
        domains.remove(proof, by=request.user, at=_now())
        notices.success(request, _("%(domain)s has been removed.") % {"domain": proof.domain})
        return redirect("whitelist:domain-list")
    return render(request, "whitelist/domains/domain_remove.html", {"proof": proof})


def _proof(provider: Any, public_id: str) -> DomainProof:
    proof = domains.of(provider).filter(public_id=public_id).first()
    if proof is None:
        raise Http404
    return proof


def shown(proof: DomainProof) -> dict[str, Any]:
    """What changes while the page is open: the state and what every server says."""
    answers = policy.answers_from_json(proof.answers_json) if proof.answers_json else None
    return {
        "proof": proof,
        "state": domain_words.state(proof),
        "answers": answers,
        "lines": _lines(answers) if answers else [],
        "is_dns": proof.method == Method.DNS_TXT,
        "is_checking": proof.state == "waiting" and proof.checked_at is None,
    }


def _lines(answers: Answers) -> list[dict[str, Any]]:
    lines = []
    for answer in answers.servers:
        meaning, word, note = domain_words.SEEN[answer.seen]
        lines.append(
            {
                "role": domain_words.ROLES[answer.role],
                "server": answer.server,
                "found": answer.found,
                "seconds": None if answer.found else answer.seconds,
                "meaning": meaning,
                "word": word,
                "note": note,
            }
        )
    return lines


def _instructions(proof: DomainProof) -> dict[str, Any]:
    name, value = policy.record_name(proof.domain), policy.wanted_value(proof.token)
    zone = registrable(proof.domain)
    return {
        "record_name": name,
        "relative_name": name.removesuffix(f".{zone}"),
        "zone": zone,
        "value": value,
        "zone_line": f'{name}. 300 IN TXT "{value}"',
        "file_url": policy.file_url(proof.domain),
        "stand_in": settings.STAND_IN_INTERNET,
    }
