"""Khmer in the admin is named as Khmer, so that it is set and read as such; nothing else is."""

import pytest
from django.contrib import admin

from commitments.models import Commitment
from commitments.services.transitions import apply_transition
from core.templatetags.language_marks import khmer_marked
from tests import factories as make
from tests.clients import client_as

TITLE = "ជំរុញការបញ្ចប់ការចរចា"
LIST = "/admin/commitments/commitment/"
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        (f"<td>{TITLE}</td>", f'<td lang="km">{TITLE}</td>'),
        (f'<a href="/x/?y=1&amp;z">Of {TITLE}</a>', f'<a href="/x/?y=1&amp;z" lang="km">Of {TITLE}</a>'),
        (f'<td class="x"><a>{TITLE}</a></td>', f'<td class="x"><a lang="km">{TITLE}</a></td>'),
        (f'<p lang="km">{TITLE}</p>', f'<p lang="km">{TITLE}</p>'),
        (f'<input value="{TITLE}"> <b>Bridge</b>', f'<input value="{TITLE}"> <b>Bridge</b>'),
        ("<h1>Đồng Nai</h1>", "<h1>Đồng Nai</h1>"),
    ],
)
def test_an_element_is_marked_for_the_khmer_that_it_begins_with(markup: str, expected: str) -> None:
    assert khmer_marked(markup) == expected


def test_each_page_about_a_commitment_marks_its_title() -> None:
    pledge = make.commitment(title=TITLE, deadline_wording="ឆាប់ៗ")
    officer = make.user("officer")
    apply_transition(commitment=pledge, name="start", actor=officer, note="បានចាប់ផ្តើម")
    client = client_as(officer)
    at = f"{LIST}{pledge.pk}/"
    name = f"{pledge.reference} {TITLE}"
    change = client.get(f"{at}change/").content.decode()
    assert f'<h1 lang="km">{name}</h1>' in change
    assert f'<span lang="km">{name}</span></div>' in change
    assert '<p class="timeline__text" lang="km">បានចាប់ផ្តើម</p>' in change
    assert '<span class="said" lang="km">ឆាប់ៗ</span>' in change
    history = client.get(f"{at}history/").content.decode()
    assert f'<a href="{at}change/" lang="km">{name}</a>' in history
    assert f'<h2 lang="km">{name}</h2>' in client.get(f"{at}transition/submit/").content.decode()
    assert f'{at}change/" lang="km">{TITLE}</a>' in client.get(LIST).content.decode()
    body = {"action": "move_selected", "_selected_action": [pledge.pk]}
    assert f'<td lang="km">{TITLE}</td>' in client.post(LIST, body, follow=True).content.decode()
    assert Commitment.objects.count() == 1


def test_what_a_reader_of_a_record_sees_and_what_it_offers_is_marked_too() -> None:
    agency = make.agency("kh-mfaic", "KH", name="ក្រសួងការបរទេស")
    pledge = make.commitment(title=TITLE, agencies=(agency,))
    read = client_as("reviewer").get(f"{LIST}{pledge.pk}/change/").content.decode()
    assert f'<div class="readonly" lang="km">{TITLE}</div>' in read
    edited = client_as("officer").get(f"{LIST}{pledge.pk}/change/").content.decode()
    assert f'<option value="{agency.pk}" selected lang="km">ក្រសួងការបរទេស' in edited


def test_a_list_says_in_words_or_a_dash_and_hides_the_dash_where_it_has_no_head() -> None:
    make.commitment()
    page = client_as("officer").get(LIST).content.decode()
    assert '<td class="field-lead_shown"><span class="quiet none">–</span></td>' in page
    assert {each.get_empty_value_display() for each in admin.site._registry.values()} == {
        '<span class="quiet none">–</span>'
    }


def test_a_page_about_a_record_leads_back_to_it_and_to_its_list() -> None:
    agency = make.agency("vn-mot", name="Ministry of Transport")
    at = f"/admin/relations/agency/{agency.pk}/"
    client = client_as("officer")
    for page, last in (("history", "History"), ("delete", "Delete")):
        crumbs = client.get(f"{at}{page}/").content.decode()
        assert f'<a href="/admin/relations/agency/">Agencies</a> &rsaquo; <a href="{at}change/">' in crumbs
        assert f"</a> &rsaquo; {last}</div>" in crumbs
    assert "</a> &rsaquo; Add agency</div>" in client.get("/admin/relations/agency/add/").content.decode()
