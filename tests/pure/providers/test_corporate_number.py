import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.jp import cn

from portal.providers.corporate_number import CorporateNumberRefused, check_digit, parse

NATIONAL_TAX_AGENCY = "7000012050002"  # published as its own number

digits = st.text("0123456789", min_size=13, max_size=13)


def refusal(text):
    with pytest.raises(CorporateNumberRefused) as refused:
        parse(text)
    return refused.value.code


@pytest.mark.parametrize(
    "text",
    [
        "7000012050002",
        "７００００１２０５０００２",
        " 7000-01-205000-2 ",
        "7 0000 1205 0002",
        "７　００００　１２０５　０００２",
        "7−0000−1205−0002",
        "７ー００００ー１２０５ー０００２",
        "7000012050002\n",
    ],
)
def test_read_however_it_is_written(text):
    assert parse(text) == NATIONAL_TAX_AGENCY


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "corporate_number.empty"),
        (" － ", "corporate_number.empty"),
        ("T7000012050002", "corporate_number.characters"),
        ("700001205000O", "corporate_number.characters"),
        ("七000012050002", "corporate_number.characters"),
        ("٧٠٠٠٠١٢٠٥٠٠٠٢", "corporate_number.characters"),
        ("7000012050002\x00", "corporate_number.characters"),
        ("\ud800", "corporate_number.characters"),
        ("000012050002", "corporate_number.length"),
        ("70000120500020", "corporate_number.length"),
        ("7" * 1000, "corporate_number.length"),
        ("8000012050002", "corporate_number.check_digit"),
        ("0000012050002", "corporate_number.check_digit"),
        ("7000012050020", "corporate_number.check_digit"),
    ],
)
def test_refused_by_name(text, code):
    assert refusal(text) == code


@given(digits)
def test_agrees_with_an_outside_judge(number):
    assert (number[0] == str(check_digit(number[1:]))) == cn.is_valid(number)
    if cn.is_valid(number):
        assert parse(number) == number
    else:
        assert refusal(number) == "corporate_number.check_digit"


@given(st.text("0123456789", min_size=12, max_size=12))
def test_the_check_digit_makes_a_valid_number(base):
    assert check_digit(base) == int(cn.calc_check_digit(base))
    assert parse(f"{check_digit(base)}{base}")


@given(st.text(alphabet=st.characters(codec=None, exclude_categories=()), max_size=80))
def test_any_text_is_read_or_refused(text):
    try:
        number = parse(text)
    except CorporateNumberRefused:
        return
    assert cn.is_valid(number)
