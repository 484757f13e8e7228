"""A restricted meeting or source, and one of another desk, are as if not there.

The world and the addresses are those of ``test_classified``; that they change no answer is in
``test_classified_crawl``.
"""

import re
from datetime import date
from typing import Any

import pytest

from accounts.models import User
from commitments.models import Commitment
from commitments.services.mentions import record_mention
from relations.models import Meeting, MeetingSource, Participation, Person, Source
from tests import factories as make
from tests.addresses import Answer, filled, read, routes
from tests.clients import client_as
from tests.test_classified import MARK, SECRET, World, world  # noqa: F401

AS_JSON: dict[str, Any] = {"content_type": "application/json", "headers": {"If-Match": "*"}}
pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.usefixtures("plain_briefings")]


def somebody(role: str, world: World) -> User:  # noqa: F811
    return make.user(role, agency=world.agency if role == "focal_point" else None)


def plant_restricted(world: World) -> tuple[Meeting, Source]:  # noqa: F811
    """A secret meeting and a secret source, tied to every record of the world that can be."""
    person = Person.objects.get(slug="x")
    hidden = make.meeting(
        date(2025, 3, 1),
        slug=f"{MARK}-meeting",
        title=f"{MARK} meeting",
        place=f"{MARK} place",
        mechanism=world.meeting.mechanism,
        session=7,
        country=person.country,
        classification=SECRET,
    )
    Participation.objects.create(
        meeting=hidden, person=person, office=f"{MARK} office", country=person.country
    )
    make.meeting(date(2027, 3, 1), slug="next", title=f"{MARK} next", status="planned", classification=SECRET)
    text = f"They agreed on {MARK}.\n\nThey agreed again."
    paper = make.source(text, slug=f"{MARK}-source", title=f"{MARK} source", classification=SECRET)
    MeetingSource.objects.create(meeting=hidden, source=world.source)
    MeetingSource.objects.create(meeting=hidden, source=paper)
    MeetingSource.objects.create(meeting=world.meeting, source=paper)
    world.source.based_on.add(paper)
    paper.based_on.add(world.source)
    first = make.FirstMention(hidden, paper.paragraphs.get(number=1))
    made = make.commitment(title=f"{MARK} made", actor=world.officer, agencies=(world.agency,), mention=first)
    assert made.classification == SECRET
    # At a meeting that everybody sees, from a paper that not everybody does.
    record_mention(
        commitment=made,
        actor=world.officer,
        meeting=world.meeting,
        paragraph=paper.paragraphs.get(number=2),
        kind="progress",
    )
    return hidden, paper


def plant_abroad(world: World) -> tuple[Meeting, Source]:  # noqa: F811
    """What concerns another country alone, unclassified."""
    laos = make.country("LA")
    person, _made = Person.objects.get_or_create(slug="la", name="Somebody of the neighbours", country=laos)
    elsewhere = make.meeting(date(2025, 3, 1), slug=f"{MARK}-abroad", title=f"{MARK} meeting", country=laos)
    Participation.objects.create(meeting=elsewhere, person=person, office=f"{MARK} office", country=laos)
    paper = make.source(f"{MARK} was agreed.", slug=f"{MARK}-note", title=f"{MARK} source")
    MeetingSource.objects.create(meeting=elsewhere, source=paper)
    make.commitment(
        title=f"{MARK} made",
        codes=("LA", "VN"),
        actor=world.officer,
        agencies=(world.agency,),
        mention=make.FirstMention(elsewhere, paper.paragraphs.get(number=1)),
    )
    return elsewhere, paper


def of_desk(role: str, world: World) -> User:  # noqa: F811
    user = somebody(role, world)
    user.desk_countries.add(make.country("KH"))
    return User.objects.get(pk=user.pk)


REFERENCE_DATA = re.compile(
    r"^/(countries|people|search|api/v1/(countries|people)|admin/relations/(country|person))/"
)
"""Countries and people are seen by everybody: the neighbours and their country are in the world before."""


def addresses_of(meeting: Meeting, source: Source, values: dict[str, Any]) -> list[str]:
    """The addresses in which the meeting or the source stands."""
    own = values | {
        "meetings/slug": meeting.slug,
        "meeting/object_id": meeting.pk,
        "sources/slug": source.slug,
        "source/object_id": source.pk,
        "record/source": source.slug,
    }
    about = ("meetings/<", "sources/<", "admin/relations/meeting/<", "admin/relations/source/<")
    return [filled(route, own) for route in routes() if any(part in route for part in about)]


@pytest.mark.parametrize("role", ["officer", "reader"])
@pytest.mark.parametrize("plant", [plant_restricted, plant_abroad])
def test_what_may_not_be_seen_answers_as_what_does_not_exist(role: str, plant: Any, world: World) -> None:  # noqa: F811
    client = client_as(of_desk(role, world))
    hidden, paper = plant(world)
    missing = Meeting(pk=999_999, slug="no-meeting"), Source(pk=999_999, slug="no-source")
    for url, other in zip(
        addresses_of(hidden, paper, world.values), addresses_of(*missing, world.values), strict=True
    ):
        for method in ("get", "post"):
            answer, expected = read(client, url, method), read(client, other, method)
            assert answer.status in {302, 403, 404, 405}, url
            assert _without(answer, hidden, paper) == _without(expected, *missing), url


def _without(answer: Answer, *records: Meeting | Source) -> Answer:
    """``answer`` without the names of ``records`` in the addresses that were asked for."""
    names = "|".join([*(each.slug for each in records), *(rf"(?<=/){each.pk}(?=/)" for each in records)])
    return Answer(answer.status, *(re.sub(names, "…", part) for part in (answer.headers, answer.text)))


def test_naming_what_may_not_be_seen_is_naming_what_does_not_exist(world: World) -> None:  # noqa: F811
    client = client_as(of_desk("officer", world))
    hidden, paper = plant_restricted(world)
    page = f"/api/v1/commitments/{world.reference}/"
    mention = {"paragraph": 1, "kind": "progress"}
    tries: list[tuple[str, str, dict[str, Any]]] = [
        ("get", "/api/v1/commitments/?meeting=MEETING", {}),
        ("get", "/api/v1/commitments/?made_at=MEETING", {}),
        ("get", "/api/v1/commitments/?source=SOURCE", {}),
        ("post", f"{page}mentions/", {**mention, "meeting": "MEETING", "source": "note"}),
        ("post", f"{page}mentions/", {**mention, "meeting": "talks", "source": "SOURCE"}),
        ("patch", page, {"outcome_meeting": "MEETING"}),
        ("patch", "/api/v1/meetings/talks/", {"sources": ["note", "SOURCE"]}),
        ("patch", "/api/v1/sources/note/", {"based_on": ["SOURCE"]}),
    ]
    for method, url, sent in tries:
        answers = []
        for names in ((hidden.slug, paper.slug), ("no-meeting", "no-source")):

            def named(value: Any, names: tuple[str, str] = names) -> Any:
                if isinstance(value, list):
                    return [named(each) for each in value]
                text = str(value).replace("MEETING", names[0]).replace("SOURCE", names[1])
                return text if isinstance(value, str) else value

            answer: Any = getattr(client, method)(
                named(url),
                {key: named(value) for key, value in sent.items()},
                **({} if method == "get" else AS_JSON),
            )
            text = answer.content.decode()
            answers.append((answer.status_code, text.replace(names[0], "…").replace(names[1], "…")))
        assert answers[0][0] == 400, url
        assert answers[0] == answers[1], url


def test_whoever_edits_a_meeting_keeps_what_it_names_unseen(world: World) -> None:  # noqa: F811
    hidden, paper = plant_restricted(world)
    client = client_as(somebody("officer", world))
    sent: dict[str, Any] = {"content_type": "application/json", "headers": {"If-Match": "*"}}
    assert client.patch("/api/v1/meetings/talks/", {"sources": ["note"]}, **sent).status_code == 200
    assert client.patch("/api/v1/sources/note/", {"based_on": []}, **sent).status_code == 200
    assert set(world.meeting.sources.all()) == {world.source, paper}
    assert set(world.source.based_on.all()) == {paper}
    assert hidden.sources.count() == 2
    assert Commitment.objects.filter(classification=SECRET).exists()
