"""Meetings, sources, bodies and themes as JSON: all keys of the register file, also those without a value."""

from typing import TYPE_CHECKING, Any

from django.db.models import Model, QuerySet

from commitments.documents.building import Document, build, empty_values
from commitments.documents.reference import (
    document_of,
    source_facts,
    sources_without_text,
    stored,
)
from commitments.documents.reference_schema import MEETING_WINDOW, PARAGRAPH
from interchange.register_file.sections import SECTIONS
from relations.models import Source

if TYPE_CHECKING:
    from accounts.models import User

_TEXTS = ("text", "paragraphs", "versions")
"""Members of a source that a list does not have."""

_NOT_TOLD = (*_TEXTS, "papers", "set_aside", "refused_passages", "edits")
"""Keys of the register file that are no members: long texts, files, steps of recording, field history."""

MEMBERS: dict[str, Document] = {
    section.name: {
        name: value for name, value in empty_values(section.schema).items() if name not in _NOT_TOLD
    }
    for section in SECTIONS.values()
    if section.name != "commitments"
}
"""The members of a record of each section, with the value of a member that is empty."""

_WINDOW = empty_values(MEETING_WINDOW)


def rows_of(section: str, reader: "User") -> QuerySet[Any]:
    """The records of ``section`` that ``reader`` may see, in order, with what ``brief`` reads."""
    rows = sources_without_text(reader) if section == "sources" else stored(section, reader)
    ordering = rows.model._meta.ordering or ()
    return rows.order_by(*ordering)


def brief(section: str, record: Model) -> Document:
    """``record``, from ``rows_of``, as an item of a list. A source has no text there."""
    if isinstance(record, Source):
        return _complete(section, record, {**source_facts(record), "sha256": record.sha256})
    return whole(section, record)


def whole(section: str, record: Model) -> Document:
    """``record``, from ``stored``, with all its members."""
    document = document_of(record)
    if isinstance(record, Source):
        paragraphs = [build(each, PARAGRAPH) for each in record.paragraphs.all()]
        versions = document.get("versions", [])
        texts = {"text": record.text, "paragraphs": paragraphs, "versions": versions}
        return {**_complete(section, record, {**document, "sha256": record.sha256}), **texts}
    return _complete(section, record, document)


def _complete(section: str, record: Any, document: Document) -> Document:
    """``document`` with every member and its page: ``page_url`` for a source, which has its own ``url``."""
    complete = {name: document.get(name, empty) for name, empty in MEMBERS[section].items()}
    if window := complete.get("window"):
        complete["window"] = {**_WINDOW, **window}
    if hasattr(record, "get_absolute_url"):
        complete["page_url" if section == "sources" else "url"] = record.get_absolute_url()
    return complete
