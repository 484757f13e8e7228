"""Notices that a meeting, a document, a person or a body is recorded already (docs/rules.md#likely-twins)."""

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any

from django.db.models import Model, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.lists import listed
from relations.models import Agency, Mechanism, Meeting, Person, Source
from relations.models.source import sha256_of
from relations.names import words_in

if TYPE_CHECKING:
    from accounts.models import User

MOST_SHOWN = 5
Named = Agency | Person | Mechanism


class AlreadyRecorded(Exception):
    """Records that exist may be the same one. ``records`` are those."""

    def __init__(self, records: Collection[Any]) -> None:
        super().__init__()
        self.records = tuple(records)

    @property
    def keys(self) -> list[str]:
        """The keys by which whoever saves all the same names the records."""
        return [record.slug for record in self.records]

    def __str__(self) -> str:
        # Translators: a record and its key, for example "Hun Manet (hun-manet)".
        named = _("%(name)s (%(key)s)")
        return ngettext(
            "%(records)s may be the same and is recorded already.",
            "%(records)s may be the same and are recorded already.",
            len(self.records),
        ) % {"records": listed(named % {"name": record, "key": record.slug} for record in self.records)}


def refuse_recorded(record: Model, *, user: "User", despite: Collection[str], **facts: Any) -> None:
    """Raise ``AlreadyRecorded`` if ``user`` sees records that seem to be the new ``record``.

    ``despite`` names known others.

    ``facts`` are those that no column holds: the ``text`` of a source, the ``countries`` of a meeting.
    """
    found = recorded_already(record, user=user, **facts)
    if any(each.slug not in despite for each in found):
        raise AlreadyRecorded(found)


def recorded_already(record: Any, *, user: "User", **facts: Any) -> list[Any]:
    """The first few records that ``user`` sees and that may be the new ``record``."""
    found: Iterable[Any]
    match record:
        case Meeting():
            found = _meetings(record, user, frozenset(facts.get("countries", ())))
        case Source():
            found = _sources(record, user, facts.get("text", ""))
        case Agency() | Person() | Mechanism():
            found = _named(record)
        case _:
            return []
    return list(found)[:MOST_SHOWN]


def _meetings(new: Meeting, user: "User", countries: frozenset[int]) -> Iterable[Meeting]:
    """Meetings of the same day with the same title or mechanism, or of the same kind and countries."""
    day = new.starts_on or new.window_earliest or new.window_latest
    title = words_in(new.title)
    for other in (
        Meeting.objects.visible_to(user).filter(day=day).prefetch_related("participations").order_by("pk")
    ):
        same_kind = (other.form, other.level) == (new.form, new.level)
        theirs = frozenset(each.country_id for each in other.participations.all())
        if words_in(other.title) == title or (
            day and (_same_session(new, other) or (same_kind and countries and theirs == countries))
        ):
            yield other


def _same_session(new: Meeting, other: Meeting) -> bool:
    sessions = {new.session, other.session} - {None}
    return new.mechanism_id is not None and new.mechanism_id == other.mechanism_id and len(sessions) < 2  # noqa: PLR2004


def _sources(new: Source, user: "User", text: str) -> Iterable[Source]:
    """Sources with the same text, or with the same title and date."""
    condition = Q(published_on=new.published_on)
    if text:
        condition |= Q(sha256=sha256_of(text))
    title = words_in(new.title)
    for other in Source.objects.visible_to(user).filter(condition).defer("text").order_by("pk"):
        same_title = other.published_on == new.published_on and words_in(other.title) == title
        if same_title or (text and other.sha256 == sha256_of(text)):
            yield other


def _named(new: Named) -> Iterable[Any]:
    """Records with the same name; of an agency in the same country only, since each has its ministries."""
    wanted = {tuple(words_in(name)) for name in _names_of(new)}
    candidates = Q()
    for name in wanted:
        held = Q()
        for word in name:
            held &= Q(search_text__contains=word)
        candidates |= held
    rows: Any = type(new)._default_manager.filter(candidates).order_by("pk")
    if isinstance(new, Agency):
        rows = rows.filter(country=new.country_id)
    return (other for other in rows if wanted & {tuple(words_in(name)) for name in _names_of(other)})


def _names_of(record: Named) -> list[str]:
    others = record.aliases
    if not isinstance(record, Person):
        others = [record.acronym, *others]
    return [name for name in (record.name, *others) if name.strip()]
