"""The registry number of a source: searched, cited, in the file, the API, the admin and on its page."""

import pytest
import yaml

from commitments.documents.reference import document_of
from commitments.reports.citations import cite
from relations.models import Source
from tests import factories as make
from tests.clients import client_as
from tests.html import page_of, text_of

pytestmark = pytest.mark.django_db
NUMBER = "1234/BNG-ĐNÁ"


@pytest.fixture
def source() -> Source:
    return make.source(slug="minutes", title="Agreed minutes", kind="agreed_minutes", number=NUMBER)


@pytest.mark.parametrize("words", [NUMBER, "1234", "bng-dna"])
def test_a_source_is_found_by_its_registry_number(words: str, source: Source) -> None:
    other = make.source(title="Another")
    browser = client_as("reader")
    page = page_of(browser.get("/sources/", {"q": words}))
    assert "Agreed minutes" in page.text
    assert other.title not in page.text
    found = browser.get("/api/v1/sources/", {"q": words}).json()["results"]
    assert [(each["key"], each["number"]) for each in found] == [("minutes", NUMBER)]


def test_a_citation_has_the_registry_number(source: Source) -> None:
    assert cite(source.paragraphs.get(number=2)).title == f"Agreed minutes no. {NUMBER}, §\u00a02"
    plain = make.source()
    assert cite(plain.paragraphs.get(number=2)).title == "Note for file, §\u00a02"


def test_the_page_of_a_source_and_the_file_have_its_number(source: Source) -> None:
    assert NUMBER in text_of(client_as("reader").get("/sources/minutes/"))
    stored = Source.objects.get(pk=source.pk)
    assert list(document_of(stored))[:4] == ["key", "kind", "title", "number"]
    assert "number" not in document_of(make.source())
    assert yaml.safe_load(yaml.safe_dump(document_of(stored)))["number"] == NUMBER


def test_the_api_writes_the_number(source: Source) -> None:
    browser, url = client_as("officer"), f"/api/v1/sources/{source.slug}/"
    etag = browser.get(url).headers["ETag"]
    answer = browser.patch(url, {"number": "7"}, "application/json", headers={"If-Match": etag})
    assert (answer.status_code, answer.json()["number"]) == (200, "7")
    etag = answer.headers["ETag"]
    answer = browser.patch(url, {"number": "7" * 61}, "application/json", headers={"If-Match": etag})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["number"])
