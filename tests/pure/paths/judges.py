"""Two validators of other hands over the same bytes at the same moment: the `openssl` command and
pyhanko-certvalidator."""

import asyncio
import logging
import subprocess
from collections.abc import Iterable
from pathlib import Path

from asn1crypto import crl as asn1_crl
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import RevokedError, ValidationError
from pyhanko_certvalidator.policy_decl import PKIXValidationParams

from tests.pure.paths.made import NOW
from tests.pure.paths.scenarios import ROOT, Built
from verifier.pki.oids import ANY_POLICY

ACCEPT, REVOKED, REJECT = "accept", "revoked", "reject"

# It logs every signer of a list that it could not find, with its traceback.
logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)


def openssl(built: Built, folder: Path) -> str:
    """What `openssl verify` says."""
    scenario = built.scenario
    files = {
        "anchor": _certificates([ROOT.encoded]),
        "holder": _certificates([built.holder.encoded]),
        "others": _certificates(item.encoded for item in built.intermediates),
        "lists": b"".join(x509.load_der_x509_crl(item).public_bytes(Encoding.PEM) for item in built.lists),
    }
    for label, data in files.items():
        (folder / label).write_bytes(data)
    command = ["openssl", "verify", "-attime", str(int(NOW.timestamp())), "-CAfile", str(folder / "anchor")]
    command += ["-crl_check_all", "-extended_crl", "-policy_check"]
    command += ["-untrusted", str(folder / "others")] if built.intermediates else []
    command += ["-CRLfile", str(folder / "lists")] if built.lists else []
    command += [word for policy in scenario.initial_policies for word in ("-policy", policy)]
    command += ["-explicit_policy"] if scenario.explicit_policy else []
    command += ["-inhibit_map"] if scenario.inhibit_mapping else []
    command += ["-inhibit_any"] if scenario.inhibit_any else []
    done = subprocess.run([*command, str(folder / "holder")], capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return ACCEPT
    return REVOKED if "error 23 at" in done.stderr else REJECT


def certvalidator(built: Built) -> str:
    """What pyhanko-certvalidator says."""
    scenario = built.scenario
    others = [asn1_x509.Certificate.load(item.encoded) for item in built.intermediates]
    context = ValidationContext(
        trust_roots=[asn1_x509.Certificate.load(ROOT.encoded)],
        other_certs=others,
        crls=[asn1_crl.CertificateList.load(item) for item in built.lists],
        allow_fetching=False,
        moment=NOW,
        revocation_mode="require",
    )
    wanted = ("any_policy" if policy == ANY_POLICY else policy for policy in scenario.initial_policies)
    parameters = PKIXValidationParams(
        user_initial_policy_set=frozenset(wanted),
        initial_explicit_policy=scenario.explicit_policy,
        initial_policy_mapping_inhibit=scenario.inhibit_mapping,
        initial_any_policy_inhibit=scenario.inhibit_any,
    )
    holder = asn1_x509.Certificate.load(built.holder.encoded)
    validator = CertificateValidator(holder, others, validation_context=context, pkix_params=parameters)
    try:
        asyncio.run(validator.async_validate_path())
    except RevokedError:
        return REVOKED
    except ValidationError:
        return REJECT
    return ACCEPT


def _certificates(encoded: Iterable[bytes]) -> bytes:
    return b"".join(x509.load_der_x509_certificate(item).public_bytes(Encoding.PEM) for item in encoded)
