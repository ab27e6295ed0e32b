"""One thing has one word: spellings that the glossary decided against stand nowhere a Japanese reader looks."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# What is written otherwise (docs/glossary.md) and what it must be.
DECIDED = {"審査担当(?!者)": "審査担当者", "レビュアー|レビューア": "審査担当者"}
READ = sorted([*ROOT.glob("portal/locale/ja/parts/*.po"), *ROOT.glob("docs/**/*.md"), ROOT / "README.md"])


@pytest.mark.parametrize("pattern", DECIDED)
def test_a_thing_has_one_word(pattern):
    other = re.compile(pattern)
    found = [
        f"{path.relative_to(ROOT)}:{number}: write {DECIDED[pattern]}"
        for path in READ
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if other.search(line)
    ]
    assert found == []
