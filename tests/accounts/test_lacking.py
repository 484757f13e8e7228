"""A form that lacks something it needs says what, who adds it, and where."""

import pytest

from relations.models import Country, MeetingSource
from tests import factories as make
from tests.clients import client_as
from tests.html import page_of

pytestmark = pytest.mark.django_db
FORMS = {
    "/meetings/record/?meeting=new": ["countries"],
    "/admin/relations/agency/add/": ["countries"],
    "/admin/relations/person/add/": ["countries"],
    "/admin/relations/mechanism/add/": ["countries"],
    "/admin/relations/country/add/": [],
    "/admin/commitments/commitment/add/": ["meetings", "countries", "themes"],
}


def lacks(role: str, url: str) -> dict[str, str]:
    """What the form at ``url`` lacks, with the address where the person adds it."""
    page = page_of(client_as(role).get(url))
    notices = [each for each in page.select("p.notice[role=note]") if "has no" in each.text]
    return {each.text: next(iter(each.links().values()), "") for each in notices}


@pytest.mark.parametrize("url", FORMS)
def test_a_form_in_an_empty_register_says_what_it_lacks(url: str) -> None:
    role = "administrator" if "country" in url else "officer"
    found = lacks(role, url)
    for kind in FORMS[url]:
        yet = "yet that you can see" if kind == "meetings" else "yet"
        asked = f"The register has no {kind} {yet}, and this form needs"
        (told,) = [each for each in found if asked in each]
        if kind == "meetings":
            assert found[told] == "/admin/relations/meeting/add/"
        else:
            assert "They are added by: Administrator." in told
            assert found[told] == ""
    assert len(found) == len(FORMS[url])


def test_who_may_add_it_gets_a_link() -> None:
    assert lacks("administrator", "/admin/relations/agency/add/") == {
        "The register has no countries yet, and this form needs one of them. Add one": (
            "/admin/relations/country/add/"
        )
    }


def test_the_form_of_a_new_commitment_lacks_themes() -> None:
    MeetingSource.objects.create(meeting=make.meeting(slug="jc-21"), source=make.source(slug="minutes"))
    make.country("PT")
    url = "/meetings/jc-21/record/minutes/1/new/"
    assert list(lacks("officer", url)) == [
        "The register has no themes yet, and this form needs one of them. They are added by: Administrator."
    ]
    make.theme()
    assert lacks("officer", url) == {}


def test_a_meeting_that_somebody_may_not_see_does_not_count_and_is_not_told() -> None:
    url = "/admin/commitments/commitment/add/"
    before = lacks("officer", url)
    meeting = make.meeting(classification=3)
    assert lacks("officer", url) == before
    meeting.classification = 0
    meeting.save()
    assert len(lacks("officer", url)) == len(before) - 1


def test_nothing_is_lacking_once_it_is_there() -> None:
    Country.objects.create(code="PT", name="Portugal")
    for url in FORMS:
        found = lacks("officer", url) if "country" not in url else {}
        assert not any("countries" in each for each in found)
