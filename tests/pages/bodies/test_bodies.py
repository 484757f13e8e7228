"""The pages of mechanisms, agencies and countries."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client

from commitments.models import Assignment, Commitment, Mention
from core import clock
from relations.models import Meeting
from tests import factories as make
from tests.clients import client_as
from tests.html import page_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: dt.date(2026, 1, 16))


def sections(client: Client, address: str) -> dict[str, list[str]]:
    page = client.get(address).context["page"]
    return {each.key: [row.commitment.title for row in each.rows.rows] for each in page.sections}


def mention(pledge: Commitment, meeting: Meeting, kind: str = "reaffirmed") -> None:
    paragraph = make.source().paragraphs.get(number=1)
    Mention.objects.create(commitment=pledge, meeting=meeting, paragraph=paragraph, kind=kind)


def session(number: int, day: dt.date | None, **fields: object) -> Meeting:
    fields.setdefault("title", f"Joint Committee, session {number}")
    return make.meeting(day, slug=f"jc-{number}", mechanism=make.mechanism(), session=number, **fields)


def next_session() -> Meeting:
    return session(
        22,
        None,
        status="planned",
        window_wording="at a suitable time in 2026",
        window_earliest=dt.date(2026, 1, 1),
        window_latest=dt.date(2026, 12, 31),
    )


def made_at(meeting: Meeting, **fields: object) -> Commitment:
    mention = make.FirstMention(meeting, make.source().paragraphs.get(number=1))
    return make.commitment(occurred_on=meeting.starts_on, mention=mention, **fields)


# -- mechanisms ------------------------------------------------------------------------------------------


def test_mechanism_shows_its_sessions_in_order_with_their_commitments(officer: Client) -> None:
    first, second = session(20, dt.date(2024, 12, 1)), session(21, dt.date(2025, 12, 9))
    kept, dropped = made_at(first, title="Kept"), made_at(first, title="Dropped")
    make.record(dropped, "dropped", occurred_on=dt.date(2025, 3, 1))
    mention(kept, second)
    made_at(second, title="Fresh")
    page = officer.get("/mechanisms/joint-committee/").context["page"]
    assert [each.meeting.session for each in page.sessions] == [20, 21]
    assert [[figure.n for figure in each.figures] for each in page.sessions] == [
        [2, 2, 1, 0, 0, 0, 0],
        [2, 1, 1, 1, 0, 0, 0],
    ]
    assert [each.days_since for each in page.sessions] == [None, 373]
    assert page.sessions[1].compare_url == "/mechanisms/joint-committee/compare/?from=jc-20&to=jc-21"
    assert sections(officer, "/mechanisms/joint-committee/") == {"open": ["Kept", "Fresh"]}


def test_mechanism_counts_down_to_the_next_session_and_shows_what_is_due_before(officer: Client) -> None:
    next_session()
    make.commitment(title="Due", deadline_wording="2026", deadline_latest=dt.date(2026, 12, 31))
    make.commitment(title="Late", deadline_wording="2024", deadline_latest=dt.date(2024, 12, 31))
    make.commitment(title="After", deadline_wording="2027", deadline_latest=dt.date(2027, 12, 31))
    make.commitment(
        title="Of others", codes=("LA", "VN"), deadline_wording="2026", deadline_latest=dt.date(2026, 6, 1)
    )
    answer = officer.get("/mechanisms/joint-committee/")
    countdown = "“at a suitable time in 2026”; the window closes in 349 days."
    assert countdown in page_of(answer).one(".head__fact").text
    assert sections(officer, "/mechanisms/joint-committee/")["due"] == ["Late", "Due"]
    due = answer.context["page"].sections[0]
    assert due.url == "/commitments/?due_before_session=joint-committee&country=KH"
    assert officer.get(due.url).context["page"].paginator.count == 2


def test_mechanism_without_sessions_says_how_to_add_one(officer: Client) -> None:
    make.mechanism("gms")
    page = text_of(officer.get("/mechanisms/gms/"))
    assert "No sessions yet. To add one, record a meeting of this mechanism." in page
    assert "Due before the next session" not in page


def test_sessions_to_come_are_counted_apart_from_those_held(officer: Client) -> None:
    next_session()

    def shown() -> tuple[list[str], list[str]]:
        side = page_of(officer.get("/mechanisms/joint-committee/")).texts(".sect--first .sect__side")
        return page_of(officer.get("/mechanisms/")).texts(".lines .quiet"), side

    assert shown() == (["no session held yet · 1 session to come"], ["Sessions 1 session to come"])
    session(21, dt.date(2025, 12, 9))
    assert shown() == (
        ["1 session, last on 9 Dec 2025 · 1 session to come"],
        ["Sessions 1 1 session to come"],
    )


def test_session_with_an_unknown_date_shows_its_wording(officer: Client) -> None:
    session(
        19,
        None,
        window_wording="February 2025",
        window_earliest=dt.date(2025, 2, 1),
        window_latest=dt.date(2025, 2, 28),
    )
    session(20, dt.date(2025, 12, 9))
    page = officer.get("/mechanisms/joint-committee/")
    assert "1 Feb 2025" not in page.content.decode()
    assert page.context["page"].sessions[1].days_since is None
    Meeting.objects.filter(slug="jc-20").delete()
    assert "February 2025" in officer.get("/mechanisms/").content.decode()


# -- agencies --------------------------------------------------------------------------------------------


def test_agency_shows_its_commitments_by_what_they_need(officer: Client) -> None:
    agency, other = make.agency("vn-mofa"), make.agency("vn-mnd")
    led = {"agencies": (agency,)}
    make.commitment(title="Late", deadline_wording="2024", deadline_latest=dt.date(2024, 12, 31), **led)
    make.commitment(title="Soon", deadline_wording="March", deadline_latest=dt.date(2026, 3, 31), **led)
    make.commitment(title="Review", deadline_wording="soon", review_on=dt.date(2026, 1, 16), **led)
    make.commitment("fulfilled", title="Done", **led)
    fresh = make.commitment(title="Supported", occurred_on=dt.date(2026, 1, 1))
    Assignment.objects.create(commitment=fresh, agency=agency, role="support")
    make.commitment(title="Of another", agencies=(other,))
    assert sections(officer, "/agencies/vn-mofa/") == {
        "overdue": ["Late"],
        "due": ["Soon"],
        "review": ["Review"],
        "quiet": ["Late", "Soon", "Review"],
        "open": ["Late", "Soon", "Review", "Supported"],
        "closed": ["Done"],
    }
    page = officer.get("/agencies/vn-mofa/")
    assert (page.context["page"].open, page.context["page"].leads) == (4, 3)
    roles = page_of(page).texts(".reg__what .reg__under")
    assert roles == [*["lead agency"] * 3, "supporting agency", "lead agency"]
    summary = "4 open, 3 of them as lead agency, 1 overdue on 16 January 2026."
    assert page_of(page).one(".head__fact").text == summary


def test_only_staff_see_focal_points(officer: Client, reader: Client) -> None:
    agency = make.agency("vn-mofa")
    make.user("focal_point", agency=agency, first_name="Felix", last_name="Focal")
    named = make.user("focal_point", first_name="Nina", last_name="Named")
    make.user("focal_point", agency=agency, first_name="Gone", last_name="Away", is_active=False)
    pledge = make.commitment(agencies=(agency,))
    Assignment.objects.filter(commitment=pledge).update(focal_point=named)
    points = officer.get("/agencies/vn-mofa/").context["page"].focal_points
    assert [(each.name, each.assigned) for each in points] == [("Felix Focal", 0), ("Nina Named", 1)]
    answer = reader.get("/agencies/vn-mofa/")
    assert answer.context["page"].focal_points is None
    assert "Felix" not in answer.content.decode()


def test_invisible_commitments_are_counted_nowhere(reader: Client) -> None:
    agency = make.agency("vn-mofa")
    make.commitment(title="A secret pledge", classification=3, agencies=(agency,))
    made_at(session(21, dt.date(2025, 12, 9)), title="A secret pledge", classification=3)
    stranger = client_as("focal_point", agency=make.agency("vn-mnd"), clearance=3)
    for client in (reader, stranger):
        for path in (
            "/agencies/vn-mofa/",
            "/countries/KH/",
            "/countries/VN/",
            "/mechanisms/joint-committee/",
        ):
            answer = client.get(path)
            assert "A secret pledge" not in answer.content.decode()
            assert {each.count for each in answer.context["page"].sections} == {0}, path
        assert "1 open" not in text_of(client.get("/countries/"))
        assert "1 open" not in text_of(client.get("/agencies/"))


# -- countries -------------------------------------------------------------------------------------------


def test_country_shows_our_commitments_theirs_and_joint_ones(officer: Client) -> None:
    make.commitment(title="Ours", obligated=("VN",))
    make.commitment("in_progress", title="Theirs", obligated=("KH",))
    make.commitment(title="Joint")
    make.commitment(title="Of three", codes=("KH", "LA", "VN"), obligated=("LA", "VN"))
    make.commitment(title="Of Laos alone", codes=("KH", "LA", "VN"), obligated=("LA",))
    make.commitment("requested", title="Asked", obligated=("VN",))
    make.commitment("standing", title="Duty", nature="principle")
    make.commitment("fulfilled", title="Done", obligated=("VN",))
    make.commitment(title="With Laos", codes=("LA", "VN"), obligated=("VN",))
    assert sections(officer, "/countries/KH/") == {
        "ours": ["Ours"],
        "theirs": ["Theirs"],
        "joint": ["Of three", "Joint", "Duty"],
        "requested": ["Asked"],
        "review": [],
        "others": ["Of Laos alone"],
    }
    assert officer.get("/countries/KH/").context["page"].open.n == 7
    assert sections(officer, "/countries/KH/?group=others") == {"others": ["Of Laos alone"]}


@pytest.mark.parametrize(("n", "named", "more"), [(12, 12, 0), (13, 13, 0), (14, 12, 2)])
def test_a_country_never_omits_a_single_agency(n: int, named: int, more: int, officer: Client) -> None:
    for number in range(n):
        make.agency(f"kh-{number}", "KH", name=f"Ministry {number:02}")
    bodies = officer.get("/countries/KH/").context["bodies"]
    assert (len(bodies.agencies), bodies.more_agencies) == (named, more)


def test_our_own_country_shows_its_partners(officer: Client) -> None:
    make.commitment(title="To Cambodia", obligated=("VN",))
    make.commitment(title="To both", codes=("KH", "LA", "VN"), obligated=("VN",))
    make.commitment(title="To Laos", codes=("LA", "VN"), obligated=("VN",))
    make.commitment(title="From Laos", codes=("LA", "VN"), obligated=("LA",))
    make.commitment("requested", title="Asked", codes=("LA", "VN"))
    make.commitment(
        title="Joint", codes=("LA", "VN"), deadline_wording="2024", deadline_latest=dt.date(2024, 12, 31)
    )
    page = officer.get("/countries/VN/").context["page"]
    figures = {
        each.country.code: [
            getattr(each, name).n for name in ("ours", "theirs", "joint", "requested", "review", "overdue")
        ]
        for each in page.partners
    }
    assert figures == {"LA": [2, 1, 1, 1, 0, 1], "KH": [2, 0, 0, 0, 0, 0]}
    assert sections(officer, "/countries/VN/") == {
        "ours": ["To both", "To Cambodia", "To Laos"],
        "joint": ["Joint"],
        "requested": ["Asked"],
        "review": [],
    }


def test_a_long_joint_section_is_shortened_and_can_be_shown_in_full(officer: Client) -> None:
    for _ in range(27):
        make.commitment()
    assert len(sections(officer, "/countries/KH/")["joint"]) == 25
    links = page_of(officer.get("/countries/KH/")).links("#joint")
    assert links["All 27: Joint commitments"] == "/countries/KH/?group=joint"
    assert {key: len(rows) for key, rows in sections(officer, "/countries/KH/?group=joint").items()} == {
        "joint": 27
    }


def test_a_code_is_written_in_capitals(officer: Client) -> None:
    make.commitment()
    assert officer.get("/countries/KH/").status_code == 200
    assert officer.get("/countries/kh/").status_code == 404
    assert officer.get("/countries/XX/").status_code == 404


# -- lists, errors, links, queries -----------------------------------------------------------------------


def test_lists_of_bodies_count_what_is_open(officer: Client) -> None:
    make.commitment(agencies=(make.agency("vn-mofa"),))
    session(21, dt.date(2025, 12, 9))
    countries = officer.get("/countries/").context["page"].object_list
    assert [(each.code, each.open) for each in countries] == [("KH", 1), ("VN", 1)]
    assert [each.open for each in officer.get("/agencies/").context["page"].object_list] == [1]
    assert [each.held_n for each in officer.get("/mechanisms/").context["page"].object_list] == [1]
    for path in ("/countries/", "/agencies/", "/mechanisms/"):
        assert officer.get(f"{path}?page=2").status_code == 404
        assert officer.get(f"{path}?page=none").status_code == 400
        assert officer.get(f"{path}?as_of=2024-01-01").status_code == 200


@pytest.mark.parametrize(
    ("query", "named"),
    [("as_of=2025-02-30", "as_of"), ("as_of=2025-01-01&as_of=2025-01-02", "as_of"), ("grup=joint", "grup")],
)
@pytest.mark.parametrize("path", ["/mechanisms/joint-committee/", "/agencies/vn-mofa/", "/countries/KH/"])
def test_unknown_parameters_are_named_and_no_commitment_is_shown(
    path: str, query: str, named: str, officer: Client
) -> None:
    make.commitment(title="A pledge", agencies=(make.agency("vn-mofa"),))
    make.mechanism()
    answer = officer.get(f"{path}?{query}")
    assert answer.status_code == 400
    assert named in answer.content.decode()
    assert "A pledge" not in answer.content.decode()
    assert officer.get("/countries/KH/?group=late").status_code == 400


def test_pages_link_to_the_countries_and_agencies_they_name(officer: Client) -> None:
    meeting = session(21, dt.date(2025, 12, 9), country=make.country("KH"))
    pledge = made_at(meeting, agencies=(make.agency("vn-mofa"),))
    detail = officer.get(pledge.get_absolute_url()).content.decode()
    for link in ("/agencies/vn-mofa/", "/countries/KH/", "/countries/VN/"):
        assert f'href="{link}"' in detail
    page = officer.get("/meetings/jc-21/").content.decode()
    for link in ("/mechanisms/joint-committee/", "/countries/KH/"):
        assert f'href="{link}"' in page
    agency = officer.get("/agencies/vn-mofa/").content.decode()
    assert 'href="/countries/VN/"' in agency
    links = page_of(officer.get("/agencies/vn-mofa/")).links("h2")
    assert links["Overdue"] == "/commitments/?agency=vn-mofa&overdue=true"
    assert links["No news for 365 days"] == "/commitments/?agency=vn-mofa&quiet_for=365"


def test_three_rows_need_as_many_queries_as_three_hundred(
    officer: Client, queries: Callable[[Client, str], int]
) -> None:
    agency, addresses = (
        make.agency("vn-mofa"),
        [
            "/mechanisms/joint-committee/",
            "/agencies/vn-mofa/",
            "/countries/KH/",
            "/countries/VN/",
            "/countries/KH/?as_of=2025-12-31",
            "/countries/",
            "/agencies/",
            "/mechanisms/",
        ],
    )
    next_session()
    held = [session(number, dt.date(2024, 1, number)) for number in (1, 2, 3)]
    late = {"deadline_wording": "2024", "deadline_latest": dt.date(2024, 12, 31), "agencies": (agency,)}

    for meeting in held:
        alike = [
            made_at(meeting, **late),
            make.commitment(obligated=("VN",), **late),
            make.commitment(obligated=("KH",), **late),
            make.commitment("requested", **late),
        ]
    few = {address: queries(officer, address) for address in addresses}
    make.many(297, *alike)
    for number in range(4, 14):
        held.append(session(number, dt.date(2024, 2, number)))
        made_at(held[-1], **late)
    assert {address: queries(officer, address) for address in addresses} == few


@pytest.mark.parametrize(
    "path",
    [
        *("/countries/", "/agencies/", "/mechanisms/", "/countries/KH/", "/agencies/vn-mofa/"),
        *("/mechanisms/joint-committee/", "/mechanisms/joint-committee/compare/"),
        *("/countries/?as_of=soon", "/countries/KH/?as_of=soon", "/agencies/vn-mofa/?as_of=soon"),
        *("/mechanisms/joint-committee/?as_of=soon", "/mechanisms/joint-committee/compare/?to=none"),
    ],
)
def test_the_navigation_marks_countries_and_agencies_as_the_current_section(
    path: str, officer: Client
) -> None:
    make.country("KH"), make.agency("vn-mofa"), make.mechanism()
    navigation = page_of(officer.get(path)).select("nav")[0]
    assert [link["href"] for link in navigation.select('a[aria-current="page"]')] == ["/countries/"]


def test_each_list_links_to_the_others(officer: Client) -> None:
    for path, label in (
        ("/countries/", "Countries"),
        ("/agencies/", "Agencies"),
        ("/mechanisms/", "Mechanisms"),
        ("/people/", "People"),
    ):
        tabs = page_of(officer.get(path)).one("nav.tabs")
        assert list(tabs.links().values()) == ["/countries/", "/agencies/", "/mechanisms/", "/people/"]
        assert tabs.texts('a[aria-current="page"]') == [label]
