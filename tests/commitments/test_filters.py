"""Every filter parameter on the shipped register: page and API show the same rows, or refuse alike."""

import pytest
from django.test import Client

from accounts.models import User
from commitments.filtersets import CommitmentFilterSet
from tests import factories as make
from tests.clients import client_as
from tests.html import page_of

pytestmark = [pytest.mark.usefixtures("register"), pytest.mark.django_db]

ONE = "q=khvn-2025-023"
# Counted in the register file itself, not by this program. What q= searches there: reference, title, text,
# remarks, cited paragraphs, theme, countries, assigned agencies; and mechanism, place and people of the
# meetings where it was agreed or requested.
COUNTS = {
    "": 77,
    "state=open": 76,
    "state=closed": 1,
    "state=open&theme=border": 12,
    "status=agreed": 58,
    "status=agreed&status=standing": 61,
    "status=in_progress": 13,
    "status=under_review": 0,
    "figure=any": 72,
    "figure=no_report": 58,
    "figure=reported&theme=border": 2,
    "figure=claimed": 0,
    "nature=principle": 3,
    "nature=target&nature=event": 7,
    "theme=border&theme=tourism": 14,
    "country=LA": 5,
    "country=KH&country=VN": 77,
    "obligated=KH": 73,
    "obligated=LA": 2,
    "only_obligated=KH&state=open": 5,
    "obligated=KH&only_obligated=KH&state=open": 5,
    "agency=none": 66,
    "lead_agency=none": 67,
    "agency=vn-mofa": 2,
    "agency=vn-mofa&agency=none": 68,
    "lead_agency=vn-mofa": 2,
    "officer=none": 77,
    "officer=me": 0,
    "holder=other_side": 5,
    "holder=nobody": 64,
    "report_awaited=me": 0,
    "report_awaited=anyone": 0,
    "mechanism=joint-committee": 26,
    "meeting=jc-21": 26,
    "made_at=jc-21": 8,
    "source=note-2025-12-09-jc21": 26,
    "person=le-hoai-trung": 34,
    "made_after=2025-12-08": 27,
    "made_before=2024-07-13": 43,
    "made_after=2025-09-11&made_before=2025-09-11": 7,
    "due_after=2026-01-01": 3,
    "due_before=2024-12-31": 2,
    "due_within=349&as_of=2026-01-16": 3,
    "due_within=348&as_of=2026-01-16": 0,
    "due_before_session=joint-committee&as_of=2026-01-16": 5,
    "overdue=true&as_of=2026-01-16": 2,
    "overdue=false&as_of=2026-01-16": 75,
    "overdue=true&as_of=2026-12-31": 2,
    "overdue=true&as_of=2027-01-01": 5,
    "overdue=true&as_of=2024-12-31": 0,
    "review_due=true&as_of=2026-06-29": 0,
    "review_due=true&as_of=2026-06-30": 5,
    "review_due=false&as_of=2026-06-30": 72,
    "quiet_for=365&as_of=2026-01-16": 21,
    "quiet_for=38&as_of=2026-01-16": 62,
    "quiet_for=39&as_of=2026-01-16": 44,
    "mentions_min=1": 77,
    "mentions_min=3": 19,
    "mentions_min=5": 2,
    "mentions_min=6": 0,
    "has_target=true": 2,
    "has_target=false": 75,
    "entered_in_error=true": 0,
    "entered_in_error=false": 77,
    "awaiting=me": 0,
    "returned=me": 0,
    "submitted_by=me": 0,
    "watching=me": 0,
    "as_of=2024-07-12": 0,
    "as_of=2024-07-13": 43,
    "as_of=2025-12-01": 50,
    "as_of=2025-12-01&status=agreed": 44,
    "as_of=2025-12-01&status=in_progress": 2,
    "as_of=2025-12-01&status=requested": 1,
    "as_of=2999-01-01": 77,
    "q=Vietnam": 77,
    "q=Viet+Nam": 77,
    "q=Vi%E1%BB%87t+Nam": 77,
    "q=VIET+NAM": 77,
    "q=laos": 7,
    "q=border+gate": 13,
    "q=gate+border": 13,
    "q=%22border+gate%22": 13,
    ONE: 1,
    "q=mekong+-united": 3,
    "q=-%22border+gate%22": 64,
    "q=hun+manet": 59,
    "q=%22le+hoai+trung%22": 19,
    "q=mofa": 2,
    "q=airlines": 1,
    "q=joint+committee": 10,
    "q=phnom+penh": 43,
    "q=vn": 1,
    "q=un": 11,
    "q=to": 72,
    "q=%25": 0,
    "q=": 77,
    "status=&theme=&page=": 77,
    "page_size=500": 77,
    "page_size=1": 77,
}
BAD = {
    "stat=open": "stat",
    "state=ajar": "state",
    "status=done": "status",
    "status=agreed&status=done": "status",
    "figure=done": "figure",
    "nature=poem": "nature",
    "theme=borders": "theme",
    "country=XX": "country",
    "country=vn": "country",
    "obligated=ZZ": "obligated",
    "only_obligated=ZZ": "only_obligated",
    "agency=nobody": "agency",
    "lead_agency=None": "lead_agency",
    "officer=nobody-here": "officer",
    "officer=me&officer=none": "officer",
    "holder=me": "holder",
    "report_awaited=true": "report_awaited",
    "holder=officer&holder=reviewer": "holder",
    "mechanism=x": "mechanism",
    "meeting=none": "meeting",
    "made_at=x": "made_at",
    "source=x": "source",
    "person=x": "person",
    "made_after=2025": "made_after",
    "made_before=2025-02-30": "made_before",
    "due_after=soon": "due_after",
    "due_before=31/12/2025": "due_before",
    "due_within=-1": "due_within",
    "due_within=many": "due_within",
    "due_within=99999999999": "due_within",
    "due_before_session=x": "due_before_session",
    "overdue=yes": "overdue",
    "overdue=1": "overdue",
    "overdue=True": "overdue",
    "review_due=0": "review_due",
    "quiet_for=1.5": "quiet_for",
    "mentions_min=-3": "mentions_min",
    "has_target=maybe": "has_target",
    "entered_in_error=yes": "entered_in_error",
    "awaiting=you": "awaiting",
    "returned=you": "returned",
    "submitted_by=officer": "submitted_by",
    "watching=you": "watching",
    "as_of=today": "as_of",
    "as_of=២០២៥-១២-០១": "as_of",
    "due_after=٢٠٢٥-١٢-٠١": "due_after",
    "ordering=random": "ordering",
    "ordering=title,-random": "ordering",
    "page=0": "page",
    "page=first": "page",
    "page_size=0": "page_size",
    "page_size=501": "page_size",
    "q=%00": "q",
    "theme=%00": "theme",
    "state=open&state=closed": "state",
    f"q={'x' * 201}": "q",
}


@pytest.fixture(scope="module")
def reader(register: None, kept_for_module: None) -> Client:
    return client_as("reader")


def references_on_page(client: Client, query: str) -> list[str]:
    answer = client.get(f"/commitments/?{query}")
    assert answer.status_code == 200, query
    return [words.split()[0] for words in page_of(answer).texts("td.ref")]


def test_every_parameter_has_a_count_and_an_invalid_value() -> None:
    counted = {part.split("=")[0] for query in COUNTS for part in query.split("&") if part}
    refused = {next(iter(BAD[query].split())) for query in BAD}
    declared = set(CommitmentFilterSet.base_filters)
    assert declared - counted == {"ordering"}
    assert declared - refused == set()


def test_all_errors_are_reported_together(reader: Client) -> None:
    answer = reader.get("/api/v1/commitments/?stat=open&theme=x&state=open&state=closed&as_of=today")
    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == {"stat", "theme", "state", "as_of"}
    answer = reader.get("/api/v1/commitments/?stat=open&theme=%00")
    assert set(answer.json()["errors"]) == {"stat", "theme"}


@pytest.mark.slow
@pytest.mark.parametrize("query", COUNTS)
def test_page_and_api_show_the_same_rows(query: str, reader: Client) -> None:
    size = "" if "page_size" in query else "&page_size=500"
    api = reader.get(f"/api/v1/commitments/?{query}{size}")
    assert api.status_code == 200
    assert api.json()["count"] == COUNTS[query]
    references = [row["reference"] for row in api.json()["results"]]
    assert len(references) == (1 if query == "page_size=1" else COUNTS[query])
    if query == ONE:
        # Only the page redirects to the commitment.
        answer = reader.get(f"/commitments/?{query}{size}")
        assert (answer.status_code, answer.headers["Location"]) == (302, f"/commitments/{references[0]}/")
        return
    assert references_on_page(reader, f"{query}{size}") == references


@pytest.mark.parametrize("query", BAD)
def test_page_and_api_refuse_alike_and_name_the_parameter(query: str, reader: Client) -> None:
    api = reader.get(f"/api/v1/commitments/?{query}")
    assert api.status_code == 400
    assert list(api.json()["errors"]) == [BAD[query]]
    page = reader.get(f"/commitments/?{query}")
    assert page.status_code == 400
    assert BAD[query] in page.content.decode()
    assert "KHVN-" not in page.content.decode()


def test_overdue_names_the_two_of_2024(reader: Client) -> None:
    rows = reader.get("/api/v1/commitments/?overdue=true&as_of=2026-01-16").json()["results"]
    assert [(row["reference"], row["overdue_days"]) for row in rows] == [
        ("KHVN-2024-039", 381),
        ("KHVN-2024-040", 381),
    ]


@pytest.mark.parametrize("name", ["overdue", "review_due", "has_target"])
@pytest.mark.parametrize("as_of", ["2025-12-01", "2026-07-01"])
def test_false_is_the_complement_of_true(name: str, as_of: str, reader: Client) -> None:
    def ask(query: str) -> set[str]:
        answer = reader.get(f"/api/v1/commitments/?page_size=500&as_of={as_of}&{query}").json()
        return {row["reference"] for row in answer["results"]}

    yes, no = ask(f"{name}=true"), ask(f"{name}=false")
    assert yes.isdisjoint(no)
    assert yes | no == ask("")


@pytest.mark.parametrize(
    ("ordering", "first", "last"),
    [
        ("", "KHLAVN-2024-001", "KHVN-2026-001"),
        ("-reference", "KHVN-2026-001", "KHLAVN-2024-001"),
        ("deadline", "KHVN-2024-039", None),
        ("-deadline", "KHVN-2024-020", None),
        ("made", "KHLAVN-2024-001", "KHVN-2026-001"),
        ("-last_activity", "KHVN-2024-001", None),
        ("status,-reference", "KHVN-2026-001", "KHVN-2025-001"),
    ],
)
def test_ordering(ordering: str, first: str, last: str | None, reader: Client) -> None:
    query = f"?page_size=500&as_of=2026-01-16&ordering={ordering}"
    rows = reader.get(f"/api/v1/commitments/{query}").json()["results"]
    assert rows[0]["reference"] == first
    assert last is None or rows[-1]["reference"] == last


def test_pages_follow_each_other_and_end(reader: Client) -> None:
    seen, url = [], "/api/v1/commitments/?page_size=30"
    while url:
        answer = reader.get(url).json()
        seen += [row["reference"] for row in answer["results"]]
        url = answer["next"]
    assert len(seen) == len(set(seen)) == 77
    for path in ("/api/v1/commitments/", "/commitments/"):
        assert reader.get(f"{path}?page=3").status_code == 404
        assert reader.get(f"{path}?status=stalled&page=1").status_code == 200


def test_a_past_date_shows_the_register_then_and_offers_no_actions() -> None:
    client = client_as("officer")
    url = "/api/v1/commitments/?q=khvn-2024-018"
    then = client.get(f"{url}&as_of=2025-11-29").json()["results"][0]
    now = client.get(url).json()["results"][0]
    assert (then["status"], now["status"]) == ("agreed", "in_progress")
    assert [mention["meeting"] for mention in then["mentions"]] == ["phnom-penh-2024-07"]
    assert len(now["mentions"]) == 5
    assert then["target"].get("readings", []) == []
    assert then["available_transitions"] == []
    assert now["available_transitions"] == ["stall", "submit"]


def test_invisible_rows_are_in_no_response() -> None:
    make.commitment(title="Open secret", classification=3)
    for user, count in (
        (make.user("reader"), 77),
        (make.user("reader", clearance=3), 78),
        (make.user("administrator"), 77),
        (User.objects.get(pk=make.user(is_superuser=True).pk), 77),
        (make.user("focal_point", agency=make.agency("vn-mofa")), 2),
        (make.user("focal_point"), 0),
        (make.user(), 0),
    ):
        client = client_as(user)
        assert client.get("/api/v1/commitments/").json()["count"] == count
        page = client.get("/commitments/?page_size=500")
        assert ("Open secret" in page.content.decode()) == (count == 78)
