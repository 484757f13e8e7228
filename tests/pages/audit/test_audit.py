"""The page of the audit log, who may open it, and its export."""

import csv
import io

import pytest
from django.db import connection
from django.db.models import Count
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from commitments.models import Commitment
from core.audit.models import AuditEntry
from core.audit.sealing import seal_all
from relations.models import Mechanism
from tests import factories as make
from tests.clients import client_as
from tests.html import text_of

pytestmark = [pytest.mark.usefixtures("register"), pytest.mark.django_db]


@pytest.fixture
def auditor() -> User:
    return make.user("security_officer", clearance=3)


@pytest.fixture
def client(auditor: User) -> Client:
    return client_as(auditor)


@pytest.fixture
def pledge() -> Commitment:
    pledge = make.commitment(title="Bridge at ស្ថានីយ៍")
    officer = client_as(make.user("officer", username="olive"))
    officer.post(f"/commitments/{pledge.reference}/transitions/start/", {"note": "Piles driven.", "seen": 1})
    return pledge


def test_an_entry_says_who_what_why_and_from_where(client: Client, pledge: Commitment) -> None:
    page = text_of(client.get("/audit/", {"account": "Olive", "table": "commitments_statuschange"}))
    for words in ("olive", "page", pledge.reference, "Piles driven.", "not yet"):
        assert words in page


def test_the_seal_is_shown(client: Client, pledge: Commitment) -> None:
    seal_all()
    answer = client.get("/audit/")
    assert f"Sealed up to number {answer.context['head'].sequence:,}" in text_of(answer)
    assert answer.context["unsealed"] == 0


def test_filters(client: Client, pledge: Commitment) -> None:
    assert {line.entry.door for line in client.get("/audit/", {"door": "page"}).context["lines"]} == {"page"}
    assert client.get("/audit/", {"after": "2999-01-01"}).context["lines"] == []
    assert client.get("/audit/", {"before": "2999-01-01"}).context["lines"] != []


@pytest.mark.parametrize(
    "query", [{"door": "window"}, {"table": "auth_user"}, {"after": "soon"}, {"who": "olive"}, {"page": "x"}]
)
@pytest.mark.parametrize("address", ["/audit/", "/audit/export.csv"])
def test_bad_parameters_show_no_rows(client: Client, address: str, query: dict[str, str]) -> None:
    answer = client.get(address, query)
    assert answer.status_code == 400
    assert "olive" not in answer.content.decode()


def test_the_export_has_the_rows_of_the_page(client: Client, pledge: Commitment) -> None:
    seal_all()
    make.user("officer", username="=late")
    shown = client.get("/audit/", {"door": "page"}).context["page"].paginator.count
    answer = client.get("/audit/export.csv", {"door": "page"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == shown > 0
    assert {row["username"] for row in rows} == {"olive"}
    assert all(len(row["hash"]) == 64 for row in rows)


def test_queries_do_not_grow_with_entries_of_any_kind(client: Client) -> None:
    def queries(table: str, size: int) -> int:
        with CaptureQueriesContext(connection) as captured:
            answer = client.get("/audit/", {"table": table, "page_size": size})
        assert len(answer.context["lines"]) > size - 3
        return len(captured)

    counted = AuditEntry.objects.values("table").annotate(n=Count("pk")).order_by("table")
    for table, n in counted.filter(n__gt=2).values_list("table", "n"):
        assert queries(table, min(n, 30)) == queries(table, 2), table


def test_only_a_security_officer_who_may_read_everything_opens_it() -> None:
    confined = make.user("security_officer", clearance=3)
    confined.desk_mechanisms.add(Mechanism.objects.create(slug="jc", name="Joint Committee"))
    low = make.user("security_officer", clearance=2)
    for account in (
        confined,
        low,
        make.user("officer", clearance=3),
        make.user("administrator", clearance=3),
    ):
        for address in ("/audit/", "/audit/export.csv"):
            assert client_as(User.objects.get(pk=account.pk)).get(address).status_code == 403
