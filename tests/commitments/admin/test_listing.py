"""The admin's list of commitments: filters, order, search, and only commitments the person may see."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments.models import Commitment
from commitments.services.transitions import apply_transition
from relations.models import Mechanism
from tests import factories as make
from tests.clients import client_as
from tests.html import page_of, text_of

LIST = "/admin/commitments/commitment/"
pytestmark = pytest.mark.django_db


def shown(client: Client, query: str = "") -> list[str]:
    response = client.get(f"{LIST}{query}")
    assert response.status_code == 200
    return [row.title for row in response.context["cl"].result_list]


def test_a_row_shows_status_deadline_countries_agencies_and_last_news() -> None:
    mofa = make.agency("vn-mofa", acronym="MOFA")
    make.commitment(
        "stalled",
        title="Build the bridge",
        obligated=("KH",),
        agencies=(mofa,),
        deadline_wording="by the end of 2024",
        deadline_latest=dt.date(2024, 12, 31),
    )
    page = client_as("officer").get(LIST)
    words = text_of(page)
    assert "Build the bridge" in words
    assert "stalled" in words
    assert "by the end of 2024" in words
    assert "31 Dec 2024" in words
    late = (dt.date.today() - dt.date(2024, 12, 31)).days  # noqa: DTZ011  (the day of the test)
    assert f"overdue {late} days" in words or f"overdue {late + 1} days" in words
    assert "MOFA" in words
    assert "13 Jul 2024" in words
    shape = page_of(page).one("#result_list .status use")
    assert shape["href"] == "/static/img/shapes.svg#s-stalled"


def test_agencies_with_the_same_short_name_are_listed_with_their_country() -> None:
    ours, theirs = make.agency("vn-mnd", acronym="MND"), make.agency("kh-mnd", "KH", acronym="MND")
    make.commitment(agencies=(ours, theirs, make.agency("vn-mofa", acronym="MOFA")))
    page = client_as("officer").get(LIST)
    assert page_of(page).texts("td.field-lead_shown") == ["MND (VN), MND (KH), MOFA"]
    words = text_of(page).split("By agency")[1]
    for name in ("MND (KH)", "MND (VN)", "MOFA"):
        assert name in words
    assert "MOFA (" not in words


@pytest.fixture
def six() -> None:
    mofa = make.agency("vn-mofa")
    make.commitment(title="open one", theme=make.theme("trade"), agencies=(mofa,))
    make.commitment("fulfilled", title="closed one", nature="event", agencies=(mofa,))
    make.commitment(
        "in_progress",
        title="late one",
        agencies=(mofa,),
        deadline_wording="in 2024",
        deadline_latest=dt.date(2024, 12, 31),
    )
    make.commitment(title="to look at again", review_on=dt.date(2025, 1, 1), codes=("LA", "VN"))
    waiting = make.commitment(title="waiting", agencies=(make.agency("kh-mfa", "KH"),))
    apply_transition(
        commitment=waiting, name="submit", actor=make.user("officer"), note="x", outcome="dropped"
    )


@pytest.mark.usefixtures("six")
@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("?group=open", {"open one", "late one", "to look at again", "waiting"}),
        ("?group=closed", {"closed one"}),
        ("?group=overdue", {"late one"}),
        ("?group=awaiting", {"waiting"}),
        ("?group=review_due", {"to look at again"}),
        ("?group=no_agency", {"to look at again"}),
        ("?status=agreed", {"open one", "to look at again"}),
        ("?status=fulfilled&status=in_progress", {"closed one", "late one"}),
        ("?nature=event", {"closed one"}),
        ("?theme=trade", {"open one"}),
        ("?country=LA", {"to look at again"}),
        ("?agency=kh-mfa", {"waiting"}),
        ("?agency=none", {"to look at again"}),
        ("?group=open&agency=vn-mofa", {"open one", "late one"}),
        ("?q=LATE", {"late one"}),
    ],
)
def test_each_filter_shows_its_rows(query: str, titles: set[str]) -> None:
    assert set(shown(client_as("officer"), query)) == titles


@pytest.mark.usefixtures("six")
def test_awaiting_your_decision_excludes_ones_own_submission() -> None:
    both = make.user("officer", "reviewer")
    mine = make.commitment(title="mine")
    apply_transition(commitment=mine, name="submit", actor=both, note="x", outcome="dropped")
    client = client_as(both)
    assert shown(client, "?group=awaiting_me") == ["waiting"]
    assert set(shown(client, "?group=awaiting")) == {"waiting", "mine"}


def test_filters_by_meeting_and_mechanism() -> None:
    mechanism = Mechanism.objects.create(slug="jc", name="Joint Committee")
    session = make.meeting(slug="jc-21", mechanism=mechanism, session=21)
    place = make.FirstMention(session, make.source().paragraphs.get(number=1))
    make.commitment(title="there", mention=place)
    make.commitment(title="elsewhere")
    client = client_as("officer")
    assert shown(client, "?meeting=jc-21") == ["there"]
    assert shown(client, "?mechanism=jc") == ["there"]


@pytest.mark.usefixtures("six")
@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("?group=opened", "opened"),
        ("?group=open&group=closed", "open, closed"),
        ("?stat=open", "stat"),
        ("?status=agreeed", "agreeed"),
        ("?theme=nothing", "nothing"),
        ("?title__icontains=one", "title__icontains"),
        ("?o=77", "77"),
        ("?o=²", "²"),
    ],
)
def test_an_unknown_filter_is_an_error_that_names_it(query: str, named: str) -> None:
    response = client_as("officer").get(f"{LIST}{query}")
    assert response.status_code == 400
    words = text_of(response)
    assert named in words
    assert "late one" not in words


def test_a_page_past_the_end_is_not_found() -> None:
    assert client_as("officer").get(f"{LIST}?p=9").status_code == 404


def test_search_ignores_diacritics_and_spelling() -> None:
    make.commitment(title="Đón Thủ tướng Việt Nam")
    make.commitment(title="Something else", codes=("KH", "LA"))
    client = client_as("officer")
    for words in ("don thu tuong", "Đón", "Viet Nam", "vietnam"):
        assert shown(client, f"?q={words}") == ["Đón Thủ tướng Việt Nam"]
    assert shown(client, "?q=-vietnam") == ["Something else"]


def test_references_are_sorted_by_number_not_as_text() -> None:
    for made, serial in [(make.commitment(title=str(serial)), serial) for serial in (1000, 20, 10)]:
        Commitment.objects.filter(pk=made.pk).update(serial=serial, reference=f"KHVN-2024-{serial:03d}")
    client = client_as("officer")
    assert shown(client) == ["10", "20", "1000"]
    assert shown(client, "?o=1") == ["10", "20", "1000"]
    assert shown(client, "?o=-1") == ["1000", "20", "10"]


def test_commitments_without_deadline_come_last_when_sorted_by_deadline() -> None:
    make.commitment(title="none")
    make.commitment(title="late", deadline_wording="x", deadline_latest=dt.date(2030, 1, 1))
    make.commitment(title="soon", review_on=dt.date(2029, 1, 1))
    columns = client_as("officer").get(LIST).context["cl"].list_display
    number = columns.index("deadline_shown")
    assert shown(client_as("officer"), f"?o={number}") == ["soon", "late", "none"]
    assert shown(client_as("officer"), f"?o=-{number}") == ["late", "soon", "none"]


def test_a_commitment_above_the_clearance_is_not_listed_found_or_opened() -> None:
    secret = make.commitment(title="Hidden pledge", classification=2)
    make.commitment(title="Plain pledge")
    client = client_as("officer", clearance=1)
    assert shown(client) == ["Plain pledge"]
    assert shown(client, "?q=hidden") == []
    for page in ("change/", "history/", "transition/start/", "deadline/", "progress/"):
        assert client.get(f"{LIST}{secret.pk}/{page}").status_code == 404
    found = client.get(
        "/admin/autocomplete/?app_label=commitments&model_name=commitment&field_name=successor&term=pledge"
    ).json()
    assert [each["text"].split(" ", 1)[1] for each in found["results"]] == ["Plain pledge"]
    assert shown(client_as("administrator", clearance=2), "?q=hidden") == ["Hidden pledge"]


def test_a_theme_counts_only_commitments_that_the_person_may_see() -> None:
    make.commitment(theme=make.theme("trade"))
    make.commitment(theme=make.theme("trade"), classification=3)
    page = client_as("officer").get("/admin/commitments/theme/")
    assert {row.slug: row.commitment_total for row in page.context["cl"].result_list}["trade"] == 1


@pytest.mark.slow
def test_the_number_of_queries_does_not_grow_with_the_rows() -> None:
    def queries(client: Client) -> int:
        client.get(LIST)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            response = client.get(f"{LIST}?all=")
        assert response.status_code == 200
        return len(captured)

    client, mofa = client_as("officer"), make.agency("vn-mofa")
    place = make.FirstMention(make.meeting(), make.source().paragraphs.get(number=1))
    actor = make.user("officer", clearance=3)
    for _n in range(3):
        made = make.commitment(mention=place, agencies=(mofa,), actor=actor)
    three = queries(client)
    make.many(197, made)  # the admin shows no more than 200 at once
    assert len(shown(client, "?all=")) == 200
    assert queries(client) == three


@pytest.mark.usefixtures("six")
def test_the_first_page_counts_the_groups() -> None:
    words = text_of(client_as("reviewer").get("/admin/"))
    for group in (
        "Open 4",
        "Closed 1",
        "Overdue 1",
        "Awaiting your decision 1",
        "Due for review 1",
        "No agency 1",
    ):
        assert group in words
