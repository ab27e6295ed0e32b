"""`manage.py list_signer`: admit, or dismiss, a certificate that signs revocation lists in a CA's place."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from verifier import list_signers
from verifier.messages import source_words
from verifier.models import ListSigner, TrustAnchor
from verifier.pki.errors import MalformedInput, RefusedCrl


class Command(BaseCommand):
    help = "Admit or dismiss a certificate that signs revocation lists in a CA's place; nobody does so by default."

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        admit = acts.add_parser("admit", help="believe lists that this certificate's key signs")
        admit.add_argument("file", type=Path, help="the certificate in DER, issued by the CA itself")
        admit.add_argument("--anchor", required=True, metavar="ID", help="the CA: anc_…")
        dismiss = acts.add_parser("dismiss", help="stop believing its lists at once")
        dismiss.add_argument("--fingerprint", required=True, help="its full SHA-256")
        for act in (admit, dismiss):
            act.add_argument("--by", required=True, help="who does this; stands in the audit trail")

    def handle(self, *args: Any, **options: Any) -> None:
        {"admit": self._admit, "dismiss": self._dismiss}[options["act"]](options)

    def _admit(self, options: dict[str, Any]) -> None:
        anchor = TrustAnchor.objects.filter(public_id=options["anchor"], distrusted_at=None).first()
        if anchor is None:
            raise CommandError(f"No believed CA certificate is {options['anchor']}.")
        try:
            row = list_signers.admit(anchor, options["file"].read_bytes(), by=options["by"])
        except RefusedCrl as refused:
            raise CommandError(
                f"{refused.code}: {source_words.REFRESH_ERRORS[refused.code]} {refused.detail}"
            ) from refused
        except (OSError, MalformedInput) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"admitted for {anchor.public_id}: {row.fingerprint}")

    def _dismiss(self, options: dict[str, Any]) -> None:
        named = options["fingerprint"].replace(":", "").lower()
        found = list(ListSigner.objects.filter(fingerprint=named, dismissed_at=None).select_related("anchor"))
        if not found:
            raise CommandError("No admitted certificate has this fingerprint.")
        for row in found:
            list_signers.dismiss(row, by=options["by"])
        self.stdout.write(f"dismissed: {named}")
