"""The briefing for the 22nd session of the Joint Committee, and others, from the shipped register."""

import pytest
from django.test import Client

from tests.interchange.briefing.conftest import references, values

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register", "plain_briefings")]


def test_what_stands_between_the_sides_is_what_the_list_counts(officer: Client) -> None:
    pack = values(officer, "/meetings/jc-22/pack.docx")
    lines = {line["label"]: line for line in pack["standing"]}
    assert [lines["Open"][each] for each in ("ours", "theirs", "joint", "all")] == ["4", "5", "67", "76"]
    assert lines["Agreed"]["all"] == "58"
    assert lines["Overdue (also counted above)"]["all"] == "2"
    assert lines["Closed"]["all"] == "1"
    assert lines["Open"]["is_group"]
    assert not lines["Agreed"]["is_group"]


def test_every_open_commitment_stands_once_in_the_matrix(officer: Client) -> None:
    pack = values(officer, "/meetings/jc-22/pack.docx")
    found = references(pack, "matrix")
    assert len(found) == len(set(found)) == 76


def test_the_points_go_by_theme_with_the_most_pressing_first(officer: Client) -> None:
    points = values(officer, "/meetings/jc-22/pack.docx")["points"]
    assert [point["reference"] for point in points[:2]] == ["KHVN-2024-039", "KHVN-2024-040"]
    assert points[0]["reason"] == "381 days overdue"
    themes = [point["theme"] for point in points]
    assert len(dict.fromkeys(themes)) == sum(1 for point in points if point["opens_theme"])
    changes = sum(1 for one, next_one in zip(themes, themes[1:], strict=False) if one != next_one)
    assert changes == len(set(themes)) - 1


def test_a_point_quotes_the_last_wording_with_source_and_paragraph(officer: Client) -> None:
    points = {each["reference"]: each for each in values(officer, "/meetings/jc-22/pack.docx")["points"]}
    point = points["KHVN-2024-039"]
    assert point["wording"] == "Both sides agreed to support Laos as Chair of ASEAN in 2024."
    assert point["source"] == "Note for file of 13 Jul 2024, §\u00a040"
    assert point["deadline"] == "in 2024"


def test_what_others_must_do_is_raised_and_what_we_must_do_is_expected(officer: Client) -> None:
    pack = values(officer, "/meetings/jc-22/pack.docx")
    assert {each["obligated"] for each in pack["expected"]} == {"Viet Nam"}
    assert "Viet Nam" not in {each["obligated"] for each in pack["points"]}


def test_requests_go_by_who_is_to_answer(officer: Client) -> None:
    pack = values(officer, "/meetings/jc-22/pack.docx")
    assert references(pack, "requested_of_us") == []
    assert references(pack, "requested_of_them") == ["KHVN-2025-021"]
    assert references(pack, "requested_of_both") == ["KHVN-2026-001"]


def test_who_leads_is_taken_from_the_last_session(officer: Client) -> None:
    leaders = values(officer, "/meetings/jc-22/pack.docx")["leaders"]
    assert [(each["country"], each["person"]) for each in leaders] == [
        ("Cambodia", "Prak Sokhonn"),
        ("Viet Nam", "Le Hoai Trung"),
    ]


def test_a_past_day_tells_the_register_of_that_day(officer: Client) -> None:
    pack = values(officer, "/meetings/jc-22/pack.docx?as_of=2024-12-31")
    assert pack["as_of"] == "31 December 2024"
    assert pack["as_of_note"] == "This is the register as of that date."
    assert all(each.startswith(("KHVN-2024", "KHLAVN-2024")) for each in references(pack, "matrix"))
    assert pack["overdue"] == []


def test_a_list_has_exactly_its_rows_in_its_order(officer: Client) -> None:
    query = "theme=border&state=open&ordering=-title"
    shown = officer.get(f"/commitments/?{query}").context["list"].rows
    assert references(values(officer, f"/commitments/pack.docx?{query}"), "matrix") == [
        row.commitment.reference for row in shown
    ]


def test_a_country_has_what_stands_between_it_and_us(officer: Client) -> None:
    pack = values(officer, "/countries/LA/pack.docx")
    assert sorted(references(pack, "matrix")) == [
        *("KHLAVN-2024-001", "KHLAVN-2024-002"),
        *("KHLAVN-2025-001", "KHLAVN-2025-002", "KHLAVN-2025-003"),
    ]


def test_our_own_country_has_everything_that_is_ours(officer: Client) -> None:
    pack = values(officer, "/countries/VN/pack.docx")
    listed = officer.get("/commitments/?country=VN&state=open&page_size=500").context["list"].rows
    shown = [each for each in references(pack, "matrix") if each not in references(pack, "delivered")]
    assert sorted(shown) == sorted(row.commitment.reference for row in listed)


def test_an_agency_has_what_is_assigned_to_it(officer: Client) -> None:
    pack = values(officer, "/agencies/vn-mofa/pack.docx")
    listed = officer.get("/commitments/?agency=vn-mofa&state=open").context["list"].rows
    assert references(pack, "delivered") == ["KHVN-2025-001"]
    shown = set(references(pack, "matrix"))
    assert shown == {"KHVN-2025-001"} | {row.commitment.reference for row in listed}
