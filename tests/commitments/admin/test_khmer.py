"""Khmer text in the admin has its ``lang`` attribute, and no other text has it."""

from typing import Any

import pytest
from django.contrib import admin

from commitments.models import Commitment
from commitments.services.transitions import apply_transition
from tests import factories as make
from tests.clients import client_as
from tests.html import page_of

TITLE = "ជំរុញការបញ្ចប់ការចរចា"
LIST = "/admin/commitments/commitment/"
pytestmark = pytest.mark.django_db


def in_khmer(response: Any, selector: str) -> list[str]:
    """The texts of the elements that ``selector`` matches and that are marked as Khmer."""
    return page_of(response).texts(f'{selector}[lang="km"]')


def test_each_page_about_a_commitment_marks_its_title() -> None:
    pledge = make.commitment(title=TITLE, deadline_wording="ឆាប់ៗ")
    officer = make.user("officer")
    apply_transition(commitment=pledge, name="start", actor=officer, note="បានចាប់ផ្តើម")
    client = client_as(officer)
    url = f"{LIST}{pledge.pk}/"
    name = f"{pledge.reference} {TITLE}"
    change = client.get(f"{url}change/")
    assert in_khmer(change, "h1") == [name]
    assert in_khmer(change, ".breadcrumbs > span") == [name]
    assert in_khmer(change, "p.timeline__text") == ["បានចាប់ផ្តើម"]
    assert "ឆាប់ៗ" in in_khmer(change, "span.said")
    assert in_khmer(client.get(f"{url}history/"), f'.breadcrumbs > a[href="{url}change/"]') == [name]
    assert in_khmer(client.get(f"{url}transition/submit/"), "h2") == [name]
    assert in_khmer(client.get(LIST), f'#result_list a[href="{url}change/"]') == [TITLE]
    body = {"action": "move_selected", "_selected_action": [pledge.pk]}
    assert in_khmer(client.post(LIST, body, follow=True), "th a") == [TITLE]
    assert Commitment.objects.count() == 1


def test_read_only_fields_and_options_are_marked() -> None:
    agency = make.agency("kh-mfaic", "KH", name="ក្រសួងការបរទេស")
    pledge = make.commitment(title=TITLE, agencies=(agency,))
    assert TITLE in in_khmer(client_as("reviewer").get(f"{LIST}{pledge.pk}/change/"), "div.readonly")
    options = in_khmer(client_as("officer").get(f"{LIST}{pledge.pk}/change/"), "option[selected]")
    assert any(option.startswith("ក្រសួងការបរទេស") for option in options)


def test_an_empty_cell_of_a_list_shows_a_dash() -> None:
    make.commitment()
    page = page_of(client_as("officer").get(LIST))
    assert page.texts("td.field-lead_shown > span.quiet.none") == ["–"]
    assert {each.get_empty_value_display() for each in admin.site._registry.values()} == {
        '<span class="quiet none">–</span>'
    }


def test_breadcrumbs_lead_to_the_record_and_to_its_list() -> None:
    agency = make.agency("vn-mot", name="Ministry of Transport")
    url = f"/admin/relations/agency/{agency.pk}/"
    client = client_as("officer")
    for name, title in (("history", "History"), ("delete", "Delete")):
        crumbs = page_of(client.get(f"{url}{name}/")).one(".breadcrumbs")
        assert crumbs.text.endswith(f"Agencies › Ministry of Transport › {title}")
        assert crumbs.links()["Agencies"] == "/admin/relations/agency/"
        assert crumbs.links()["Ministry of Transport"] == f"{url}change/"
    page = page_of(client.get("/admin/relations/agency/add/"))
    assert page.one(".breadcrumbs").text.endswith("Agencies › Add agency")
