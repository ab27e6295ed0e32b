"""From the second approval to the signed list."""

import hashlib
import json
import uuid

import jwt
import pytest

from portal.environments import services as environments
from portal.signing import services as site_keys
from tests.whitelist.conftest import URL, approve, draft
from whitelist import applications, lists, publication, services
from whitelist.models import Entry, ListVersion
from whitelist.refusals import Refused


def public_key(jws):
    kid = jwt.get_unverified_header(jws)["kid"]
    jwk = next(key for key in site_keys.jwks()["keys"] if key["kid"] == kid)
    return jwt.PyJWK(jwk)


def test_the_second_approval_makes_the_entry_and_publishes_it(published, cast):
    entry = Entry.objects.get()
    version = ListVersion.objects.get()
    assert (published.state, published.published_in) == ("published", version)
    assert (entry.first_approver, entry.second_approver) == (cast.reiko, cast.renji)
    assert (bytes(entry.url), entry.provider) == (URL.encode(), cast.bank)
    assert services.lookup(environments.production(), URL.encode()).entry.public_id == entry.public_id


def test_the_list_verifies_with_the_published_keys(published):
    version = ListVersion.objects.get()
    claims = jwt.decode(version.jws, public_key(version.jws), algorithms=["ES256"], options={"verify_iat": False})
    document = lists.document(version)
    assert claims["digest"] == version.digest == hashlib.sha256(document).hexdigest()
    assert (claims["version"], claims["entries"], claims["environment"]) == (1, 1, "env_production")
    assert claims["tree"] == {"size": version.tree_size, "root": version.tree_root}
    assert claims["exp"] - claims["iat"] == 600
    assert jwt.get_unverified_header(version.jws)["typ"] == "jpki-whitelist+jwt"
    assert [entry["url"] for entry in json.loads(document)["entries"]] == [URL]
    assert [entry["ways_in"] for entry in json.loads(document)["entries"]] == [["app_link", "qr"]]


def test_production_does_not_answer_before_publication(submitted, cast, now):
    approve(submitted, cast.reiko, now)
    approve(submitted, cast.renji, now)
    assert submitted.state == "approved"
    assert Entry.objects.count() == 1
    assert services.lookup(environments.production(), URL.encode()).entry is None


def test_an_unchanged_list_makes_no_new_version(published, now):
    assert publication.prepare_edition(environments.production().pk, at=now) is None


def test_an_edition_that_was_overtaken_is_not_recorded(sandbox, cast, now, keys):
    def enter(path):
        return services.enter_in_sandbox(
            sandbox, url=f"https://a.example.jp/{path}", purposes=["signature"], ways_in=["qr"], by=cast.hanako
        )

    enter("one")
    edition = publication.prepare_edition(sandbox.pk, at=now)
    enter("two")
    assert publication.publish(edition) is None
    assert ListVersion.objects.count() == 0


def test_versions_name_the_one_before(sandbox, cast, commit, keys):
    for path in ("one", "two"):
        with commit():
            services.enter_in_sandbox(
                sandbox, url=f"https://a.example.jp/{path}", purposes=["signature"], ways_in=["qr"], by=cast.hanako
            )
    first, second = ListVersion.objects.order_by("number")
    assert json.loads(lists.document(second))["previous"] == second.previous_digest == first.digest


def test_a_url_that_is_live_already_cannot_be_approved_again(published, cast, now):
    again = applications.start_application(cast.other, form_key=uuid.uuid4(), content=draft(), by=cast.jiro)
    assert "entry.already_listed" in applications.submission_refusals(again, at=now)
    with pytest.raises(Refused):
        applications.submit(again, seen_version=again.version, by=cast.jiro, at=now)
