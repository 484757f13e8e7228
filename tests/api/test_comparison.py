"""What changed, over HTTP: two days of the list, two sessions of a mechanism."""

import datetime as dt

import pytest
from django.test import Client

from commitments.models import Commitment, Mention
from commitments.services.deadlines import Window
from core import clock
from relations.models import Meeting
from tests import factories as make
from tests.api.conftest import queries
from tests.clients import client_as

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 1, 16)
ADDRESS = "/api/v1/comparison/"
SINCE = f"{ADDRESS}?compare=2024-12-31"


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: TODAY)


@pytest.fixture
def reader() -> Client:
    return client_as("reader")


def spoken(pledge: Commitment, meeting: Meeting) -> None:
    paragraph = make.source().paragraphs.get(number=1)
    Mention.objects.create(commitment=pledge, meeting=meeting, paragraph=paragraph, kind="reaffirmed")


@pytest.fixture
def year() -> None:
    joint = make.mechanism("joint-committee")
    first = make.meeting(dt.date(2024, 12, 1), slug="jc-1", mechanism=joint, session=1)
    second = make.meeting(dt.date(2025, 6, 1), slug="jc-2", mechanism=joint, session=2)
    note = make.source()
    made = {
        title: make.commitment(
            title=title,
            occurred_on=dt.date(2024, 12, 1),
            mention=make.FirstMention(first, note.paragraphs.get(number=1)),
            theme=make.theme("tourism" if title == "Silent" else "border"),
            deadline_wording="soon",
        )
        for title in ("Moved", "Closed", "Again", "Later", "Silent")
    }
    make.record(made["Moved"], "in_progress", occurred_on=dt.date(2025, 3, 1))
    make.record(made["Closed"], "dropped", occurred_on=dt.date(2025, 3, 1))
    spoken(made["Again"], second)
    spoken(made["Later"], second)
    window = Window("in 2027", dt.date(2027, 1, 1), dt.date(2027, 12, 31))
    make.new_deadline(
        commitment=made["Later"],
        actor=make.user("officer"),
        window=window,
        reason="x",
        occurred_on=dt.date(2025, 6, 1),
    )
    make.commitment(title="New", occurred_on=dt.date(2025, 4, 1))
    make.commitment(title="Secret", occurred_on=dt.date(2025, 4, 1), classification=3)


EXPECTED = {
    "new": ["New"],
    "moved": ["Moved"],
    "closed": ["Closed"],
    "deadline": ["Later"],
    "mentioned": ["Again", "Later"],
    "silent": ["Moved", "Silent"],
}


def groups(client: Client, url: str) -> dict[str, list[str]]:
    answer = client.get(url)
    assert answer.status_code == 200, answer.json()
    return {each["group"]: [row["title"] for row in each["rows"]] for each in answer.json()["groups"]}


@pytest.mark.usefixtures("year")
def test_two_days_of_the_list_with_its_filters(reader: Client) -> None:
    assert groups(reader, SINCE) == EXPECTED
    assert groups(reader, f"{ADDRESS}?compare=2026-01-16&as_of=2024-12-31") == EXPECTED
    assert groups(reader, f"{SINCE}&theme=tourism") == {**dict.fromkeys(EXPECTED, []), "silent": ["Silent"]}
    told = reader.get(SINCE).json()
    assert (told["first"], told["second"], told["earlier"]) == ("2024-12-31", "2026-01-16", None)
    rows = {row["title"]: row for group in told["groups"] for row in group["rows"]}
    assert (rows["New"]["status_before"], rows["New"]["deadline_before"]) == (None, None)
    assert (rows["Closed"]["status_before"], rows["Closed"]["status"]) == ("agreed", "dropped")
    assert rows["Later"]["deadline_before"] == {"wording": "soon"}
    assert rows["Later"]["deadline"] == {
        "wording": "in 2027",
        "earliest": "2027-01-01",
        "latest": "2027-12-31",
    }


@pytest.mark.usefixtures("year")
def test_it_says_what_the_page_says(reader: Client) -> None:
    for page, api in (
        ("/commitments/?compare=2024-12-31", SINCE),
        ("/mechanisms/joint-committee/compare/", f"{ADDRESS}?mechanism=joint-committee"),
    ):
        shown = reader.get(page).context["comparison"]
        told = reader.get(api).json()
        assert [(g["group"], g["count"], [r["reference"] for r in g["rows"]]) for g in told["groups"]] == [
            (g.key, g.count, [each.row.commitment.reference for each in g.rows]) for g in shown.groups
        ]
        assert (told["first"], told["second"]) == (str(shown.first), str(shown.second))


@pytest.mark.usefixtures("year")
def test_two_sessions_by_key_or_number_in_any_order(reader: Client) -> None:
    base = f"{ADDRESS}?mechanism=joint-committee"
    told = reader.get(base).json()
    assert (told["earlier"], told["later"]) == ("jc-1", "jc-2")
    for query in ("from=jc-1&to=jc-2", "from=2&to=1", "from=jc-1&to=2"):
        assert reader.get(f"{base}&{query}").json() == told
    assert {row["title"] for row in told["groups"][-1]["rows"]} == {"Moved", "Silent"}


@pytest.mark.usefixtures("year")
def test_pages_of_each_group(reader: Client) -> None:
    first = reader.get(f"{SINCE}&page_size=1").json()
    counts = {each["group"]: each["count"] for each in first["groups"]}
    assert counts == {key: len(titles) for key, titles in EXPECTED.items()}
    assert groups(reader, f"{SINCE}&page_size=1")["silent"] == ["Moved"]
    assert (first["previous"], "page=2" in first["next"]) == (None, True)
    second = reader.get(first["next"]).json()
    assert [row["title"] for row in second["groups"][-1]["rows"]] == ["Silent"]
    assert second["next"] is None
    assert reader.get(f"{SINCE}&page_size=1&page=3").status_code == 404


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("", "compare"),
        ("compare=", "compare"),
        ("compare=yesterday", "compare"),
        ("compare=2025-01-01&compare=2025-01-02", "compare"),
        ("compare=2025-01-01&states=open", "states"),
        ("compare=2025-01-01&from=jc-1", "from"),
        ("compare=2025-01-01&as_of=x", "as_of"),
        ("as_of=2025-01-01", "compare"),
        ("mechanism=unknown", "mechanism"),
        ("mechanism=%00", "mechanism"),
        ("mechanism=joint-committee&mechanism=other", "mechanism"),
        ("mechanism=other", "mechanism"),
        ("mechanism=joint-committee&from=jc-9", "from"),
        ("mechanism=joint-committee&from=jc-1&to=1", "to"),
        ("mechanism=joint-committee&state=open", "state"),
        ("mechanism=joint-committee&page=0", "page"),
    ],
)
@pytest.mark.usefixtures("year")
def test_what_is_not_understood_is_named(reader: Client, query: str, field: str) -> None:
    make.mechanism("other")
    answer = reader.get(f"{ADDRESS}?{query}")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])


@pytest.mark.slow
def test_it_takes_the_same_queries_for_3_and_for_30_rows(reader: Client) -> None:
    agency = make.agency()

    def more(count: int) -> None:
        for _ in range(count):
            pledge = make.commitment(occurred_on=dt.date(2024, 12, 1), agencies=(agency,))
            make.record(pledge, "in_progress", occurred_on=dt.date(2025, 3, 1))

    more(3)
    few = queries(reader, SINCE)
    more(27)
    assert queries(reader, SINCE) == few


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_first_and_the_last_day_of_the_calendar(reader: Client, day: str) -> None:
    make.commitment()
    assert reader.get(f"{ADDRESS}?compare={day}").status_code == 200
    assert reader.get(f"{SINCE}&as_of={day}").status_code == 200
