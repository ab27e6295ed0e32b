"""Rows about one return server: one draft at a platform operator, a finding elsewhere."""

from whitelist.policy.bulk import Draft
from whitelist.policy.bulk_merge import one_each, served_together

OWN, A, B = "7000012050002", "1000012010003", "8000012010005"


def draft(number, url="https://a.example.jp/", whose="", **values):
    said = {"url": url, "kind": "browser", "purposes": ["signature"], "note": "", **values}
    return Draft(number, {**said, **({"corporate_number": whose} if whose else {})}, cell=("表", f"A{number}"))


def codes(findings):
    return [(found.address, found.code) for found in findings]


def test_a_url_twice_for_one_organisation_is_found_at_the_later_row():
    assert codes(one_each([draft(2), draft(5)])) == [("A5", "sheet.url_twice")]
    assert one_each([draft(2, whose=A), draft(5, whose=B)]) == []


def test_rows_of_one_url_serve_together_in_the_order_of_the_table():
    made, findings = served_together(
        [draft(2, whose=A), draft(3, "https://b.example.jp/"), draft(4, whose=B)], own_number=OWN
    )
    assert findings == []
    assert [(one.values["url"], one.served, one.rows) for one in made] == [
        ("https://a.example.jp/", (A, B), (2, 4)),
        ("https://b.example.jp/", (), (3,)),
    ]


def test_the_operator_itself_is_nobody_it_serves():
    (made,), findings = served_together([draft(2, whose=OWN), draft(3, whose=A)], own_number=OWN)
    assert (made.served, findings) == ((A,), [])


def test_rows_of_one_url_say_the_same_and_name_each_organisation_once():
    rows = [draft(2, whose=A), draft(3, whose=B, purposes=["user_authentication"]), draft(4, whose=A), draft(5)]
    made, findings = served_together(rows, own_number=OWN)
    assert codes(findings) == [("A3", "sheet.rows_differ"), ("A4", "sheet.url_twice"), ("A5", "sheet.url_twice")]
    assert [one.served for one in made] == [(A,)]
    _, findings = served_together([draft(2, whose=A), draft(3, whose=B, note="x")], own_number=OWN)
    assert findings == []
