"""Mail about proofs of domains to the owners of their organisation; Japanese first, English below."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from portal.providers import members
from whitelist.mail import LANGUAGES
from whitelist.messages import domain_words
from whitelist.models import DomainProof


def send(proof_id: int, kind: str) -> int:
    """One mail to each owner; returns how many. `kind` is a key of domain_words.MAILS."""
    proof = DomainProof.objects.select_related("provider").get(pk=proof_id)
    link = settings.SITE_URL + reverse("whitelist:domain-detail", args=[proof.public_id])
    bodies, subjects = [], []
    for language in LANGUAGES:
        with translation.override(language):
            subject, happened, to_do = (str(part) for part in domain_words.MAILS[kind])
            subjects.append(subject)
            context = {"proof": proof, "happened": happened, "to_do": to_do, "link": link}
            bodies.append(render_to_string("whitelist/email/domain.txt", context).strip())
    subject = f"{' / '.join(subjects)} ({proof.domain})"
    body = "\n\n----------------------------------------\n\n".join(bodies)
    return sum(EmailMessage(subject, body, to=[to]).send() for to in members.owner_addresses(proof.provider))
