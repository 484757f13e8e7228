"""Countries, agencies, people, mechanisms, themes, sources and meetings as entries of the register file."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import Model, Prefetch, QuerySet
from django.utils.translation import gettext as _

from commitments.documents.building import Document, build
from commitments.documents.reference_schema import (
    AGENCY,
    COUNTRY,
    MECHANISM,
    MEETING,
    MEETING_IN_FILE,
    PERSON,
    SOURCE,
    SOURCE_FACTS,
    SOURCE_IN_FILE,
    THEME,
)
from commitments.documents.schema import EntrySchema
from commitments.models import Candidate, SetAside, Theme
from relations.models import (
    Agency,
    Country,
    Mechanism,
    Meeting,
    MeetingSource,
    Paper,
    Paragraph,
    ParagraphVersion,
    Participation,
    Person,
    Source,
)
from relations.models.source import sha256_of, split_paragraphs

if TYPE_CHECKING:
    from accounts.models import User

_SOURCE_TEXTS = ("source__text", "source__note", "source__search_text")


def stored(section: str, reader: "User | None" = None) -> QuerySet[Any]:
    """The records of ``section`` in the order of the file, with the relations that their documents read.

    With a ``reader``, only what this account may see, and nothing else is named in the documents.
    """
    rows = _CLASSIFIED[section](reader) if section in _CLASSIFIED else _STORED[section]()
    return rows.order_by("pk")


def _seen(rows: Any, reader: "User | None") -> Any:
    return rows if reader is None else rows.visible_to(reader)


def document_of(record: Model) -> Document:
    """``record``, from ``stored``, as an entry of its section."""
    return _source(record) if isinstance(record, Source) else build(record, _SCHEMAS[type(record)])


def sources_without_text(reader: "User | None" = None) -> QuerySet[Source]:
    """The sources with the relations that ``source_facts`` reads, and without their texts.

    With a ``reader``, those that this account may see.
    """
    seen: QuerySet[Source] = _seen(Source.objects.all(), reader)
    return seen.defer("text", "search_text").prefetch_related(Prefetch("based_on", seen.only("slug")))


def derived_paragraphs(entry: Document) -> list[Document]:
    """The paragraphs of the text of a source. Raises ``ValidationError`` for an empty paragraph."""
    paragraphs = [{"number": n, "text": wording} for n, wording in split_paragraphs(entry.get("text", ""))]
    if empty := [each["number"] for each in paragraphs if not each["text"]]:
        raise ValidationError(_("Paragraph %(number)d has no text.") % {"number": empty[0]})
    return paragraphs


def recorded_paragraphs(entry: Document) -> list[Document]:
    """The paragraphs of a source with their labels and roles: those that ``entry`` states, else of its text.

    Raises ``ValidationError`` if it states a label of a paragraph that the text does not have.
    """
    stated = entry.get("paragraphs")
    if stated is not None and all("text" in each for each in stated):
        return list(stated)
    paragraphs = derived_paragraphs(entry)
    borne = {each.get("number"): each for each in stated or ()}
    if any("text" in each for each in borne.values()):
        raise ValidationError(_("Either all paragraphs have a text here, or none."))
    if unknown := borne.keys() - {each["number"] for each in paragraphs}:
        raise ValidationError(_("The text has no paragraph %(number)s.") % {"number": min(map(str, unknown))})
    return [{**each, **borne.get(each["number"], {})} for each in paragraphs]


def stated_paragraphs(paragraphs: list[Document], entry: Document) -> list[Document]:
    """What a document states of ``paragraphs``, which are complete: as little as ``entry`` leaves open."""
    wordings = [{"number": each["number"], "text": each["text"]} for each in paragraphs]
    try:
        is_derived = wordings == derived_paragraphs(entry)
    except ValidationError:
        is_derived = False
    if not is_derived:
        return paragraphs
    without_text = ({key: value for key, value in each.items() if key != "text"} for each in paragraphs)
    return [each for each in without_text if len(each) > 1]


def digest(entry: Document) -> str:
    """The digest of the text of a source; "" without a text."""
    return sha256_of(entry["text"]) if entry.get("text") else ""


def source_facts(source: Source) -> Document:
    """A source as an entry of its section, without its text."""
    return build(source, SOURCE_FACTS)


def with_refused_passages(sources: QuerySet[Source]) -> QuerySet[Source]:
    """``sources`` with the relations that ``source_in_file`` reads besides those of ``stored``."""
    rows = Candidate.objects.exclude(refused_at=None).select_related("refused_by")
    in_order = rows.order_by("number", "start", "pk")
    return sources.prefetch_related(Prefetch("candidates", in_order, to_attr="refused_rows"))


def source_in_file(source: Any) -> Document:
    """``source`` with the refused passages that still stand in it, which only the register file has."""
    texts = {each.number: each.text for each in source.paragraphs.all()}
    source.refused_candidates = [
        each for each in source.refused_rows if each.is_in(texts.get(each.number, ""))
    ]
    return _source(source, SOURCE_IN_FILE)


def _source(source: Source, schema: EntrySchema = SOURCE) -> Document:
    document = build(source, schema)
    paragraphs = document.pop("paragraphs", [])
    document.pop("sha256", None)
    if source.sha256 != digest(document):
        document["sha256"] = source.sha256
    stated = stated_paragraphs(paragraphs, document)
    if stated or (paragraphs == [] and document.get("text")):
        document["paragraphs"] = stated
    return document


def with_set_aside(meetings: QuerySet[Meeting], reader: "User | None" = None) -> QuerySet[Meeting]:
    """``meetings`` with the relations that ``meeting_in_file`` reads besides those of ``stored``.

    With a ``reader``, only paragraphs of sources that this account may see.
    """
    rows = SetAside.objects.select_related("paragraph__source", "actor").order_by("pk")
    if reader is not None:
        seen = Source.objects.visible_to(reader)
        rows = rows.filter(paragraph__source__in=seen.order_by().values("pk"))
    rows = rows.defer(*(f"paragraph__{name}" for name in (*_SOURCE_TEXTS, "text")))
    return meetings.prefetch_related(Prefetch("set_aside", rows))


def meeting_in_file(meeting: Meeting) -> Document:
    """``meeting`` with the paragraphs set aside for it, which only the register file has."""
    return build(meeting, MEETING_IN_FILE)


def _sources(reader: "User | None") -> QuerySet[Source]:
    seen: QuerySet[Source] = _seen(Source.objects.all(), reader)
    versions = ParagraphVersion.objects.select_related("actor").order_by("version")
    paragraphs = Paragraph.objects.order_by("number").prefetch_related(Prefetch("versions", versions))
    papers = Paper.objects.select_related("actor", "withdrawal__actor").order_by("pk")
    return seen.prefetch_related(
        Prefetch("based_on", seen.only("slug")),
        Prefetch("paragraphs", paragraphs),
        Prefetch("papers", papers),
    )


def _meetings(reader: "User | None") -> QuerySet[Meeting]:
    links = MeetingSource.objects.select_related("source").defer(*_SOURCE_TEXTS).order_by("pk")
    if reader is not None:
        links = links.filter(source__in=Source.objects.visible_to(reader).order_by().values("pk"))
    people = Participation.objects.select_related("person", "country").order_by("pk")
    seen: QuerySet[Meeting] = _seen(Meeting.objects.all(), reader)
    return seen.select_related("mechanism", "country").prefetch_related(
        Prefetch("source_links", links), Prefetch("participations", people)
    )


_STORED: dict[str, Callable[[], QuerySet[Any]]] = {
    "countries": Country.objects.all,
    "agencies": lambda: Agency.objects.select_related("country"),
    "people": lambda: Person.objects.select_related("country"),
    "mechanisms": lambda: Mechanism.objects.prefetch_related("countries"),
    "themes": Theme.objects.all,
}
_CLASSIFIED: dict[str, Callable[["User | None"], QuerySet[Any]]] = {
    "sources": _sources,
    "meetings": _meetings,
}

_SCHEMAS: dict[type[Model], EntrySchema] = {
    Country: COUNTRY,
    Agency: AGENCY,
    Person: PERSON,
    Mechanism: MECHANISM,
    Theme: THEME,
    Meeting: MEETING,
}
