"""Web addresses of documents: the same are accepted and refused on pages, in the admin, the API and files."""

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from commitments.models import Commitment
from core.web_addresses import WebAddressValidator
from relations.models import MeetingSource, Source
from tests import factories as make
from tests.api.conftest import address, post
from tests.clients import client_as
from tests.html import form_of

ACCEPTED = [
    "https://example.org/minutes?page=2#p3",
    "http://vanthu/doc/123",
    "http://vanthu",
    "http://van_thu.mofa.local:8080/doc",
    "http://_files/doc",
    "http://10.0.0.7/doc",
    "http://[fd00::1]:8080/doc",
    "https://bộ-ngoại-giao.vn/văn bản".replace(" ", "-"),
    "https://ក្រសួង.ខ្មែរ/",
    "HTTPS://xn--bcher-kva.example./",
]
REFUSED = [
    "javascript:alert(1)",
    "javascript://server/%0aalert(1)",
    "data:text/html,x",
    "ftp://server/doc",
    "file:///etc/passwd",
    "http://",
    "http:///doc",
    "http://a b/",
    "http://server\\@evil/",
    "http://server:port/",
    "http://-server/",
    "http://a..b/",
    "http://999.1.1.1/",
    "http://[fd00::zz]/",
    "http://user:secret@server/doc",
    "http://user@server/doc",
    "https://example.org/\nx",
]


@pytest.mark.parametrize("value", ACCEPTED)
def test_an_address_is_accepted(value: str) -> None:
    WebAddressValidator()(value)


@pytest.mark.parametrize("value", REFUSED)
def test_what_is_no_address_of_a_document_is_refused(value: str) -> None:
    with pytest.raises(ValidationError):
        WebAddressValidator()(value)


INTRANET = "http://van_thu/doc/123"


def on_the_page(client: Client, pledge: Commitment, url: str) -> None:
    client.post(f"/commitments/{pledge.reference}/evidence/", {"title": "A", "type": "other", "url": url})


def with_a_transition(client: Client, pledge: Commitment, url: str) -> None:
    client.post(
        f"/commitments/{pledge.reference}/transitions/submit/",
        {
            "seen": "1",
            "note": "Done.",
            "outcome": "fulfilled",
            "evidence-TOTAL_FORMS": "1",
            "evidence-INITIAL_FORMS": "0",
            "evidence-0-title": "A",
            "evidence-0-type": "other",
            "evidence-0-url": url,
        },
    )


def by_the_api(client: Client, pledge: Commitment, url: str) -> None:
    post(client, address(pledge, "evidence/"), {"title": "A", "url": url})


def with_a_transition_of_the_api(client: Client, pledge: Commitment, url: str) -> None:
    evidence = [{"kind": "link", "title": "A", "url": url}]
    body = {"transition": "submit", "note": "Done.", "outcome": "fulfilled", "evidence": evidence}
    post(client, address(pledge, "transitions/"), body)


def in_the_admin(client: Client, pledge: Commitment, url: str) -> None:
    page = f"/admin/commitments/commitment/{pledge.pk}/change/"
    row = {
        "evidence-TOTAL_FORMS": "1",
        "evidence-0-title": "A",
        "evidence-0-url": url,
        "evidence-0-type": "other",
    }
    client.post(page, form_of(client.get(page), "commitment_form") | row)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "door", [on_the_page, with_a_transition, in_the_admin, by_the_api, with_a_transition_of_the_api]
)
def test_evidence_may_be_on_the_intranet(door: Callable[[Client, Commitment, str], None]) -> None:
    meeting, source = make.meeting(), make.source()
    MeetingSource.objects.create(meeting=meeting, source=source)
    mention = make.FirstMention(meeting, source.paragraphs.get(number=1))
    officer, pledge = client_as("officer"), make.commitment(mention=mention)
    door(officer, pledge, "http://user:secret@server/doc")
    assert not pledge.evidence.exists()
    door(officer, pledge, INTRANET)
    assert pledge.evidence.get().url == INTRANET


@pytest.mark.django_db
def test_a_source_may_be_on_the_intranet() -> None:
    source = Source(slug="a", kind="other", title="A", url=INTRANET)
    source.full_clean()
    source.url = "http://user:secret@server/doc"
    with pytest.raises(ValidationError, match="without a user name and a password"):
        source.full_clean()
    officer = client_as("officer")
    body = {"key": "a", "kind": "other", "title": "A", "url": INTRANET}
    assert post(officer, "/api/v1/sources/", body).status_code == 201
    refused = post(officer, "/api/v1/sources/", body | {"key": "b", "url": "ftp://server/doc"})
    assert list(refused.json()["errors"]) == ["url"]
