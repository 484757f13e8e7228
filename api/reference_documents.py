"""Meetings, sources, bodies and themes as JSON: the register file's keys, every one of them there."""

from typing import Any

from django.db.models import Model, QuerySet

from commitments.documents.reference import (
    document_of,
    source_facts,
    sources_without_text,
    stored,
)
from relations.models import Source

Document = dict[str, Any]

MEMBERS: dict[str, Document] = {
    "countries": {"code": "", "name": "", "aliases": []},
    "agencies": {"key": "", "name": "", "acronym": "", "country": "", "kind": ""},
    "people": {"key": "", "name": "", "aliases": [], "country": ""},
    "mechanisms": {"key": "", "name": "", "acronym": "", "countries": [], "note": ""},
    "themes": {"key": "", "name": ""},
    "sources": {
        "key": "",
        "kind": "",
        "title": "",
        "publisher": "",
        "published_on": None,
        "language": "",
        "url": "",
        "note": "",
        "based_on": [],
        "sha256": "",
    },
    "meetings": {
        "key": "",
        "title": "",
        "mechanism": None,
        "session": None,
        "form": "",
        "level": "",
        "status": "",
        "starts_on": None,
        "ends_on": None,
        "window": None,
        "place": "",
        "country": None,
        "sources": [],
        "participants": [],
    },
}
"""The members of a record of each section, with what stands there when there is nothing to say."""

_WINDOW: Document = {"wording": "", "earliest": None, "latest": None}


def listed(section: str) -> QuerySet[Any]:
    """The records of ``section`` in their usual order, with what ``brief`` needs."""
    rows = sources_without_text() if section == "sources" else stored(section)
    ordering = rows.model._meta.ordering or ()
    return rows.order_by(*ordering)


def brief(section: str, record: Model) -> Document:
    """``record``, fetched by ``listed``, as an item of a list: a source without its text."""
    if isinstance(record, Source):
        return _complete(section, record, {**source_facts(record), "sha256": record.sha256})
    return whole(section, record)


def whole(section: str, record: Model) -> Document:
    """``record``, fetched by ``stored``, with all there is to tell of it."""
    shown = document_of(record)
    if isinstance(record, Source):
        paragraphs = [{"number": each.number, "text": each.text} for each in record.paragraphs.all()]
        texts = {"text": record.text, "paragraphs": paragraphs}
        return {**_complete(section, record, {**shown, "sha256": record.sha256}), **texts}
    return _complete(section, record, shown)


def _complete(section: str, record: Any, shown: Document) -> Document:
    """Every member, and where its page is; a source has an address of its own under ``url``."""
    found = {name: shown.get(name, empty) for name, empty in MEMBERS[section].items()}
    if window := found.get("window"):
        found["window"] = {**_WINDOW, **window}
    if hasattr(record, "get_absolute_url"):
        found["page_url" if section == "sources" else "url"] = record.get_absolute_url()
    return found
