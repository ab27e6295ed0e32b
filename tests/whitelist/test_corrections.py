import pytest

from tests.whitelist.conftest import approve, draft, verdict
from whitelist import applications, reviews
from whitelist.refusals import Overtaken


def test_a_correction_is_answered_by_a_new_revision(submitted, cast, now, commit, mailoutbox):
    with commit():
        reviews.decide(
            submitted, verdict=verdict(submitted, "request_changes", message="末尾の / を…"), by=cast.reiko, at=now
        )
    submitted.refresh_from_db()
    assert submitted.state == "changes_requested"
    assert "末尾の / を…" in mailoutbox[0].body
    changed = applications.save_draft(
        submitted, content=draft(note="mended"), seen_version=submitted.version, by=cast.taro
    )
    revision = applications.submit(changed, seen_version=changed.version, by=cast.taro, at=now)
    assert revision.number == 2
    # Both reviewers may look at the new revision; the editor Taro is one more who may not.
    assert approve(submitted, cast.reiko, now).state == "first_approved"


def test_a_refusal_is_final_and_gives_its_grounds(submitted, cast, now, commit, mailoutbox):
    with commit():
        reviews.decide(
            submitted,
            verdict=verdict(submitted, "refuse", criterion="2-3", message="似た名前です"),
            by=cast.reiko,
            at=now,
        )
    submitted.refresh_from_db()
    assert submitted.state == "refused"
    assert "2-3" in mailoutbox[0].body
    with pytest.raises(Overtaken):
        applications.withdraw(submitted, by=cast.hanako, at=now)


def test_a_withdrawn_application_cannot_be_decided(submitted, cast, now):
    seen = verdict(submitted)
    applications.withdraw(submitted, by=cast.hanako, at=now)
    with pytest.raises(Overtaken):
        reviews.decide(submitted, verdict=seen, by=cast.reiko, at=now)
