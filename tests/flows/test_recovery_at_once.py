"""Operators, the person and the worker act on one recovery in the same second, on PostgreSQL: the rule of two holds."""

import pytest

from tests import servers
from tests.flows.scenes import scene

# A confirmed recovery can still be stopped or refused: there both are done, if the confirmation was the quicker one.
BOTH_MAY = {"confirm-refuse", "confirm-stop"}
TOLD = {"recovery.over", "recovery.proposed_already", "recovery.confirmed_already", "nothing to do"}


@pytest.fixture(scope="module")
def site(postgresql_server, tmp_path_factory):
    database = servers.new_database(postgresql_server, "recovery_at_once")
    site = servers.Processes(tmp_path_factory.mktemp("recovery-at-once"), DATABASE_URL=database)
    site.manage("migrate", "-v", "0")
    yield site
    site.stop()


@pytest.fixture(scope="module")
def results(site):
    return scene(site, "recoveries:races", rounds=3)


def test_one_wins_and_the_other_is_told_why(results):
    assert len(results) == 6 * 3 * 3
    for row in results:
        refused = [got for got in row["got"] if got != "done"]
        assert set(refused) <= TOLD, row
        assert len(refused) == 1 or (not refused and row["race"] in BOTH_MAY), row


def test_two_who_confirm_at_once_are_one_confirmation(results):
    for row in results:
        if row["race"] == "propose-propose":
            assert row["lines"].count("first_confirmed") == 1, row
            assert not row["two_people"], row
        if row["race"] == "confirm-confirm":
            assert row["lines"].count("second_confirmed") == 1, row
            assert row["two_people"], row


def test_factors_go_exactly_when_it_is_done_and_never_after_a_stop(results):
    for row in results:
        assert (row["factors"] == 0) == row["done"], row
        assert not (row["done"] and row["closing"]), row
        assert row["lines"].count("done") == int(row["done"]), row
        if row["race"] == "complete-complete":
            assert row["done"], row


def test_two_operators_who_close_each_other_leave_one(site):
    for row in scene(site, "recoveries:closing_each_other", rounds=5):
        assert sorted(row["got"]) == ["done", "staff.not_an_operator"], row
        assert row["open"] == 1, row
