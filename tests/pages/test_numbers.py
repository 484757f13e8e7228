"""Numbers on pages have separators, and what a machine reads has none."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils.formats import reset_format_cache

from commitments.services.saved_views import save_view
from config.formats.en import formats
from tests import factories as make
from tests.clients import client_as
from tests.html import page_of

FOR_PEOPLE = {"aria-label", "title", "data-count", "data-announcement", "content"}


@pytest.fixture
def _a_separator_after_each_digit(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """12 is written 1,2: as if every number had thousands."""
    monkeypatch.setattr(formats, "NUMBER_GROUPING", 1, raising=False)
    reset_format_cache()
    yield
    monkeypatch.undo()
    reset_format_cache()


@pytest.mark.django_db
@pytest.mark.usefixtures("_a_separator_after_each_digit")
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/commitments/?page_size=2&ordering=title",
        "/commitments/views/",
        "/commitments/KHVN-2024-001/",
        "/sources/{source}/",
        "/meetings/",
        "/agencies/vn-mofa/",
    ],
)
def test_what_a_machine_reads_has_no_separators(path: str) -> None:
    user = make.user("officer")
    for _ in range(12):
        made = make.commitment(agencies=(make.agency(),))
    save_view(owner=user, name="Mine", query="state=open", shared_with="private")
    source = made.mentions.get().paragraph.source
    page = page_of(client_as(user).get(path.format(source=source.slug)))
    assert "1,2" in page.text or path.startswith(("/commitments/views", "/commitments/KH", "/sources"))
    wrong = [
        (element.tree.tag, name, value)
        for element in page.select("body *")
        for name, value in element.tree.attrib.items()
        if name not in FOR_PEOPLE and re.search(r"\d,\d", value)
    ]
    assert wrong == []


def test_a_key_in_a_template_is_written_without_separators() -> None:
    templates = sorted((Path(__file__).parents[2] / "templates").rglob("*.html"))
    wrong = [path.name for path in templates if re.search(r"\{\{ [\w.]+\.pk \}\}", path.read_text())]
    assert wrong == []
