"""Check a portal's whitelist and its change log from outside: published keys and published files, nothing else.

    python examples/verify_list.py --site https://portal.example.jp --keep heads.json
    python examples/verify_list.py --folder downloaded --keep heads.json

Needs Python 3.11 and the packages pyjwt and cryptography; no settings and no database of the portal. A folder holds
`jwks.json`, `head.json`, `leaves.json` and `document.json` as --save wrote them. With --keep, the signed heads of
earlier runs are kept in a file and checked against today's log; send that file to others, and check theirs.

What is checked: the signatures of both heads; that the leaves make the signed root (RFC 9162 section 2.1.1); that
replaying the leaves gives every version its published digest, each naming the one before; that the current document
has the signed digest; that every kept head is a beginning of today's log. What is found has a code:

    head.bad_signature   a head that no published key of its purpose signed
    list.ended           the head of the list is past its end
    log.tampered         a leaf is not what was hashed, or stands in the wrong place
    log.cut_off          there are fewer leaves than a signed head says, now or earlier
    log.split_view       two validly signed heads of one size have different roots
    log.rewritten        an earlier head is not a beginning of today's log
    list.tampered        the document, or a version replayed from the log, has another digest than was signed

The exit code is 0 when nothing is found, 1 when something is, 2 when the files cannot be had.
"""

import argparse
import hashlib
import json
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import jwt

LEAVES_AT_ONCE = 1000


class Finding(Exception):
    """Something is wrong with what was published. `code` is one of those above."""

    def __init__(self, code, words):
        super().__init__(f"{code}: {words}")
        self.code = code


# --- getting the files ---


def download(site):
    """Everything that is checked, from a running portal."""
    head = get_json(f"{site}/api/v1/whitelist/log/head")
    leaves, size = [], head["tree"]["size"]
    while len(leaves) < size:
        page = get_json(f"{site}/api/v1/whitelist/log/leaves?start={len(leaves)}&end={size}")["leaves"]
        if not page:
            break
        leaves += page
    document = get(f"{site}/whitelist/list/{head['list']['version']}/document/")
    return {
        "jwks": get_json(f"{site}/.well-known/jwks.json"),
        "head": head,
        "leaves": leaves,
        "document": document.decode(),
    }


def get(url):
    if not url.startswith(("http://", "https://")):
        raise ValueError("only http and https")
    with urllib.request.urlopen(url, timeout=30) as answer:
        return answer.read()


def get_json(url):
    return json.loads(get(url))


def read(folder):
    names = ("jwks", "head", "leaves")
    found = {name: json.loads((Path(folder) / f"{name}.json").read_text()) for name in names}
    return {**found, "document": (Path(folder) / "document.json").read_text()}


def save(published, folder):
    Path(folder).mkdir(parents=True, exist_ok=True)
    for name, content in published.items():
        text = content if name == "document" else json.dumps(content, ensure_ascii=False)
        (Path(folder) / f"{name}.json").write_text(text)


# --- signatures ---


def claims_of(jws, keys, *, purpose, typ):
    """The claims of a head that a published key of this purpose signed. Ends are judged by the caller."""
    try:
        header = jwt.get_unverified_header(jws)
        key = next(key for key in keys if key["kid"] == header["kid"] and key["purpose"] == purpose)
        options = {"verify_exp": False, "verify_iat": False}
        claims = jwt.decode(jws, jwt.PyJWK(key), algorithms=["ES256"], options=options)
    except (jwt.PyJWTError, StopIteration, KeyError) as error:
        raise Finding("head.bad_signature", f"the {purpose} head ({type(error).__name__})") from None
    if header.get("typ") != typ:
        raise Finding("head.bad_signature", f"the {purpose} head is of another kind: {header.get('typ')}")
    return claims


# --- the tree ---


def leaf_hash(content):
    return hashlib.sha256(b"\x00" + content.encode()).digest()


def roots_at(hashes, sizes):
    """The root of the first n leaves, for every n of `sizes`, in one walk: the peaks stand for complete subtrees."""
    found, peaks = {0: hashlib.sha256(b"").hexdigest()}, []
    for count, hashed in enumerate(hashes, start=1):
        peaks.append(hashed)
        for _ in range((count & -count).bit_length() - 1):
            right, left = peaks.pop(), peaks.pop()
            peaks.append(hashlib.sha256(b"\x01" + left + right).digest())
        if count in sizes:
            root = peaks[-1]
            for left in reversed(peaks[:-1]):
                root = hashlib.sha256(b"\x01" + left + root).digest()
            found[count] = root.hex()
    return found


# --- the list that the log adds up to ---


def replay(leaves, environment):
    """Check every leaf's place and every version's digest; answers the last version's number and digest."""
    entries, version, digest = {}, 0, None
    for index, content in enumerate(leaves):
        leaf = json.loads(content)
        if leaf["index"] != index or leaf["environment"] != environment:
            raise Finding("log.tampered", f"leaf {index} is out of its place")
        if leaf["change"] in {"entered", "reinstated", "changed"}:
            entries[leaf["entry"]["id"]] = leaf["entry"]
        elif leaf["change"] in {"removed", "suspended"}:
            entries.pop(leaf["entry_id"], None)
        elif leaf["change"] == "version":
            if digest is not None and (leaf["previous"] != digest or leaf["version"] != version + 1):
                raise Finding("list.tampered", f"version {leaf['version']} does not follow version {version}")
            version, digest = leaf["version"], leaf["digest"]
            if hashlib.sha256(document_of(leaf, entries, environment)).hexdigest() != digest:
                raise Finding("list.tampered", f"version {version} is not what the log adds up to")
    return version, digest


def document_of(leaf, entries, environment):
    """The canonical JSON (RFC 8785; everything in it is ASCII) of the version that this leaf publishes."""
    document = {
        "environment": environment,
        "version": leaf["version"],
        "previous": leaf["previous"],
        "published_at": leaf["at"],
        "entries": sorted(entries.values(), key=lambda entry: entry["url"]),
    }
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


# --- all of it ---


def check(published, kept, *, now):
    """Raise the first Finding; answers what was checked, in words."""
    keys, head, leaves = published["jwks"]["keys"], published["head"], published["leaves"]
    log = claims_of(head["statement"], keys, purpose="log", typ="jpki-whitelist-log+jwt")
    listed = claims_of(head["list"]["statement"], keys, purpose="list", typ="jpki-whitelist+jwt")
    earlier = [claims_of(jws, keys, purpose="log", typ="jpki-whitelist-log+jwt") for jws in kept]
    environment, size = log["environment"], log["tree"]["size"]
    earlier = [old for old in earlier if old["environment"] == environment]
    heads = [*earlier, log, {"tree": listed["tree"]}]
    must_agree(heads)
    for old in heads:
        if old["tree"]["size"] > len(leaves):
            raise Finding("log.cut_off", f"{len(leaves)} leaves, but a signed head says {old['tree']['size']}")
    roots = roots_at([leaf_hash(leaf) for leaf in leaves[:size]], {each["tree"]["size"] for each in heads})
    if roots.get(size) != log["tree"]["root"]:
        raise Finding("log.tampered", "the leaves do not make the signed root")
    for old in heads:
        if old["tree"]["size"] > size:
            raise Finding("log.cut_off", f"today's log is shorter than an earlier head says: {old['tree']['size']}")
        if roots[old["tree"]["size"]] != old["tree"]["root"]:
            raise Finding("log.rewritten", f"the head of size {old['tree']['size']} is not a beginning of this log")
    version, digest = replay(leaves[:size], environment)
    if (version, digest) != (listed["version"], listed["digest"]):
        raise Finding("list.tampered", "the signed head of the list is not the last version of the log")
    if hashlib.sha256(published["document"].encode()).hexdigest() != digest:
        raise Finding("list.tampered", "the document has another digest than was signed")
    if now >= listed["exp"]:
        raise Finding("list.ended", f"the head of the list ended {int(now - listed['exp'])} seconds ago")
    return f"{environment}: version {version}, {size} leaves, {len(earlier)} earlier heads: all as signed"


def must_agree(heads):
    """No two signed heads of one size may name different roots."""
    known = {}
    for head in heads:
        size, root = head["tree"]["size"], head["tree"]["root"]
        if known.setdefault(size, root) != root:
            raise Finding("log.split_view", f"two signed heads of size {size}: {known[size]} and {root}")


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--site", help="address of the portal")
    source.add_argument("--folder", help="folder with downloaded files")
    parser.add_argument("--keep", help="file of signed tree heads seen before; today's is added when all is well")
    parser.add_argument("--save", help="folder to write the downloaded files to")
    given = parser.parse_args(arguments)
    try:
        published = download(given.site.rstrip("/")) if given.site else read(given.folder)
        kept = json.loads(Path(given.keep).read_text()) if given.keep and Path(given.keep).exists() else []
    except (OSError, ValueError, KeyError, urllib.error.URLError) as error:
        print(f"cannot be had: {error}", file=sys.stderr)
        return 2
    if given.save:
        save(published, given.save)
    try:
        print(check(published, kept, now=time.time()))
    except Finding as finding:
        print(finding, file=sys.stderr)
        return 1
    except (KeyError, TypeError, ValueError) as error:
        print(f"log.tampered: not in the form that is published ({error!r})", file=sys.stderr)
        return 1
    if given.keep:
        heads = [*kept, *(jws for jws in [published["head"]["statement"]] if jws not in kept)]
        Path(given.keep).write_text(json.dumps(heads, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
