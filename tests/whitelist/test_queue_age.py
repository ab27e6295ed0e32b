"""The age of the queue: the drawing and the table beside it say the same numbers, and every case is in both."""

import re
import xml.etree.ElementTree as ET
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import browser_of
from whitelist import deadlines
from whitelist.views import queue_age


def svg_of(page):
    return ET.fromstring(re.search(r'<svg class="age-chart".*?</svg>', page, re.DOTALL).group())


@pytest.mark.parametrize("who", ["reviewer", "anybody"])
def test_drawing_and_table_say_the_same(submitted, cast, who):
    client, name = (browser_of(cast.reiko), "review:queue") if who == "reviewer" else (Client(), "whitelist:statistics")
    answer = client.get(reverse(name))
    page, age = answer.content.decode(), answer.context["age"]
    drawing = svg_of(page)
    assert drawing.attrib["role"] == "img"
    named = {element.attrib["id"]: "".join(element.itertext()) for element in drawing if "id" in element.attrib}
    assert drawing.attrib["aria-labelledby"].split() == list(named)
    assert "1件" in named["age-desc"]
    assert "期限内: 1" in named["age-desc"]
    assert len(drawing.findall("g/rect")) == len(age["bars"]) == 1
    assert [row["total"] for row in age["rows"]] == [1]
    assert sum(one["count"] for row in age["rows"] for one in row["counts"]) == age["total"] == 1


def test_columns_stand_on_each_other_and_fit(submitted, now):
    clock = deadlines.clock_of(submitted, now)
    late = deadlines.clock_of(submitted, now + timedelta(days=60))
    age = queue_age.of([clock, clock, late])
    assert age["total"] == 3
    heights = [float(bar["height"]) for bar in age["bars"]]
    assert heights == [96.0, 48.0]
    assert all(float(bar["y"]) + float(bar["height"]) == 98 for bar in age["bars"])
    assert [bar["meaning"] for bar in age["bars"]] == ["info", "error"]


def test_without_open_cases_it_says_so(db):
    page = Client().get(reverse("whitelist:statistics")).content.decode()
    assert "審査中の申請はありません" in page
    assert "age-chart" not in page
