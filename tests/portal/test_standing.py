"""What an organisation says about its standing: evidence, a reviewer's word, edits, warnings before an end."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from portal.audit.models import AuditEvent
from portal.providers import confirmation, editing, endings, services
from portal.providers.accreditation import Entitled, jst_day
from portal.providers.models import Accreditation, EndWarning, Membership, ProviderChange
from portal.providers.refusals import Refused
from tests import cast, files, organisations

pytestmark = pytest.mark.django_db
FACTS = {"name": "サンプル省", "name_english": "", "address": "", "contact_email": "", "contact_phone": ""}


def decide(provider, kind, pk, user=None, **answers):
    address = reverse("providers:standing-decide", args=[provider.public_id, kind, pk])
    return cast.browser_of(user or cast.reiko()).post(address, answers)


@pytest.fixture
def certified():
    provider = organisations.provider_of(cast.hanako(), basis="certified_operator")
    answers = {"number": "見本第1号", "valid_from": "2026-01-01", "valid_until": "2099-12-31"}
    answers["evidence"] = SimpleUploadedFile("認定通知書.pdf", files.pdf())
    cast.browser_of(cast.hanako()).post(reverse("providers:accreditation-add"), answers)
    return provider


def test_a_reviewer_sees_the_evidence_and_confirms(certified, django_capture_on_commit_callbacks):
    row = Accreditation.objects.get()
    reviewer = cast.browser_of(cast.reiko())
    page = reviewer.get(reverse("providers:standing-decide", args=[certified.public_id, "certification", row.pk]))
    assert "認定通知書.pdf" in page.content.decode()
    assert reviewer.get(reverse("evidence:download", args=[row.evidence.public_id])).content == files.pdf()
    with django_capture_on_commit_callbacks(execute=True):
        decide(certified, "certification", row.pk, decision="confirm")
    assert isinstance(services.entitlement_now(certified), Entitled)
    assert [message.to for message in mail.outbox] == [["hanako@example.jp"]]
    event = AuditEvent.objects.get(action="accreditation.confirmed")
    assert event.details["evidence"] == row.evidence.sha256


def test_a_wrong_file_is_refused_at_its_field_and_nothing_is_entered():
    organisations.provider_of(cast.hanako(), basis="certified_operator")
    answers = {"number": "1", "valid_from": "2026-01-01", "valid_until": "2099-12-31"}
    answers["evidence"] = SimpleUploadedFile("notice.pdf", files.archive())
    page = cast.browser_of(cast.hanako()).post(reverse("providers:accreditation-add"), answers)
    assert page.context["form"].errors.as_data()["evidence"][0].code == "evidence.unknown_type"
    assert not Accreditation.objects.exists()


def test_a_refusal_gives_its_reason_and_the_certification_can_be_entered_again(
    certified, django_capture_on_commit_callbacks
):
    row = Accreditation.objects.get()
    answer = decide(certified, "certification", row.pk, decision="refuse", reason=" ")
    assert "reason" in answer.context["form"].errors
    with django_capture_on_commit_callbacks(execute=True):
        decide(certified, "certification", row.pk, decision="refuse", reason="番号が一覧にありません。")
    assert "番号が一覧にありません。" in mail.outbox[0].body
    page = cast.browser_of(cast.hanako()).get(reverse("providers:provider-detail")).content.decode()
    assert "番号が一覧にありません。" in page
    decide(certified, "certification", row.pk, decision="confirm")  # a decision is taken once
    assert services.entitlement_now(certified).code == "provider.accreditation_not_confirmed"
    again = services.add_accreditation(
        certified, number="見本第1号", valid_from=date(2026, 1, 1), valid_until=date(2099, 12, 31), by=cast.hanako()
    )
    assert again != row


def test_a_refused_legal_basis_is_looked_at_again_after_a_correction():
    provider = organisations.provider_of(cast.hanako())
    decide(provider, "basis", 0, decision="refuse", reason="名称が登記と違います。")
    assert confirmation.open_questions(provider_again(provider)) == []
    editing.edit(provider, by=cast.hanako(), **{**FACTS, "name": "見本省"})
    assert [question.kind for question in confirmation.open_questions(provider_again(provider))] == ["basis"]


def provider_again(provider):
    return type(provider).objects.get(pk=provider.pk)


@pytest.mark.parametrize("kind", ["basis", "certification", "delegation", "change", "nonsense"])
def test_what_is_not_there_is_not_decided(kind):
    provider = organisations.provider_of(cast.hanako())
    assert decide(provider, kind, 999, decision="confirm").status_code == 404


def test_a_row_of_another_organisation_is_not_there(certified):
    other = organisations.provider_of(cast.jiro(), number=organisations.SECOND_NUMBER)
    assert decide(other, "certification", Accreditation.objects.get().pk, decision="confirm").status_code == 404


def test_nobody_confirms_what_they_belong_to(certified):
    Membership.objects.create(provider=certified, user=cast.renji())
    row = Accreditation.objects.get()
    answer = decide(certified, "certification", row.pk, user=cast.renji(), decision="confirm")
    assert answer.context["form"].non_field_errors()
    with pytest.raises(Refused, match=r"review\.not_a_reviewer"):
        confirmation.confirm(confirmation.find(certified, "certification", row.pk), by=cast.osamu())
    row.refresh_from_db()
    assert row.is_undecided


def test_the_database_knows_no_row_that_is_both_confirmed_and_refused(certified):
    now = timezone.now()
    with pytest.raises(IntegrityError), transaction.atomic():
        Accreditation.objects.update(confirmed_at=now, refused_at=now)


def edit(**facts):
    return cast.browser_of(cast.hanako()).post(reverse("providers:provider-edit"), {**FACTS, **facts})


def test_an_unconfirmed_organisation_changes_at_once_and_the_trail_keeps_digests_only():
    provider = organisations.provider_of(cast.hanako())
    edit(name="見本省", address="東京都千代田区1-1", contact_phone="03-1234-5678")
    provider.refresh_from_db()
    assert (provider.name, provider.address, provider.contact_phone) == ("見本省", "東京都千代田区1-1", "03-1234-5678")
    event = AuditEvent.objects.get(action="provider.edited")
    assert event.after == editing.digest_of(provider) != event.before
    assert "見本省" not in str([event.details, event.before, event.after])


def test_a_confirmed_name_stays_in_force_until_a_reviewer_confirms_the_new():
    provider = organisations.provider_of(cast.hanako())
    services.confirm_basis(provider, by=cast.reiko())
    edit(name="見本省", contact_email="desk@example.jp")
    provider.refresh_from_db()
    assert (provider.name, provider.contact_email) == ("サンプル省", "desk@example.jp")
    assert isinstance(services.entitlement_now(provider), Entitled)
    first = ProviderChange.objects.get()
    edit(name="見本省")  # the same form again
    assert ProviderChange.objects.count() == 1
    edit(name="見本庁")
    first.refresh_from_db()
    assert first.withdrawn_at is not None
    decide(provider, "change", first.pk, decision="confirm")
    provider.refresh_from_db()
    assert provider.name == "サンプル省"
    decide(provider, "change", ProviderChange.objects.latest("id").pk, decision="confirm")
    provider.refresh_from_db()
    assert provider.name == "見本庁"
    event = AuditEvent.objects.get(action="provider.change_confirmed")
    assert event.before != event.after == editing.digest_of(provider)


def test_only_owners_edit_and_the_corporate_number_is_no_field():
    provider = organisations.provider_of(cast.hanako())
    organisations.seat(cast.taro(), provider)
    answer = cast.browser_of(cast.taro()).post(reverse("providers:provider-edit"), {**FACTS, "name": "x"})
    assert answer.status_code == 403
    edit(corporate_number=organisations.SECOND_NUMBER, contact_phone="drop table")
    provider.refresh_from_db()
    assert (provider.corporate_number, provider.contact_phone) == (organisations.SAMPLE_BANK, "")


def ends_in(certified, days):
    Accreditation.objects.update(
        confirmed_at=timezone.now(), valid_until=jst_day(timezone.now()) + timedelta(days=days)
    )


@pytest.mark.parametrize(("days", "number"), [(90, 90), (30, 30), (7, 7), (0, 7)])
def test_owners_are_warned_once_before_an_end(certified, days, number, django_capture_on_commit_callbacks):
    ends_in(certified, days)
    with django_capture_on_commit_callbacks(execute=True):
        assert endings.warn(at=timezone.now()) == 1
        assert endings.warn(at=timezone.now()) == 0
    assert EndWarning.objects.get().days == number
    assert len(mail.outbox) == 1
    assert f"あと{days}日" in mail.outbox[0].subject
    assert f"{days} days left" in mail.outbox[0].subject


def test_a_renewed_certification_is_not_warned_about(certified):
    ends_in(certified, 20)
    row = services.add_accreditation(
        certified, number="2", valid_from=date(2026, 1, 1), valid_until=date(2099, 1, 1), by=cast.hanako()
    )
    services.confirm_accreditation(row, by=cast.reiko())
    assert endings.warn(at=timezone.now()) == 0


def test_both_sides_of_a_delegation_are_warned(django_capture_on_commit_callbacks):
    operator = organisations.platform_operator(cast.jiro())
    provider = organisations.behind(cast.hanako(), operator)
    provider.delegations.update(valid_until=jst_day(timezone.now()) + timedelta(days=7))
    with django_capture_on_commit_callbacks(execute=True):
        assert endings.warn(at=timezone.now()) == 1
    assert {message.to[0] for message in mail.outbox} == {"hanako@example.jp", "jiro@example.jp"}


def test_the_end_is_effective_at_midnight_in_japan(certified):
    Accreditation.objects.update(confirmed_at=timezone.now(), valid_until=date(2026, 11, 30))
    last_second = datetime(2026, 11, 30, 14, 59, 59, tzinfo=UTC)
    assert isinstance(services.entitlement(certified, on=jst_day(last_second)), Entitled)
    over = services.entitlement(certified, on=jst_day(last_second + timedelta(seconds=1)))
    assert over.code == "provider.accreditation_over"


def test_staff_find_organisations_by_name_number_and_what_waits():
    first = organisations.provider_of(cast.hanako())
    second = organisations.provider_of(cast.jiro(), number=organisations.SECOND_NUMBER, name="見本県")
    services.confirm_basis(second, by=cast.reiko())
    client = cast.browser_of(cast.osamu())

    def found(**asked):
        page = client.get(reverse("providers:provider-directory"), asked)
        return [row["provider"] for row in page.context["page"]]

    assert found() == [first, second]
    assert found(q="見本") == [second]
    assert found(q=organisations.SECOND_NUMBER[:6]) == [second]
    assert found(waiting="1") == [first]
    assert found(q="%", page="zzz") == []
