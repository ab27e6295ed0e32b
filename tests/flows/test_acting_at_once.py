"""Reviewers and applicants act on one case in the same moment, on PostgreSQL: one wins, the other is told why."""

import sys

import pytest

from tests import servers
from tests.flows.scenes import scene

# Where both may do their act one after the other: a decision, then the withdrawal that is still possible; a new look at
# the server before or after. Everywhere else exactly one of the two is done.
BOTH_MAY = {"first-withdraw", "correction-withdraw", "resubmit-withdraw", "first-recheck"}
TOLD = {
    "application.changed_meanwhile",
    "application.not_possible_now",
    "application.not_open",
    "review.decided_meanwhile",
    "review.evidence_changed",
    "review.claimed_by_another",
    "review.not_open",
    "review.not_yours",
    "review.same_reviewer",
}


@pytest.fixture(scope="module")
def results(postgresql_server, tmp_path_factory):
    database = servers.new_database(postgresql_server, "at_once")
    site = servers.Processes(tmp_path_factory.mktemp("at-once"), DATABASE_URL=database)
    site.manage("migrate", "-v", "0")
    site.start(sys.executable, "manage.py", "internet")  # the servers that the applications are about
    yield scene(site, "review:races", rounds=2)
    site.stop()


def test_one_wins_and_the_other_gets_a_named_refusal(results):
    assert len({row["race"] for row in results}) == 17
    for row in results:
        refused = [got for got in row["got"] if got != "done"]
        assert set(refused) <= TOLD, row
        assert len(refused) == 1 or (not refused and row["race"] in BOTH_MAY), row


def test_nothing_is_half_done(results):
    for row in results:
        assert row["last_in_trail"] == row["state"], row
        assert row["entries"] == (row["state"] in ("approved", "publishing", "published")), row
        if row["entries"]:
            assert (row["approvals"], row["reviewers"]) == (2, 2), row
        if row["state"] == "withdrawn":
            assert row["entries"] == 0, row
        if row["state"] != "in_review":
            assert row["claimed_by"] == "" or row["race"].startswith("claim"), row


def test_an_approval_replayed_counts_once(results):
    for row in results:
        if row["race"] == "first-replayed":
            assert (row["state"], row["decisions"]) == ("first_approved", 1), row
        if row["race"] == "second-replayed":
            assert (row["state"], row["decisions"], row["entries"]) == ("approved", 2, 1), row


def test_a_new_revision_is_never_carried_by_an_approval_of_the_old_one(results):
    for row in results:
        if row["race"] == "resubmit-old_approval":
            assert (row["state"], row["revisions"], row["approvals"]) == ("submitted", 2, 0), row
