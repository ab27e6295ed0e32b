"""Signature values against NIST's vectors, against OpenSSL, and against everything that lenient readers have taken."""

import hashlib
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.pure.pki.forge import MESSAGE, raw_block_signature, rsa_key
from tests.pure.validation.response_files import records
from verifier.pki import der
from verifier.pki.algorithms import algorithm_of
from verifier.pki.signature_schemes import RSA_PKCS1_SHA256, RSA_SCHEMES, SCHEMES, Family, SignatureScheme
from verifier.validation.diagnosis import diagnose
from verifier.validation.message_signature import MessageSignature
from verifier.validation.rsa_keys import usable_rsa_key
from verifier.validation.signature_value import HASHES, Content, verifies

CURVES = {"secp256r1": ec.SECP256R1(), "secp384r1": ec.SECP384R1()}
INFO = {
    "sha256": bytes.fromhex("3031300d060960864801650304020105000420"),
    "sha384": bytes.fromhex("3041300d060960864801650304020205000430"),
    "sha512": bytes.fromhex("3051300d060960864801650304020305000440"),
}
ALL = [pytest.param(row, id=name) for name, row in SCHEMES.items()]


@cache
def curve_key(curve: str) -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(CURVES[curve])


def key_for(row: SignatureScheme) -> Any:
    return curve_key(row.curve) if row.curve else rsa_key("holder")


def made(row: SignatureScheme, message: bytes = MESSAGE) -> bytes:
    algorithm = HASHES[row.digest]
    if row.curve:
        return curve_key(row.curve).sign(message, ec.ECDSA(algorithm))
    chosen: Any = padding.PKCS1v15()
    if row.family is Family.RSA_PSS:
        chosen = padding.PSS(padding.MGF1(algorithm), row.digest_bytes)
    return rsa_key("holder").sign(message, chosen, algorithm)


def a_holder(row: SignatureScheme) -> Any:
    """What the check reads of a certificate whose key is one for that scheme."""
    key = key_for(row).public_key()
    return SimpleNamespace(public_key=key, key_algorithm=algorithm_of(key))


def outcome(
    signature: bytes, row: SignatureScheme = RSA_PKCS1_SHA256, message: bytes = MESSAGE, **form: Any
) -> tuple[str, Any]:
    holder: Any = a_holder(row)
    got = MessageSignature(signature, message, row, **form).check(holder, frozenset(SCHEMES.values()))
    return got.code, got.looked_at.get("found")


# --- the vectors of NIST --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "good", "bad"), [("RSA/FIPS_186-2/SigVer15_186-3.rsp", 6, 20), ("RSA/SigVer15EMTest.txt", 0, 9)]
)
def test_nist_pkcs1_v1_5(name: str, good: int, bad: int) -> None:
    seen = {"P": 0, "F": 0}
    for record in records(name):
        row = SCHEMES.get(f"rsa_pkcs1_{record['SHAAlg'].lower()}")
        key = rsa.RSAPublicNumbers(int(record["e"], 16), int(record["n"], 16)).public_key()
        if row is None or usable_rsa_key(key) is None:
            continue
        expected = record["Result"][0]
        got = verifies(key, bytes.fromhex(record["S"]), Content(bytes.fromhex(record["Msg"])), row)
        assert got is (expected == "P"), record["Result"]
        seen[expected] += 1
    assert seen["P"] >= good
    assert seen["F"] >= bad


def test_nist_ecdsa() -> None:
    seen = {"P": 0, "F": 0}
    names = {"P-256": "secp256r1", "P-384": "secp384r1"}
    for record in records("ECDSA/FIPS_186-3/SigVer.rsp"):
        curve, _, digest = record["group"].partition(",")
        row = SCHEMES.get(f"ecdsa_{names.get(curve)}_{digest.replace('-', '').lower()}")
        if row is None or row.curve is None:
            continue
        try:
            numbers = ec.EllipticCurvePublicNumbers(int(record["Qx"], 16), int(record["Qy"], 16), CURVES[row.curve])
            key = numbers.public_key()
        except ValueError:
            continue  # "Q changed" to a point off the curve: no such key can be had
        signature = encode_dss_signature(int(record["R"], 16), int(record["S"], 16))
        got = verifies(key, signature, Content(bytes.fromhex(record["Msg"])), row)
        assert got is (record["Result"][0] == "P"), record
        seen[record["Result"][0]] += 1
    assert seen["P"] >= 15
    assert seen["F"] >= 40


def test_nist_pss_with_a_short_salt_is_not_our_scheme() -> None:
    """Their salts have ten octets: good signatures, and refused, because the scheme says how long a salt is."""
    for record in records("RSA/FIPS_186-2/SigVerPSS_186-3.rsp"):
        row = SCHEMES.get(f"rsa_pss_rsae_{record['SHAAlg'].lower()}")
        key = rsa.RSAPublicNumbers(int(record["e"], 16), int(record["n"], 16)).public_key()
        if row is None or usable_rsa_key(key) is None:
            continue
        signature, content = bytes.fromhex(record["S"]), Content(bytes.fromhex(record["Msg"]))
        assert not verifies(key, signature, content, row)
        if record["Result"][0] == "P":
            assert diagnose(key, signature, content, row) == "rsa_pss"


# --- OpenSSL, both ways ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", ALL)
def test_openssl_signs_and_we_verify_and_the_other_way_round(row: SignatureScheme, tmp_path: Path) -> None:
    key = key_for(row)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "key.pem").write_bytes(pem)
    (tmp_path / "message").write_bytes(MESSAGE)
    options = []
    if row.family is Family.RSA_PSS:
        options = ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:digest"]
    call = ["openssl", "dgst", f"-{row.digest}", *options]

    subprocess.run([*call, "-sign", "key.pem", "-out", "theirs", "message"], cwd=tmp_path, check=True)
    assert outcome((tmp_path / "theirs").read_bytes(), row) == ("ok", None)
    digest = hashlib.new(row.digest, MESSAGE).digest()
    assert outcome((tmp_path / "theirs").read_bytes(), row, digest, is_digest=True) == ("ok", None)

    (tmp_path / "ours").write_bytes(made(row))
    said = subprocess.run(
        [*call, "-prverify", "key.pem", "-signature", "ours", "message"], cwd=tmp_path, capture_output=True
    )
    assert said.stdout == b"Verified OK\n"


# --- what lenient readers have taken ------------------------------------------------------------------------------


def digest_info(digest: str) -> bytes:
    return INFO[digest] + hashlib.new(digest, MESSAGE).digest()


def block(payload: bytes, *, filling: int | None = None, head: bytes = b"\x00\x01", behind: bytes = b"") -> bytes:
    """A signature of the holder's over any block whatever."""
    count = 256 - 3 - len(payload) if filling is None else filling
    data = (head + b"\xff" * count + b"\x00" + payload + behind).ljust(256, b"\x00")
    numbers = rsa_key("holder").private_numbers()
    return pow(int.from_bytes(data, "big"), numbers.d, numbers.public_numbers.n).to_bytes(256, "big")


INFO_OF_MESSAGE = digest_info("sha256")
digest_of_message = hashlib.sha256(MESSAGE).digest()
LENIENT: dict[str, tuple[bytes, str]] = {
    "without the NULL": (
        block(bytes.fromhex("302f300b0609608648016503040201") + b"\x04\x20" + digest_of_message),
        "bad",
    ),
    "length in two octets": (block(b"\x30\x81\x31" + INFO_OF_MESSAGE[2:]), "bad"),
    "length of the inner sequence in two": (block(b"\x30\x32\x30\x81\x0d" + INFO_OF_MESSAGE[4:]), "bad"),
    "rubbish in the NULL": (
        block(b"\x30\x35\x30\x11" + INFO_OF_MESSAGE[4:15] + b"\x05\x04abcd" + INFO_OF_MESSAGE[17:]),
        "bad",
    ),
    "rubbish behind the hash": (block(INFO_OF_MESSAGE, filling=100, behind=b"\x5a" * 102), "bad"),
    "rubbish inside the sequence": (block(b"\x30\x37" + INFO_OF_MESSAGE[2:] + b"\x04\x04abcd"), "bad"),
    "eight octets of padding": (block(INFO_OF_MESSAGE, filling=8), "bad"),
    "padding of zeros": (block(INFO_OF_MESSAGE, head=b"\x00\x00"), "mismatch"),
    "block type 2": (block(INFO_OF_MESSAGE, head=b"\x00\x02"), "mismatch"),
    "no padding at all": (block(INFO_OF_MESSAGE, filling=0), "mismatch"),
}


@pytest.mark.parametrize("words", LENIENT)
def test_a_lenient_block_is_refused(words: str) -> None:
    signature, kind = LENIENT[words]
    assert outcome(signature)[0] == ("sig.bad_encoding" if kind == "bad" else "sig.mismatch")


def test_a_cube_root_is_no_signature() -> None:
    """Bleichenbacher 2006: with the exponent 3 and a reader who stops behind the hash, a cube root will do."""
    key = rsa.generate_private_key(3, 3072).public_key()
    head = b"\x00\x01\xff\xff\xff\xff\xff\xff\xff\xff\x00" + INFO_OF_MESSAGE
    target = int.from_bytes(head.ljust(384, b"\xff"), "big")
    root = _cube_root(target)
    assert (root**3).to_bytes(384, "big").startswith(head)
    content = Content(MESSAGE)
    assert not verifies(key, root.to_bytes(384, "big"), content, RSA_PKCS1_SHA256)
    assert diagnose(key, root.to_bytes(384, "big"), content, RSA_PKCS1_SHA256) == "irregular_digest_info"


def _cube_root(value: int) -> int:
    low, high = 0, 1 << (value.bit_length() // 3 + 2)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if middle**3 <= value else (low, middle - 1)
    return low


def with_integers(r: bytes, s: bytes, behind: bytes = b"") -> bytes:
    return der.encode(der.SEQUENCE, der.encode(der.INTEGER, r) + der.encode(der.INTEGER, s) + behind)


def ecdsa_forms() -> dict[str, tuple[bytes, str]]:
    row = SCHEMES["ecdsa_secp256r1_sha256"]
    signature = made(row)
    r, s = decode_dss_signature(signature)
    octets = [number.to_bytes(33, "big").lstrip(b"\x00") for number in (r, s)]
    signed = [b"\x00" + item if item[0] & 0x80 else item for item in octets]
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    return {
        "r and s side by side": (r.to_bytes(32, "big") + s.to_bytes(32, "big"), "raw_r_and_s"),
        "a zero in front": (with_integers(b"\x00" + signed[0], signed[1]), "not_strict_der"),
        "negative": (with_integers(signed[0], octets[1] if octets[1][0] & 0x80 else b"\xff"), "not_strict_der"),
        "long length": (b"\x30\x81" + signature[1:], "not_strict_der"),
        "behind the sequence": (signature + b"\x00", "not_strict_der"),
        "inside the sequence": (with_integers(*signed, b"\x05\x00"), "not_strict_der"),
        "s and the order": (encode_dss_signature(r, s + order), "not_strict_der"),
        "zero": (with_integers(b"\x00", signed[1]), "not_strict_der"),
        "empty": (b"", "not_strict_der"),
        "cut": (signature[:-1], "not_strict_der"),
    }


@pytest.mark.parametrize("words", ecdsa_forms())
def test_an_ecdsa_signature_has_one_form(words: str) -> None:
    signature, found = ecdsa_forms()[words]
    assert outcome(signature, SCHEMES["ecdsa_secp256r1_sha256"]) == ("sig.bad_encoding", found)


# --- mistakes are named -----------------------------------------------------------------------------------------------


def hashed(digest: str, data: bytes = MESSAGE) -> bytes:
    return hashlib.new(digest, data).digest()


@pytest.mark.parametrize("digest", INFO)
def test_a_bare_hash_is_named_for_every_hash(digest: str) -> None:
    row = SCHEMES[f"rsa_pkcs1_{digest}"]
    signature = raw_block_signature("holder", hashed(digest))
    assert outcome(signature, row) == ("sig.no_digestinfo", "bare_hash")
    assert outcome(signature, row, hashed(digest), is_digest=True) == ("sig.no_digestinfo", "bare_hash")


@pytest.mark.parametrize("row", ALL)
def test_a_hash_that_was_hashed_again_is_named(row: SignatureScheme) -> None:
    digest = hashed(row.digest)
    twice = made(row, digest)
    if row.family is not Family.RSA_PSS:
        assert outcome(twice, row) == ("sig.hashed_twice", "hash_of_hash")
        assert outcome(made(row), row, digest) == ("sig.message_is_digest", "message_as_digest")
    assert outcome(twice, row)[0] != "ok"
    assert outcome(made(row), row, digest)[0] != "ok"


def test_another_scheme_than_the_one_asked_for_is_refused_and_named() -> None:
    pkcs1, pss = SCHEMES["rsa_pkcs1_sha256"], SCHEMES["rsa_pss_rsae_sha256"]
    assert outcome(made(pss), pkcs1) == ("sig.other_scheme", "rsa_pss")
    assert outcome(made(pkcs1), pss) == ("sig.other_scheme", "rsa_pkcs1")
    assert outcome(made(SCHEMES["rsa_pkcs1_sha512"]), pkcs1) == ("sig.other_scheme", "other_hash_algorithm")
    p256, longer = SCHEMES["ecdsa_secp256r1_sha256"], SCHEMES["ecdsa_secp256r1_sha384"]
    assert outcome(made(longer), p256) == ("sig.other_scheme", "other_hash_algorithm")


@pytest.mark.parametrize(
    "sign",
    [
        lambda: padding.PSS(padding.MGF1(hashes.SHA256()), 20),
        lambda: padding.PSS(padding.MGF1(hashes.SHA256()), 0),
        lambda: padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.MAX_LENGTH),
        lambda: padding.PSS(padding.MGF1(hashes.SHA1()), 32),
    ],
    ids=["salt of 20", "no salt", "longest salt", "mask with SHA-1"],
)
def test_a_pss_salt_or_mask_of_another_kind_is_refused(sign: Callable[[], Any]) -> None:
    signature = rsa_key("holder").sign(MESSAGE, sign(), hashes.SHA256())
    assert outcome(signature, SCHEMES["rsa_pss_rsae_sha256"])[0] in ("sig.other_scheme", "sig.mismatch")


def test_sha_1_has_a_code_of_its_own() -> None:
    signature = rsa_key("holder").sign(MESSAGE, padding.PKCS1v15(), hashes.SHA1())
    assert outcome(signature) == ("sig.sha1", "sha1")


def test_a_scheme_that_is_not_allowed_for_the_kind_is_not_tried() -> None:
    row = SCHEMES["ecdsa_secp256r1_sha256"]
    holder: Any = a_holder(row)
    assert MessageSignature(made(row), MESSAGE, row).check(holder, RSA_SCHEMES).code == "sig.scheme_not_allowed"
    other: Any = a_holder(RSA_PKCS1_SHA256)
    assert MessageSignature(made(row), MESSAGE, row).check(other, frozenset((row,))).code == "sig.other_key"


@pytest.mark.parametrize("row", ALL)
def test_a_hash_of_another_length_is_no_digest(row: SignatureScheme) -> None:
    for octets in (b"", b"\x00" * 20, hashed(row.digest) + b"\x00"):
        assert outcome(made(row), row, octets, is_digest=True)[0] != "ok"
