"""Statuses, byte comparisons, bars and moments: what a page draws for a value."""

from datetime import UTC, datetime, timedelta

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.utils import translation

from portal.templatetags.byte_lines import compare
from portal.templatetags.statuses import DEFAULT_WORDS


def drawn(source, **context):
    return Template(source).render(Context(context))


@pytest.mark.parametrize("meaning", DEFAULT_WORDS)
def test_each_meaning_has_its_own_shape_and_a_word_in_both_languages(meaning):
    words = set()
    for language in ("ja", "en"):
        with translation.override(language):
            html = drawn("{% status meaning %}", meaning=meaning)
        assert f"icons.svg#{meaning}" in html
        assert 'aria-hidden="true"' in html
        words.add(html.rsplit("<span>", 1)[1])
    assert len(words) == 2


def test_an_unknown_meaning_is_a_mistake_of_the_template():
    with pytest.raises(TemplateSyntaxError):
        drawn("{% chip 'green' %}")


def test_words_of_a_person_are_escaped():
    html = drawn("{% chip 'ok' words %}{% banner 'info' words %}{{ words }}{% endbanner %}", words="<script>")
    assert "<script>" not in html
    assert html.count("&lt;script&gt;") == 3


@pytest.mark.parametrize(("verdict", "meaning"), [("valid", "ok"), ("invalid", "error"), ("indeterminate", "unknown")])
def test_a_verdict_is_drawn_with_its_shape(verdict, meaning):
    assert f"icons.svg#{meaning}" in drawn("{% verdict value %}", value=verdict)


def test_comparison_stops_at_the_first_differing_byte():
    compared = compare("https://a.jp/R/", "https://a.jp/r")
    assert compared.difference == 14
    assert [cell.standing for cell in compared.upper] == ["same"] * 13 + ["first-difference", "rest"]
    assert [cell.standing for cell in compared.lower] == ["same"] * 13 + ["first-difference", "missing"]


def test_equal_bytes_have_no_difference():
    assert compare(b"abc", "abc").difference is None


def test_bytes_outside_printable_ascii_are_shown_in_hexadecimal():
    cell = compare("é", "e").upper[0]
    assert (cell.text, cell.is_hex) == ("C3", True)
    html = drawn("{% byte_lines a b upper_label='x' lower_label='y' %}", a=b"a\x00", b=b"a")
    assert "‹00›" in html


def test_a_missing_last_byte_is_framed_as_missing():
    html = drawn("{% byte_lines a b upper_label='x' lower_label='y' %}", a="ab/", b="ab")
    assert 'class="first-difference">/<' in html
    assert 'class="missing"><' in html


@pytest.mark.parametrize(
    ("used", "whole", "paused", "filled", "hatched"), [(6, 20, 2, "30.00%", "10.00%"), (30, 20, 5, "100.00%", None)]
)
def test_a_meter_never_leaves_its_bounds(used, whole, paused, filled, hatched):
    html = drawn("{% meter used whole 'w' paused=paused %}", used=used, whole=whole, paused=paused)
    assert f'width="{filled}"' in html
    assert ("hatch" in html) == (hatched is not None)
    assert "style=" not in html


def test_a_moment_is_shown_in_japan_standard_time():
    moment = datetime(2020, 12, 31, 15, 30, tzinfo=UTC)
    with translation.override("ja"):
        html = drawn("{{ moment|jst }}", moment=moment)
    assert html == '<time datetime="2021-01-01T00:30:00+09:00">2021年1月1日 00:30</time>'
    assert drawn("{{ moment|jst }}", moment=None) == ""


def test_freshness_says_so_when_its_time_is_over():
    at = datetime(2026, 1, 1, tzinfo=UTC)
    source = "{% freshness start end at %}"
    assert "#ok" in drawn(source, start=at, end=at + timedelta(hours=1), at=at)
    assert "#unknown" in drawn(source, start=at, end=at + timedelta(hours=1), at=at + timedelta(hours=2))
