"""`manage.py trust_anchor`: an operator pins a CA certificate for production. The product ships none.

The certificate is obtained from the CA's own publication; its fingerprint is compared with one from another channel.
"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from portal.environments import services as environments
from verifier import anchors, messages
from verifier.pki import names
from verifier.pki.profiles import MediumGroup, Purpose, World, crl_dp_name


class Command(BaseCommand):
    help = "Trust a CA certificate (DER) in production, and say where its revocation lists are fetched."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the CA's self-signed certificate in DER")
        parser.add_argument("--purpose", required=True, choices=[purpose.value for purpose in Purpose])
        parser.add_argument("--fingerprint", required=True, help="its SHA-256, obtained by another channel")
        parser.add_argument("--by", required=True, help="who does this; stands in the audit trail")
        parser.add_argument("--card-crl", metavar="URL", help="where the list for cards is fetched")
        parser.add_argument("--phone-crl", metavar="URL", help="where the list for phones is fetched")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        environment = environments.production()
        try:
            der = options["file"].read_bytes()
            anchor = anchors.trust(environment, purpose=options["purpose"], certificate_der=der, by=options["by"])
        except OSError as error:
            raise CommandError(str(error)) from error
        except anchors.AnchorRefused as refused:
            raise CommandError(
                f"{refused.code}: {messages.ANCHOR_REFUSALS[refused.code]} {refused.detail}"
            ) from refused
        if anchor.fingerprint != options["fingerprint"].replace(":", "").lower():
            raise CommandError(f"The certificate's fingerprint is {anchor.fingerprint}, not the given one.")
        groups: tuple[MediumGroup, ...] = ("card", "phone")
        for group in groups:
            if url := options[f"{group}_crl"]:
                name = crl_dp_name(Purpose(options["purpose"]), group, World.PRODUCTION)
                anchors.add_distribution_point(
                    environment,
                    anchor=anchor,
                    dp_name=names.normalised(name),
                    url=url,
                    by=options["by"],
                    label=names.readable(name),
                )
        self.stdout.write(f"trusted {anchor.subject} as {anchor.public_id}")
