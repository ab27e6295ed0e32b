from portal.mailbox.models import Message
from tests.whitelist.conftest import URL
from whitelist import applications


def test_every_member_gets_a_receipt_in_both_languages(application, cast, now, commit):
    with commit():
        applications.submit(application, seen_version=application.version, by=cast.hanako, at=now)
    assert sorted(Message.objects.values_list("recipient", flat=True)) == ["hanako@example.jp", "taro@example.jp"]
    body = Message.objects.first().body
    assert URL in body
    assert f"/whitelist/applications/{application.public_id}/" in body
    assert "has been received" in body


def test_the_applicants_are_told(published):
    told = Message.objects.filter(body__contains="published").values_list("recipient", flat=True)
    assert sorted(told) == ["hanako@example.jp", "taro@example.jp"]
