"""What a revision says, and what changed between two."""

from whitelist.messages import content_words
from whitelist.policy import content

PROVIDER = {"name": "サンプル省", "corporate_number": "7000012050002", "legal_basis": "administrative_body"}
DRAFT = {
    "url": "https://typed.example.jp:443/return",
    "kind": "browser",
    "app": {"identifier": "jp.example.left", "fingerprint": ""},
    "purposes": ["user_authentication", "signature"],
    "ways_in": ["qr", "app_link"],
    "purpose_of_use": "Log-in",
    "contacts": {"security": {"email": "security@example.jp"}},
    "measures": {"tls": {"status": "met", "by": "2027-01-01"}, "app_distribution": {"status": "met"}, "gone": {}},
    "accepts_canonical": "https://typed.example.jp/return",
}
# As revisions were made before the measures were asked.
OLD = {
    "application": "WL-2026-000001",
    "provider": PROVIDER,
    "url": "https://typed.example.jp/return",
    "kind": "browser",
    "purposes": ["signature"],
    "ways_in": ["qr"],
    "security_contact": "old@example.jp",
    "purpose_of_use": "Log-in",
    "note": "",
}


def built(**changes):
    draft = {**DRAFT, **changes}
    return content.build(
        application="WL-2026-000002", provider=PROVIDER, url="https://typed.example.jp/return", draft=draft
    )


def test_what_is_built_has_every_key_once_and_in_one_order():
    made = built()
    assert set(made) == {
        *("application", "provider", "acting_operator", "url", "kind", "app", "try_open_redirects"),
        *("purposes", "ways_in", "purpose_of_use", "contacts", "measures"),
        *("evidence", "served_providers", "changes_entry", "note"),
    }
    assert made["purposes"] == ["signature", "user_authentication"]
    assert made["app"] is None
    assert made["measures"] == {"tls": {"status": "met", "by": None, "reason": "", "evidence": []}}
    assert content.read(made) == made


def test_a_revision_of_the_old_shape_is_read_in_the_new_one():
    read = content.read(OLD)
    assert read["contacts"]["security"] == {"email": "old@example.jp", "phone": ""}
    assert "security_contact" not in read
    assert read["measures"] == {}
    assert content.diff(OLD, {**OLD}) == ()
    keys = [found.key for found in content.diff(OLD, built())]
    assert keys == ["purposes", "ways_in", "contacts.security", "measures.tls"]


def test_a_difference_names_its_field_and_has_words():
    found = content.diff(built(), built(kind="app", note="See the paper."))
    assert [difference.key for difference in found] == [
        *("kind", "app.identifier", "measures.app_distribution", "note"),
    ]
    for difference in found:
        assert content_words.label(difference.key)
        assert content_words.words(difference.key, difference.after)


def test_a_value_can_be_replaced_by_its_field_key():
    made = built()
    for key, new in (("url", "https://other.example.jp/"), ("contacts.operations", {"email": "o@example.jp"})):
        changed = content.replaced(made, key, new)
        assert content.value(changed, key) == new
        assert content.value(made, key) != new
    assert [d.key for d in content.diff(made, content.replaced(made, "measures.tls", {"status": "planned"}))] == [
        "measures.tls"
    ]


def test_every_field_has_a_name():
    assert len(set(content.FIELDS)) == len(content.FIELDS)
    assert all(content_words.label(key) for key in content.FIELDS)
