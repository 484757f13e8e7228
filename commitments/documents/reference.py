"""Countries, agencies, people, mechanisms, themes, sources and meetings as entries of the register file."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model, Prefetch, QuerySet
from django.utils.translation import gettext as _

from commitments.documents.commitment import Document, day, filled, instant, place
from commitments.models import SetAside, Theme
from relations.models import (
    Agency,
    Country,
    Mechanism,
    Meeting,
    MeetingSource,
    Paragraph,
    Participation,
    Person,
    Source,
)
from relations.models.source import sha256_of, split_paragraphs

_SOURCE_TEXTS = ("source__text", "source__note", "source__search_text")


def stored(section: str) -> QuerySet[Any]:
    """The records of ``section`` in the order of the file, with the relations that their documents read."""
    return _STORED[section]().order_by("pk")


def document_of(record: Model) -> Document:
    """``record``, from ``stored``, as an entry of its section."""
    return _DOCUMENTS[type(record)](record)


def sources_without_text() -> QuerySet[Source]:
    """The sources with the relations that ``source_facts`` reads, and without their texts."""
    basis = Prefetch("based_on", Source.objects.only("slug"))
    return Source.objects.defer("text", "search_text").prefetch_related(basis)


def derived_paragraphs(entry: Document) -> list[Document]:
    """The paragraphs of the text of a source. Raises ``ValidationError`` for an empty paragraph."""
    paragraphs = [{"number": n, "text": wording} for n, wording in split_paragraphs(entry.get("text", ""))]
    if empty := [each["number"] for each in paragraphs if not each["text"]]:
        raise ValidationError(_("Paragraph %(number)d has no text.") % {"number": empty[0]})
    return paragraphs


def digest(entry: Document) -> str:
    """The digest of the text of a source; "" without a text."""
    return sha256_of(entry["text"]) if entry.get("text") else ""


def _country(country: Country) -> Document:
    return {"code": country.code, "name": country.name, "aliases": list(country.aliases)}


def _agency(agency: Agency) -> Document:
    return filled(
        {
            "key": agency.slug,
            "name": agency.name,
            "acronym": agency.acronym,
            "country": agency.country.code,
            "kind": str(agency.kind),
        }
    )


def _person(person: Person) -> Document:
    return {
        "key": person.slug,
        "name": person.name,
        "aliases": list(person.aliases),
        "country": person.country.code,
    }


def _mechanism(mechanism: Mechanism) -> Document:
    return filled(
        {
            "key": mechanism.slug,
            "name": mechanism.name,
            "acronym": mechanism.acronym,
            "countries": sorted(country.code for country in mechanism.countries.all()),
            "note": mechanism.note,
        },
        always=("countries",),
    )


def _theme(theme: Theme) -> Document:
    return {"key": theme.slug, "name": theme.name}


def source_facts(source: Source) -> Document:
    """A source as an entry of its section, without its text."""
    return filled(
        {
            "key": source.slug,
            "kind": str(source.kind),
            "title": source.title,
            "publisher": source.publisher,
            "published_on": day(source.published_on),
            "language": source.language,
            "url": source.url,
            "note": source.note,
            "based_on": sorted(basis.slug for basis in source.based_on.all()),
        }
    )


def _source(source: Source) -> Document:
    document = filled({**source_facts(source), "text": source.text})
    if source.sha256 != digest(document):
        document["sha256"] = source.sha256
    paragraphs = [{"number": each.number, "text": each.text} for each in source.paragraphs.all()]
    try:
        is_derived = paragraphs == derived_paragraphs(document)
    except ValidationError:
        is_derived = False
    if not is_derived:
        document["paragraphs"] = paragraphs
    return document


def _meeting(meeting: Meeting) -> Document:
    return filled(
        {
            "key": meeting.slug,
            "title": meeting.title,
            "mechanism": meeting.mechanism and meeting.mechanism.slug,
            "session": meeting.session,
            "form": str(meeting.form),
            "level": str(meeting.level),
            "status": str(meeting.status),
            "starts_on": day(meeting.starts_on),
            "ends_on": day(meeting.ends_on),
            "window": filled(
                {
                    "earliest": day(meeting.window_earliest),
                    "latest": day(meeting.window_latest),
                    "wording": meeting.window_wording,
                }
            ),
            "place": meeting.place,
            "country": meeting.country and meeting.country.code,
            "sources": [link.source.slug for link in meeting.source_links.all()],
            "participants": [_participant(each) for each in meeting.participations.all()],
        },
        always=("sources", "participants"),
    )


def with_set_aside(meetings: QuerySet[Meeting]) -> QuerySet[Meeting]:
    """``meetings`` with the relations that ``set_aside_document`` reads."""
    rows = SetAside.objects.select_related("paragraph__source", "actor").order_by("pk")
    rows = rows.defer(*(f"paragraph__{name}" for name in (*_SOURCE_TEXTS, "text")))
    return meetings.prefetch_related(Prefetch("set_aside", rows))


def set_aside_document(meeting: Meeting) -> Document:
    """The paragraphs set aside for ``meeting``. Only the register file has them."""
    rows = [
        {
            **place(each.paragraph),
            "actor": each.actor.get_username(),
            "recorded_at": instant(each.decided_at),
        }
        for each in meeting.set_aside.all()
    ]
    return {"set_aside": rows} if rows else {}


def _participant(participation: Participation) -> Document:
    return {
        "person": participation.person.slug,
        "office": participation.office,
        "country": participation.country.code,
        "role": str(participation.role),
    }


def _sources() -> QuerySet[Source]:
    basis = Source.objects.only("slug")
    paragraphs = Paragraph.objects.order_by("number")
    return Source.objects.prefetch_related(Prefetch("based_on", basis), Prefetch("paragraphs", paragraphs))


def _meetings() -> QuerySet[Meeting]:
    links = MeetingSource.objects.select_related("source").defer(*_SOURCE_TEXTS).order_by("pk")
    people = Participation.objects.select_related("person", "country").order_by("pk")
    return Meeting.objects.select_related("mechanism", "country").prefetch_related(
        Prefetch("source_links", links), Prefetch("participations", people)
    )


_STORED: dict[str, Callable[[], QuerySet[Any]]] = {
    "countries": Country.objects.all,
    "agencies": lambda: Agency.objects.select_related("country"),
    "people": lambda: Person.objects.select_related("country"),
    "mechanisms": lambda: Mechanism.objects.prefetch_related("countries"),
    "themes": Theme.objects.all,
    "sources": _sources,
    "meetings": _meetings,
}

_DOCUMENTS: dict[type[Model], Callable[[Any], Document]] = {
    Country: _country,
    Agency: _agency,
    Person: _person,
    Mechanism: _mechanism,
    Theme: _theme,
    Source: _source,
    Meeting: _meeting,
}
