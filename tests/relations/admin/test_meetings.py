"""The admin of meetings: participants, sources, and the message after a meeting was held."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from commitments.services.transitions import apply_transition
from relations.models import Mechanism, Meeting, MeetingSource, Participation, Person
from tests import factories as make
from tests.clients import client_as
from tests.html import form_of, page_of, text_of

ADD = "/admin/relations/meeting/add/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> Client:
    return client_as("officer")


def page(meeting: Meeting) -> str:
    return f"/admin/relations/meeting/{meeting.pk}/change/"


def save(client: Client, url: str, **typed: Any) -> Any:
    data = form_of(client.get(url), "meeting_form")
    for name, value in typed.items():
        data[name.replace("__", "-")] = [str(value)]
    return client.post(url, data)


def test_a_meeting_is_recorded_with_participants_and_sources(officer: Client) -> None:
    vietnam, source = make.country("VN"), make.source()
    person = Person.objects.create(slug="lan", name="Phạm Lan", country=vietnam)
    response = save(
        officer,
        ADD,
        title="Đàm phán tại Huế",
        status="held",
        form="talks",
        level="minister",
        starts_on="2025-03-01",
        participations__TOTAL_FORMS=1,
        participations__0__person=person.pk,
        participations__0__office="Acting Minister",
        participations__0__country=vietnam.pk,
        participations__0__role="co_chair",
        source_links__TOTAL_FORMS=1,
        source_links__0__source=source.pk,
    )
    assert response.status_code == 302
    meeting = Meeting.objects.get()
    assert meeting.slug == "dam-phan-tai-hue"
    assert Participation.objects.get(meeting=meeting).office == "Acting Minister"
    assert list(meeting.sources.all()) == [source]


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"status": "held"}, "A meeting that was held needs a day"),
        (
            {"status": "held", "window_earliest": "2025-01-01", "window_latest": "2999-12-31"},
            "Enter the date.",
        ),
        ({"status": "planned", "session": 3}, "A session number needs a mechanism"),
        ({"status": "planned", "starts_on": "2025-03-02", "ends_on": "2025-03-01"}, "lies before the first"),
        (
            {"status": "planned", "window_earliest": "2025-03-02", "window_latest": "2025-03-01"},
            "window lies before",
        ),
    ],
)
def test_invalid_dates_are_errors_and_the_input_is_kept(
    typed: dict[str, Any], message: str, officer: Client
) -> None:
    response = save(officer, ADD, title="Typed with care", form="talks", level="minister", **typed)
    assert message in text_of(response)
    assert form_of(response, "meeting_form")["title"] == ["Typed with care"]
    assert not Meeting.objects.exists()


def test_a_planned_meeting_that_becomes_held_needs_a_date_while_its_window_is_open(officer: Client) -> None:
    days = {"window_earliest": dt.date(2025, 1, 1), "window_latest": dt.date(2999, 12, 31)}
    meeting = make.meeting(None, status="planned", **days)
    refused = save(officer, page(meeting), status="held")
    assert "Enter the date." in page_of(refused).one(".field-starts_on .errorlist").text
    assert Meeting.objects.get().status == "planned"
    Meeting.objects.update(status="held")
    assert save(officer, page(meeting), title="Held before the rule").status_code == 302


def test_a_session_number_is_unique_within_the_mechanism(officer: Client) -> None:
    mechanism = Mechanism.objects.create(slug="jc", name="Joint Committee")
    make.meeting(mechanism=mechanism, session=21)
    response = save(
        officer,
        ADD,
        title="Again",
        form="talks",
        level="minister",
        status="planned",
        mechanism=mechanism.pk,
        session=21,
    )
    assert "This mechanism already has a session of that number." in text_of(response)


def test_search_ignores_diacritics_and_the_label_has_the_date(officer: Client) -> None:
    make.meeting(dt.date(2025, 12, 9), title="Hội đàm Hà Nội")
    make.meeting(title="Elsewhere")
    rows = officer.get("/admin/relations/meeting/?q=hoi dam").context["cl"].result_list
    assert [row.title for row in rows] == ["Hội đàm Hà Nội"]
    found = officer.get(
        "/admin/autocomplete/?app_label=commitments&model_name=mention&field_name=meeting&term=ha noi"
    ).json()
    assert [each["text"] for each in found["results"]] == ["Hội đàm Hà Nội (9 Dec 2025)"]


def test_the_label_of_a_meeting_without_a_date_has_the_wording(officer: Client) -> None:
    make.meeting(
        None,
        title="Joint Committee",
        status="planned",
        window_wording="in 2026",
        window_earliest=dt.date(2026, 1, 1),
    )
    found = officer.get(
        "/admin/autocomplete/?app_label=commitments&model_name=mention&field_name=meeting&term=joint"
    ).json()
    assert [each["text"] for each in found["results"]] == ["Joint Committee (in 2026)"]


def test_a_meeting_that_was_held_suggests_submitting_its_commitments(officer: Client) -> None:
    meeting = make.meeting(None, title="22nd session", status="planned", window_wording="in 2026")
    planned = make.commitment(title="Hold the session", nature="event", outcome_meeting=meeting)
    make.commitment("fulfilled", title="Done before", outcome_meeting=meeting)
    make.commitment(title="Hidden pledge", outcome_meeting=meeting, classification=3)
    waiting = make.commitment(title="Submitted already", outcome_meeting=meeting)
    apply_transition(
        commitment=waiting, name="submit", actor=make.user("officer"), note="x", outcome="dropped"
    )

    save(officer, page(meeting), place="Hanoi")
    assert "Submit them for review" not in text_of(officer.get(page(meeting)))
    response = save(officer, page(meeting), status="held", starts_on="2026-03-04", ends_on="2026-03-05")
    assert response.status_code == 302
    shown = officer.get("/admin/relations/meeting/")
    words = text_of(shown)
    assert "Submit them for review" in words
    assert planned.reference in words
    for other in ("Done before", "Hidden pledge", "Submitted already"):
        assert other not in words
    link = (
        f"/admin/commitments/commitment/{planned.pk}/transition/submit/"
        "?delivered_on=2026-03-05&outcome=fulfilled"
    )
    assert page_of(shown).links(".messagelist")[planned.reference] == link
    form = form_of(officer.get(link))
    assert (form["delivered_on"], form["outcome"]) == (["2026-03-05"], ["fulfilled"])


def test_a_meeting_with_dependent_records_cannot_be_deleted_and_they_are_not_named(officer: Client) -> None:
    meeting = make.meeting()
    make.commitment(title="Hidden pledge", outcome_meeting=meeting, classification=3)
    url = f"/admin/relations/meeting/{meeting.pk}/delete/"
    words = text_of(officer.get(url))
    assert "cannot be deleted because other records depend on it" in words
    assert "Commitments" in words
    assert "Hidden pledge" not in words
    officer.post(url, {"post": "yes"})
    assert Meeting.objects.filter(pk=meeting.pk).exists()


def test_a_meeting_without_dependent_records_is_deleted_with_its_rows(officer: Client) -> None:
    meeting, source = make.meeting(), make.source()
    MeetingSource.objects.create(meeting=meeting, source=source)
    assert officer.post(f"/admin/relations/meeting/{meeting.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not Meeting.objects.exists()
    assert meeting.history.model.objects.filter(history_type="-").count() == 1


def test_the_trail_of_what_was_deleted_whole_stays_with_who_did_it(officer: Client) -> None:
    meeting, person = (
        make.meeting(title="Talks in Hue"),
        Person.objects.create(slug="x", name="X", country=make.country("KH")),
    )
    row = meeting.participations.create(person=person, office="Minister", country=person.country)
    row.office = "Prime Minister"
    row.save()
    officer.post(f"/admin/relations/meeting/{meeting.pk}/delete/", {"post": "yes"})
    for history, key in ((Meeting.history, meeting.pk), (Participation.history, row.pk)):
        entries = list(history.filter(id=key).order_by("history_id"))
        assert (entries[0].history_type, entries[-1].history_type) == ("+", "-")
        assert str(entries[-1].history_user.pk) == officer.session["_auth_user_id"]
    offices = Participation.history.filter(id=row.pk).order_by("history_id").values_list("office", flat=True)
    assert list(offices) == ["Minister", "Prime Minister", "Prime Minister"]
    assert Meeting.history.filter(id=meeting.pk).latest("history_id").title == "Talks in Hue"


def test_a_reviewer_can_view_meetings_but_not_edit_them() -> None:
    meeting, reviewer = make.meeting(title="Talks in Hue"), client_as("reviewer")
    assert "Talks in Hue" in text_of(reviewer.get(page(meeting)))
    assert reviewer.post(page(meeting), {"title": "x"}).status_code == 403
    assert reviewer.get(ADD).status_code == 403
    assert reviewer.get(f"/admin/relations/meeting/{meeting.pk}/delete/").status_code == 403


@pytest.mark.parametrize("classification", [0, 3])
def test_a_source_that_is_cited_at_the_meeting_cannot_be_removed(
    officer: Client, classification: int
) -> None:
    meeting, cited, other = make.meeting(), make.source(title="Minutes"), make.source()
    for source in (cited, other):
        MeetingSource.objects.create(meeting=meeting, source=source)
    said = make.FirstMention(meeting, cited.paragraphs.get(number=1))
    make.commitment(mention=said, classification=classification)
    refused = save(officer, page(meeting), source_links__0__DELETE="on")
    assert refused.status_code == 200
    message = f"“Minutes” ({cited.slug}) cannot be removed from the sources of this meeting."
    assert message in text_of(refused)
    assert meeting.sources.count() == 2
    assert save(officer, page(meeting), source_links__1__DELETE="on").status_code == 302
    assert list(meeting.sources.all()) == [cited]


def test_nobody_saves_a_meeting_that_would_not_concern_their_desk() -> None:
    laos, cambodia = make.country("LA"), make.country("KH")
    confined = make.user("officer")
    confined.desk_countries.add(laos)
    client = client_as(confined)
    typed = {"title": "Talks abroad", "status": "planned", "form": "talks", "level": "minister"}
    typed |= {"window_wording": "in 2027", "window_latest": "2027-12-31"}
    refused = save(client, ADD, **typed, country=cambodia.pk)
    assert (refused.status_code, Meeting.objects.count()) == (403, 0)
    assert "does not concern your desk" in text_of(refused)
    assert save(client, ADD, **typed, country=laos.pk).status_code == 302
    meeting = Meeting.objects.get()
    assert save(client, page(meeting), country=cambodia.pk).status_code == 403
    assert Meeting.objects.get().country == laos
