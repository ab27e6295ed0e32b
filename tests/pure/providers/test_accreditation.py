from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.providers.accreditation import (
    REFUSALS,
    Accreditation,
    Delegation,
    Entitled,
    LegalBasis,
    NotEntitled,
    PlatformOperator,
    Term,
    entitlement,
    jst_day,
    warning_due,
)

DAY = date(2026, 11, 23)
BEFORE, AFTER = DAY - timedelta(days=1), DAY + timedelta(days=1)
LIVE = Term(BEFORE, AFTER)
CONFIRMED = Accreditation(LIVE, confirmed=True)
OPERATOR = PlatformOperator("certified_operator", True, (CONFIRMED,))
ADMINISTRATION, OPERATOR_BASIS, BEHIND = (basis.value for basis in LegalBasis)


def ask(basis, confirmed=False, accreditations=(), delegations=()):
    answer = entitlement(basis, confirmed, accreditations, delegations, on=DAY)
    return answer.code if isinstance(answer, NotEntitled) else answer.basis.value


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        ((ADMINISTRATION, True), ADMINISTRATION),
        ((ADMINISTRATION, False), "provider.not_confirmed"),
        ((ADMINISTRATION, False, (CONFIRMED,)), "provider.not_confirmed"),
        (("", True, (CONFIRMED,)), "provider.basis_unknown"),
        ((OPERATOR_BASIS, True), "provider.no_accreditation"),
        ((OPERATOR_BASIS, False, (CONFIRMED,)), OPERATOR_BASIS),
        ((OPERATOR_BASIS, True, (Accreditation(LIVE, False),)), "provider.accreditation_not_confirmed"),
        ((OPERATOR_BASIS, True, (Accreditation(Term(AFTER), True),)), "provider.accreditation_not_begun"),
        ((OPERATOR_BASIS, True, (Accreditation(Term(BEFORE, BEFORE), True),)), "provider.accreditation_over"),
        ((OPERATOR_BASIS, True, (Accreditation(Term(BEFORE, BEFORE), True), CONFIRMED)), OPERATOR_BASIS),
        ((BEHIND, True, (CONFIRMED,)), "provider.no_delegation"),
        ((BEHIND, False, (), (Delegation(OPERATOR, LIVE, True, True),)), BEHIND),
        ((BEHIND, True, (), (Delegation(OPERATOR, LIVE, False, True),)), "provider.delegation_not_accepted"),
        (
            (BEHIND, True, (), (Delegation(OPERATOR, LIVE, True, False),)),
            "provider.delegation_not_confirmed",
        ),
        ((BEHIND, True, (), (Delegation(OPERATOR, Term(AFTER), True, True),)), "provider.delegation_not_begun"),
        ((BEHIND, True, (), (Delegation(OPERATOR, Term(BEFORE, BEFORE), True, True),)), "provider.delegation_over"),
        (
            (BEHIND, True, (), (Delegation(PlatformOperator(OPERATOR_BASIS, True, ()), LIVE, True, True),)),
            "provider.operator_not_entitled",
        ),
        (
            (BEHIND, True, (), (Delegation(PlatformOperator(BEHIND, True, (CONFIRMED,)), LIVE, True, True),)),
            "provider.operator_not_entitled",
        ),
        (
            (BEHIND, True, (), (Delegation(PlatformOperator(ADMINISTRATION, True, ()), LIVE, True, True),)),
            BEHIND,
        ),
    ],
)
def test_entitlement(arguments, answer):
    assert ask(*arguments) == answer
    assert answer in REFUSALS or answer in set(LegalBasis)


def test_first_and_last_day_count_and_a_declared_end_takes_effect_that_day():
    assert Term(DAY, DAY).includes(DAY)
    assert not Term(DAY, DAY).includes(BEFORE)
    assert not Term(DAY, DAY).includes(AFTER)
    assert not Term(BEFORE, AFTER, ended_on=DAY).includes(DAY)
    assert Term(BEFORE, AFTER, ended_on=AFTER).includes(DAY)
    assert Term(BEFORE).includes(date(2099, 1, 1))


def test_a_day_in_japan_begins_nine_hours_before_utc():
    assert jst_day(datetime(2026, 11, 22, 14, 59, 59, tzinfo=UTC)) == date(2026, 11, 22)
    assert jst_day(datetime(2026, 11, 22, 15, 0, tzinfo=UTC)) == DAY
    with pytest.raises(ValueError):
        jst_day(datetime(2026, 11, 22))


days = st.dates(date(2026, 11, 1), date(2026, 12, 15))
terms = st.builds(Term, days, st.none() | days, st.none() | days)
accreditations = st.lists(st.builds(Accreditation, terms, st.booleans()), max_size=3)
bases = st.sampled_from([*(basis.value for basis in LegalBasis), "", "other"])
operators = st.builds(PlatformOperator, bases, st.booleans(), accreditations.map(tuple))
delegations = st.lists(st.builds(Delegation, operators, terms, st.booleans()), max_size=3)


@given(bases, st.booleans(), accreditations, delegations)
def test_nobody_is_entitled_by_silence(basis, confirmed, held, delegated):
    answer = entitlement(basis, confirmed, held, delegated, on=DAY)
    if isinstance(answer, NotEntitled):
        assert answer.code in REFUSALS
        return
    assert isinstance(answer, Entitled)
    assert answer.basis == basis
    live = [a for a in held if a.confirmed and a.term.includes(DAY)]
    through = [d for d in delegated if d.accepted and d.term.includes(DAY)]
    assert {ADMINISTRATION: confirmed, OPERATOR_BASIS: bool(live), BEHIND: bool(through)}[basis]


@given(bases, st.booleans(), accreditations, delegations)
def test_an_end_today_ends_it_today(basis, confirmed, held, delegated):
    ended = [Accreditation(Term(a.term.first_day, a.term.last_day, DAY), a.confirmed) for a in held]
    if basis == OPERATOR_BASIS:
        assert isinstance(entitlement(basis, confirmed, ended, delegated, on=DAY), NotEntitled)


@pytest.mark.parametrize(
    ("left", "given", "due"),
    [
        (91, set(), None),
        (90, set(), 90),
        (89, {90}, None),
        (31, {90}, None),
        (30, {90}, 30),
        (20, set(), 30),  # entered late: one warning, not two
        (20, {90, 30}, None),
        (7, {90, 30}, 7),
        (0, {90, 30}, 7),  # the last day itself still counts
        (0, {90, 30, 7}, None),
        (-1, set(), None),
    ],
)
def test_warnings_are_due_once_at_90_30_and_7_days(left, given, due):
    last_day = date(2026, 12, 31)
    assert warning_due(last_day, on=last_day - timedelta(days=left), given=given) == due
