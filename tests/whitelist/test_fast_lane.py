"""A change of the path alone: one line in the queue, few ticks, the old URL stays while the new one is listed."""

from tests.applications import seen
from tests.cast import browser_of
from tests.whitelist.conftest import approve
from whitelist import applications, casework, reopening
from whitelist.models import Entry


def test_a_changed_path_is_one_line_and_both_urls_are_listed(published, cast, now, commit):
    old = published.live_entry
    reopened = reopening.reopen(published, by=cast.hanako)
    content = reopened.draft | {"url": old.url_text + "/v2"}
    changed = applications.save_draft(reopened, content=content, seen_version=reopened.version, by=cast.hanako)
    seen(old.url_text + "/v2")
    applications.submit(changed, seen_version=changed.version, by=cast.hanako, at=now)
    row = browser_of(cast.reiko).get("/review/", {"view": "fast"}).context["free"][0]
    assert [(change.before, change.after) for change in row["changes"]] == [(old.url_text, old.url_text + "/v2")]
    assert row["clock"].period == 1
    changed.refresh_from_db()
    asked = casework.criteria_for(changed.current_revision)
    assert all(criterion.field is None for criterion in asked)
    with commit():
        approve(changed, cast.reiko, now)
        approve(changed, cast.renji, now)
    changed.refresh_from_db()
    assert changed.state == "published"
    assert changed.live_entry.url_text == old.url_text + "/v2"
    assert dict(Entry.objects.values_list("url_text", "state")) == {
        old.url_text: "retiring",
        old.url_text + "/v2": "live",
    }
