"""The form renderer: label, mark, help, message and summary belong together for eyes and screen readers."""

import re

import pytest
from django import forms
from django.utils import translation


class Return(forms.Form):
    url = forms.CharField(label="URL", help_text="As sent.")
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea)
    purposes = forms.MultipleChoiceField(
        label="Purposes", choices=[("a", "A"), ("b", "B")], widget=forms.CheckboxSelectMultiple
    )
    agreed = forms.BooleanField(label="Agreed")


@pytest.fixture
def html():
    with translation.override("ja"):
        return str(Return({"url": ""}))


def test_each_error_of_the_summary_links_to_a_control_that_exists(html):
    targets = re.findall(r'<a href="#([^"]+)"', html)
    assert targets == ["id_url", "id_purposes_0", "id_agreed"]
    for target in targets:
        assert f'id="{target}"' in html


def test_help_and_message_are_bound_to_the_control(html):
    control = re.search(r'<input type="text" name="url"[^>]*>', html).group()
    assert 'aria-invalid="true"' in control
    assert 'aria-describedby="id_url_helptext id_url_error"' in control
    assert 'id="id_url_helptext"' in html
    assert 'id="id_url_error"' in html


def test_required_and_optional_are_said_in_words(html):
    assert html.count("※必須") == 3
    assert html.count("任意") == 1


def test_a_group_is_a_fieldset_with_its_question_as_legend(html):
    assert re.search(r"<fieldset[^>]*>\s*<legend[^>]*>Purposes", html)


def test_what_a_person_typed_is_escaped_and_kept():
    html = str(Return({"url": '"><script>', "purposes": ["a"], "agreed": "on"}))
    assert "<script>" not in html
    assert 'value="&quot;&gt;&lt;script&gt;"' in html
    assert "error-summary" not in html
