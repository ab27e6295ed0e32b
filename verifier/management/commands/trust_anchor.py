"""`manage.py trust_anchor`: an operator proposes a CA certificate for production. The product ships none.

The certificate is obtained from the CA's own publication, its fingerprint from another channel. A second operator
confirms on the operators' page, with a second factor; until then the certificate is worth nothing.
"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from portal.accounts import services as accounts
from verifier import anchor_proposals
from verifier.anchors import AnchorRefused
from verifier.messages import anchor_words
from verifier.pki.profiles import Purpose


class Command(BaseCommand):
    help = "Propose a CA certificate for production, withdraw a proposal, or stop a certificate from being believed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        propose = acts.add_parser("propose", help="ask for a certificate; another operator confirms it in the site")
        propose.add_argument("file", type=Path, help="the CA's self-signed certificate in DER")
        propose.add_argument("--purpose", required=True, choices=[purpose.value for purpose in Purpose])
        propose.add_argument("--fingerprint", required=True, help="its full SHA-256, obtained by another channel")
        propose.add_argument("--card-crl", metavar="URL", help="where the list for cards is fetched")
        propose.add_argument("--phone-crl", metavar="URL", help="where the list for phones is fetched")
        withdraw = acts.add_parser("withdraw", help="take back what is not confirmed yet")
        withdraw.add_argument("proposal", help="its ID, anp_…")
        distrust = acts.add_parser("distrust", help="stop believing a certificate at once")
        distrust.add_argument("--fingerprint", required=True, help="its full SHA-256")
        for act in (propose, withdraw, distrust):
            act.add_argument("--by", required=True, metavar="EMAIL", help="the operator who does this")
        acts.add_parser("list", help="what waits and what is believed")

    def handle(self, *args: Any, **options: Any) -> None:
        acts = {"propose": self._propose, "withdraw": self._withdraw, "distrust": self._distrust, "list": self._list}
        try:
            acts[options["act"]](options)
        except OSError as error:
            raise CommandError(str(error)) from error
        except AnchorRefused as refused:
            words = anchor_words.ANCHOR_REFUSALS[refused.code]
            raise CommandError(f"{refused.code}: {words} {refused.detail}".strip()) from refused

    def _propose(self, options: dict[str, Any]) -> None:
        proposal = anchor_proposals.propose(
            purpose=options["purpose"],
            certificate_der=options["file"].read_bytes(),
            fingerprint=options["fingerprint"],
            lists={"card": options["card_crl"] or "", "phone": options["phone_crl"] or ""},
            by=_person(options["by"]),
            at=timezone.now(),
        )
        self.stdout.write(_line(proposal))
        self.stdout.write(f"Another operator has to confirm it before {proposal.expires_at:%Y-%m-%d %H:%M} UTC.")

    def _withdraw(self, options: dict[str, Any]) -> None:
        proposal = anchor_proposals.by_public_id(options["proposal"])
        if proposal is None:
            raise CommandError(f"There is no proposal {options['proposal']}.")
        anchor_proposals.withdraw(proposal, by=_person(options["by"]), at=timezone.now())
        self.stdout.write(f"withdrawn {proposal.public_id}")

    def _distrust(self, options: dict[str, Any]) -> None:
        anchor = anchor_proposals.believed_by_fingerprint(options["fingerprint"])
        if anchor is None:
            raise CommandError("Production believes no certificate with this fingerprint.")
        anchor_proposals.distrust(anchor, by=_person(options["by"]))
        self.stdout.write(f"no longer believed: {anchor.subject} {anchor.fingerprint}")

    def _list(self, options: dict[str, Any]) -> None:
        for proposal in anchor_proposals.open_ones(timezone.now()):
            self.stdout.write(_line(proposal))
        for anchor in anchor_proposals.believed():
            self.stdout.write(f"believed {anchor.public_id} {anchor.subject} {anchor.fingerprint}")


def _line(proposal: Any) -> str:
    standing = anchor_words.SHORT_FORMS[anchor_proposals.standing(proposal).value]
    return f"proposed {proposal.public_id} {proposal.subject} {proposal.fingerprint}: {standing}"


def _person(email: str) -> Any:
    person = accounts.by_email(email)
    if person is None:
        raise CommandError(f"Nobody has an account with the address {email}.")
    return person
