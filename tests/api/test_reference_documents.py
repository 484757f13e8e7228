"""Reference data as JSON: what the register file says of a record, with nothing left out."""

import pytest

from api.reference_documents import MEMBERS, brief, rows_of, whole
from commitments.documents.reference import document_of, stored
from interchange.register_file.sections import SECTIONS
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("section", sorted(MEMBERS))
def test_every_key_of_the_file_is_a_member(section: str) -> None:
    keys = {key.name for key in SECTIONS[section].schema}
    # The field history, long texts, files, and steps of recording.
    of_sources = {"text", "paragraphs", "versions", "papers", "refused_passages"}
    not_told = {"sources": of_sources, "meetings": {"set_aside"}}
    assert set(MEMBERS[section]) == keys - not_told.get(section, set()) - {"edits"}


@pytest.mark.parametrize("section", sorted(MEMBERS))
def test_the_shipped_register_is_told_as_its_file_tells_it(section: str, register: None) -> None:
    records = list(stored(section))
    assert records
    for record in records:
        told, in_file = whole(section, record), document_of(record)
        window = told.get("window") or {}
        assert {name: value for name, value in window.items() if value} == in_file.get("window", {})
        in_file.pop("window", None)
        assert in_file.items() <= told.items()
        left_out = told.keys() - in_file.keys() - {"url", "page_url", "sha256", "paragraphs", "window"}
        assert all(told[name] in ("", None, [], "unclassified") for name in left_out)


@pytest.mark.parametrize("section", sorted(MEMBERS))
def test_a_list_tells_the_same_of_each(section: str, register: None) -> None:
    records = {record.pk: record for record in stored(section)}
    for item in rows_of(section, make.user("reader")):
        told = whole(section, records[item.pk])
        short = brief(section, item)
        assert short.items() <= told.items()
        assert told.keys() - short.keys() <= {"text", "paragraphs", "versions"}
