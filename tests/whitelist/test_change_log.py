"""The log, its heads, and every version rebuilt from it."""

import hashlib
import json
from datetime import timedelta

import jwt
import pytest
from django.db import DatabaseError, connection, transaction

from portal import merkle
from portal.environments import services as environments
from portal.signing import services as site_keys
from portal.signing.models import SigningKey
from whitelist import heads, ledger, lists, publication, services
from whitelist.models import Entry, ListHead, ListVersion, LogLeaf, TreeHead


def enter(sandbox, cast, path="one", **changes):
    asked = {"purposes": ["signature"], "ways_in": ["qr"], "by": cast.hanako} | changes
    return services.enter_in_sandbox(sandbox, url=f"https://a.example.jp/{path}", **asked)


def publish(sandbox, at):
    edition = publication.prepare_edition(sandbox.pk, at=at)
    with transaction.atomic():
        return publication.publish(edition) if edition else None


def verified(jws, typ):
    header = jwt.get_unverified_header(jws)
    assert header["typ"] == typ
    key = next(key for key in site_keys.jwks()["keys"] if key["kid"] == header["kid"])
    return jwt.decode(jws, jwt.PyJWK(key), algorithms=["ES256"], options={"verify_exp": False, "verify_iat": False})


def changes(sandbox):
    return list(LogLeaf.objects.filter(environment=sandbox).order_by("index").values_list("change", flat=True))


def test_one_leaf_per_change_and_one_per_version(sandbox, cast, now, keys):
    entry = enter(sandbox, cast)
    publish(sandbox, now)
    services.remove_from_sandbox(entry, by=cast.hanako, at=now)
    enter(sandbox, cast, "two")
    version = publish(sandbox, now)
    assert changes(sandbox) == ["key_changed", "entered", "version", "removed", "entered", "version"]
    assert version.changes == {"removed": 1, "entered": 1}
    leaves = [bytes(leaf.digest) for leaf in LogLeaf.objects.order_by("index")]
    assert (version.tree_size, version.tree_root) == (6, merkle.root(leaves).hex())
    assert all(bytes(leaf.digest) == merkle.leaf_hash(leaf.content.encode()) for leaf in LogLeaf.objects.all())


def test_a_suspension_and_its_end_are_told_as_such(sandbox, cast, now, keys):
    entry = enter(sandbox, cast)
    publish(sandbox, now)
    for state in ("suspended", "live"):
        Entry.objects.filter(pk=entry.pk).update(state=state)
        publish(sandbox, now)
    assert changes(sandbox)[3:] == ["suspended", "version", "reinstated", "version"]


def test_each_version_comes_with_a_signed_tree_head(sandbox, cast, now, keys):
    enter(sandbox, cast)
    version = publish(sandbox, now)
    claims = verified(TreeHead.objects.get().jws, "jpki-whitelist-log+jwt")
    assert claims["tree"] == {"size": version.tree_size, "root": version.tree_root}
    assert claims["environment"] == sandbox.public_id


def test_every_version_can_be_rebuilt_and_fits_its_digest(sandbox, cast, now, keys):
    for path in ("one", "two", "three"):
        enter(sandbox, cast, path)
        publish(sandbox, now)
    services.remove_from_sandbox(Entry.objects.first(), by=cast.hanako, at=now)
    publish(sandbox, now)
    for version in ListVersion.objects.order_by("number"):
        payload = lists.document(version)
        assert hashlib.sha256(payload).hexdigest() == version.digest
        assert len(json.loads(payload)["entries"]) == version.entry_count
    assert [v.entry_count for v in ListVersion.objects.order_by("number")] == [1, 2, 3, 2]


@pytest.mark.parametrize("model", [LogLeaf, TreeHead])
@pytest.mark.parametrize("act", ["update", "delete"])
def test_the_database_refuses_to_rewrite_history(sandbox, cast, now, keys, model, act):
    enter(sandbox, cast)
    publish(sandbox, now)
    rows = model.objects.filter(environment=sandbox)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows.update(environment=sandbox) if act == "update" else rows._raw_delete(rows.db)


def test_postgresql_refuses_to_empty_the_log(sandbox, cast, now, keys):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")
    for table in ("whitelist_logleaf", "whitelist_treehead", "whitelist_listversion"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {table} CASCADE")


def test_a_head_is_signed_anew_long_before_it_ends(sandbox, cast, now, keys):
    enter(sandbox, cast)
    publish(sandbox, now)
    assert heads.renew(at=now + timedelta(seconds=199)) is None
    later = now + timedelta(seconds=201)
    heads.renew(at=later)()
    head = ListHead.objects.get()
    assert head.valid_until == later + timedelta(seconds=600)
    claims = verified(head.jws, "jpki-whitelist+jwt")
    assert (claims["iat"], claims["version"]) == (int(later.timestamp()), 1)
    assert ListVersion.objects.count() == 1


def test_a_renewal_never_puts_an_older_version_back(sandbox, cast, now, keys):
    enter(sandbox, cast)
    publish(sandbox, now)
    write = heads.renew(at=now + timedelta(seconds=300))
    enter(sandbox, cast, "two")
    publish(sandbox, now)
    write()
    assert ListHead.objects.get().version.number == 2
    assert verified(ListHead.objects.get().jws, "jpki-whitelist+jwt")["version"] == 2


def test_after_an_hour_of_silence_the_log_is_signed_again(sandbox, cast, now, keys):
    enter(sandbox, cast)
    publish(sandbox, now)
    heads.renew(at=now + timedelta(minutes=56))()
    first, second = TreeHead.objects.order_by("id")
    assert (second.size, second.root) == (first.size, first.root)
    assert verified(second.jws, "jpki-whitelist-log+jwt")["iat"] == int((now + timedelta(minutes=56)).timestamp())


def test_a_new_key_is_announced_in_the_log_by_a_version_of_its_own(sandbox, cast, now, commit, keys):
    enter(sandbox, cast)
    publish(sandbox, now)
    SigningKey.objects.filter(purpose="list").update(not_after=now)
    with commit():
        heads.renew(at=now + timedelta(minutes=5))()
    version = publication.current_version(sandbox)
    assert (version.number, version.changes, version.entry_count) == (2, {"key_changed": 1}, 1)
    leaf = json.loads(LogLeaf.objects.get(change="key_changed", list_version=2).content)
    assert leaf["kid"] == version.kid != leaf["before"]


def test_a_kept_ledger_notices_another_history(sandbox, cast, now, keys):
    with transaction.atomic():
        enter(sandbox, cast, "gone")
        publish(sandbox, now)
        ledger.of(sandbox.pk)
        transaction.set_rollback(True)
    enter(sandbox, cast, "kept")
    version = publish(sandbox, now)
    assert ledger.of(sandbox.pk).root() == version.tree_root


def test_versions_older_than_the_log_stay_readable_and_the_log_begins_after_them(sandbox, cast, now, commit, keys):
    old = '{"entries":[],"environment":"x","iat":1,"iss":"x","previous":null,"version":1}'
    enter(sandbox, cast)
    version = ListVersion.objects.create(
        environment=sandbox, number=1, digest="a" * 64, entry_count=0, document_json=old, jws="x", published_at=now
    )
    assert lists.document(version) == old.encode()
    with commit():
        publication.ask_where_no_head_is()
    newest = publication.current_version(sandbox)
    assert (newest.number, newest.previous_digest, newest.tree_size) == (2, "a" * 64, 3)


def test_production_and_sandboxes_have_logs_of_their_own(published, sandbox, cast, now):
    enter(sandbox, cast)
    publish(sandbox, now)
    production = environments.production()
    assert changes(production) == changes(sandbox) == ["key_changed", "entered", "version"]
    assert ledger.of(production.pk).root() != ledger.of(sandbox.pk).root()
