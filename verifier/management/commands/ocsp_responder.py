"""`manage.py ocsp_responder`: an operator says who is asked about the certificates of a trusted CA, and how.

How J-LIS's responders want to be asked is told to those it notifies; each of it is an option here.
"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal import http
from verifier import ocsp_responders
from verifier.models import OcspResponder
from verifier.pki.ocsp_settings import OCSP_PROFILES, OcspProfile

_DEFAULTS = OCSP_PROFILES["default"]
_LONGEST_AGE = 7 * 24 * 3600  # seconds
_LONGEST_LIFE = 3660  # days: no responder certificate outlives a root


class Command(BaseCommand):
    help = "Say which OCSP responder is asked about a CA's certificates on one medium; without options, list them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--anchor", help="the trusted CA: anc_…, as trust_anchor printed it")
        parser.add_argument("--medium", choices=["card", "phone"], help="whose certificates it speaks about")
        parser.add_argument("--url", help="its address, http or https; ours to say, never read from a certificate")
        parser.add_argument("--by", help="who does this; stands in the audit trail")
        parser.add_argument("--label", default="", help="its name for people")
        parser.add_argument("--hash", choices=OcspResponder.CertIdHash.values, default=_DEFAULTS.cert_id_hash)
        parser.add_argument("--nonce", choices=OcspResponder.Nonce.values, default=_DEFAULTS.nonce)
        parser.add_argument("--keep-answers", action="store_true", help="use an answer again up to its next update")
        parser.add_argument("--sign", action="store_true", help="sign requests with OCSP_REQUEST_KEY_FILE")
        parser.add_argument("--method", choices=OcspResponder.Method.values, default=_DEFAULTS.method)
        parser.add_argument("--max-age", type=int, default=_DEFAULTS.max_age_seconds, help="seconds")
        parser.add_argument("--skew", type=int, default=_DEFAULTS.skew_seconds, help="seconds, 5 to 3600")
        parser.add_argument("--delegate-life", type=int, default=_DEFAULTS.delegate_life_days, help="days")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["anchor"]:
            for line in ocsp_responders.in_words():
                self.stdout.write(line)
            return
        anchor = ocsp_responders.anchor_named(options["anchor"])
        if anchor is None:
            raise CommandError("There is no trusted CA of that ID.")
        _require(options)
        row = ocsp_responders.set_responder(
            anchor.environment,
            anchor=anchor,
            group=options["medium"],
            url=options["url"],
            label=options["label"],
            by=options["by"],
            profile=_profile(options),
        )
        self.stdout.write(f"{row.label}: asked about {options['medium']} certificates of {anchor.subject}")


def _require(options: dict[str, Any]) -> None:
    for name in ("medium", "url", "by"):
        if not options[name]:
            raise CommandError(f"--{name} is needed.")
    if not http.is_address(options["url"]) or len(options["url"]) > 500:
        raise CommandError("--url must be an http or https address in ASCII without a user name.")
    # The responder's clock runs on while we wait for it: less than this and honest answers are of a time to come.
    if not 5 <= options["skew"] <= 3600:
        raise CommandError("--skew must be 5 to 3600 seconds.")
    for name, most in (("max_age", _LONGEST_AGE), ("delegate_life", _LONGEST_LIFE)):
        if not 0 <= options[name] <= most:
            raise CommandError(f"--{name.replace('_', '-')} must be 0 to {most}.")


def _profile(options: dict[str, Any]) -> OcspProfile:
    return OcspProfile(
        cert_id_hash=options["hash"],
        nonce=options["nonce"],
        keeps_answers=options["keep_answers"],
        signs_requests=options["sign"],
        method=options["method"],
        max_age_seconds=options["max_age"],
        skew_seconds=options["skew"],
        delegate_life_days=options["delegate_life"],
    )
