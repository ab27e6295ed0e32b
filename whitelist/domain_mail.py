"""Mail about proofs of domains to the owners of their organisation. Each reads it in the language they chose."""

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from portal.accounts import letters
from portal.accounts.languages import LANGUAGES
from portal.providers import members
from whitelist.messages import domain_words
from whitelist.models import DomainProof


def send(proof_id: int, kind: str) -> int:
    """One mail to each owner; returns how many. `kind` is a key of domain_words.MAILS."""
    proof = DomainProof.objects.select_related("provider").get(pk=proof_id)
    link = settings.SITE_URL + reverse("whitelist:domain-detail", args=[proof.public_id])
    subjects, bodies = {}, {}
    for language in LANGUAGES:
        with translation.override(language):
            subject, happened, to_do = (str(part) for part in domain_words.MAILS[kind])
            subjects[language] = subject
            context = {"proof": proof, "happened": happened, "to_do": to_do, "link": link}
            bodies[language] = render_to_string("whitelist/email/domain.txt", context).strip()
    return letters.post(subjects, bodies, members.owner_addresses(proof.provider), about=proof.domain)
