from tests.whitelist.conftest import URL
from whitelist import applications


def test_every_member_gets_a_receipt_in_both_languages(application, cast, now, commit, mailoutbox):
    with commit():
        applications.submit(application, seen_version=application.version, by=cast.hanako, at=now)
    assert sorted(mail.to for mail in mailoutbox) == [["hanako@example.jp"], ["taro@example.jp"]]
    body = mailoutbox[0].body
    assert URL in body
    assert f"http://localhost:8000/whitelist/applications/{application.public_id}/" in body
    assert "has been received" in body


def test_the_applicants_are_told_of_the_publication(published, mailoutbox):
    told = [mail.to for mail in mailoutbox if "approved by two reviewers and published" in mail.body]
    assert sorted(told) == [["hanako@example.jp"], ["taro@example.jp"]]
