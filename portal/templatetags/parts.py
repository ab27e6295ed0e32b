"""Parts of a page that wrap content (`{% banner %}…{% endbanner %}`) or take values, drawn by components/."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


def _trimmed(content: str) -> SafeString:
    """The rendered content of a block without the white space around it; strip() alone would lose its safe mark."""
    return mark_safe(content.strip())


def _draw(name: str, context: dict[str, Any]) -> SafeString:
    return mark_safe(render_to_string(f"components/{name}.html", context))


@register.simple_block_tag
def banner(content: str, meaning: str, title: str, *, role: str = "") -> SafeString:
    """A framed sentence for milestones and standing conditions; at most one on a page.

    `meaning`: info, ok, warning, error, unknown. `role` is "alert" or "status" when it answers a person's act.
    """
    return _draw("banner", {"content": _trimmed(content), "meaning": meaning, "title": title, "role": role})


@register.simple_block_tag
def finding(
    content: str,
    meaning: str,
    title: str,
    *,
    word: str = "",
    code: str = "",
    observed: str = "",
    expected: str = "",
    mend: str = "",
) -> SafeString:
    """One finding of a check, inside <ul class="findings"> or a card: what was seen, what is asked, how to mend it.

    The content of the block, if any, is its actions (buttons) or further words.
    """
    return _draw(
        "finding",
        {
            "content": _trimmed(content),
            "meaning": meaning,
            "title": title,
            "word": word,
            "code": code,
            "observed": observed,
            "expected": expected,
            "mend": mend,
        },
    )


@register.simple_block_tag
def hop(
    content: str,
    number: int,
    title: str,
    *,
    state: str,
    offset: str = "",
    route: str = "",
    outcome: str = "",
    arrived: bool = False,
) -> SafeString:
    """One hop of a journey, inside <ol class="hops">. `state`: done, now, to_come, stopped, unknown.

    `outcome` is usually a {% status %} kept with `as`; the content of the block is the proof under the title.
    """
    return _draw(
        "hop",
        {
            "content": _trimmed(content),
            "number": number,
            "title": title,
            "state": state,
            "offset": offset,
            "route": route,
            "outcome": outcome,
            "arrived": arrived,
        },
    )


@register.simple_block_tag
def code_block(content: str, *, title: str, name: str, copy: bool = True) -> SafeString:
    """Code or a command with a copy button. `name` is the element's id (unique on the page)."""
    return _draw(
        "code_block", {"content": mark_safe(content.strip("\n").rstrip()), "title": title, "name": name, "copy": copy}
    )


@register.simple_block_tag
def phone(content: str, *, title: str, clock: str = "", leave_url: str = "") -> SafeString:
    """The frame of the simulated phone. `title` stands in its top line, `leave_url` makes a link to give up there."""
    return _draw("phone", {"content": _trimmed(content), "title": title, "clock": clock, "leave_url": leave_url})


@register.simple_block_tag
def empty(content: str, words: str) -> SafeString:
    """What will stand here once there is something; the content is the one button that makes it appear."""
    return _draw("empty", {"content": _trimmed(content), "words": words})


@register.simple_block_tag
def table(content: str, *heads: str, actions: int | str = 0) -> SafeString:
    """The frame of a table whose rows are the content; `actions` is how many columns of buttons stand at the end."""
    return _draw("table", {"content": _trimmed(content), "heads": heads, "actions": int(actions)})


@register.simple_block_tag
def cell(content: str, label: str) -> SafeString:
    """One cell of a `table`; the label stands before its content on narrow screens."""
    return format_html('<td data-label="{}"><span>{}</span></td>', label, _trimmed(content))


@register.inclusion_tag("components/node.html")
def node(state: str, number: int | str = "") -> dict[str, Any]:
    """The round mark of a step: done, now, to_come, open, stopped, unknown."""
    return {"state": state, "number": number}


@register.inclusion_tag("components/steps.html")
def steps(labels: Sequence[str], current: int) -> dict[str, Any]:
    """Where a person is in a form of several pages. `current` counts from 1; earlier steps are done."""
    return {
        "steps": [
            {
                "label": label,
                "number": number,
                "state": "done" if number < current else "now" if number == current else "to_come",
            }
            for number, label in enumerate(labels, start=1)
        ]
    }


@register.inclusion_tag("components/copy_value.html")
def copy_value(value: str, *, name: str) -> dict[str, Any]:
    """A value in mono with a small copy button. `name` is the element's id (unique on the page)."""
    return {"value": value, "name": name}


@register.inclusion_tag("components/pin_boxes.html")
def pin_boxes(length: int, filled: int = 0) -> dict[str, Any]:
    """How many characters of a PIN are entered; never which."""
    return {
        "length": length,
        "filled": filled,
        "boxes": ["filled" if index < filled else "next" if index == filled else "free" for index in range(length)],
    }


@register.inclusion_tag("components/pin_pad.html")
def pin_pad(field_id: str) -> dict[str, Any]:
    """Keys that type into the PIN field with that id; shown only where script runs."""
    return {"field_id": field_id, "keys": range(1, 10)}


@register.inclusion_tag("form/error_summary.html")
def error_summary(form: Any) -> dict[str, Any]:
    """The list of a form's errors, each a link to its field. `{{ form }}` already begins with it."""
    return {"form": form}


@register.inclusion_tag("components/breadcrumb.html")
def breadcrumb(*crumbs: str) -> dict[str, Any]:
    """`{% breadcrumb label url label url … here %}`: pairs of word and address, the page itself last."""
    pairs = crumbs[:-1]
    return {
        "crumbs": [{"label": label, "url": url} for label, url in zip(pairs[::2], pairs[1::2], strict=True)],
        "here": crumbs[-1],
    }


@register.inclusion_tag("components/navigation_items.html", takes_context=True)
def navigation_items(context: Context, items: Sequence[Any]) -> dict[str, Any]:
    """The items ({label, url, covers, count}) of a navigation, the one this page stands under marked as current."""
    request = context.get("request")
    path = request.path if request else ""
    standing_under = [
        (url, item["url"])
        for item in items
        for url in (item["url"], *item.get("covers", ()))
        if path == url or path.startswith(_folder(url))
    ]
    _, current = max(standing_under, key=lambda pair: len(pair[0]), default=("", ""))
    return {"items": items, "current_url": current}


def _folder(url: str) -> str:
    """The prefix of the pages below a URL; the root is below nothing but itself."""
    return "\n" if url == "/" else url.rstrip("/") + "/"
