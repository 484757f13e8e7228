"""What was changed in the dossier of a commitment since somebody read it."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import Field, Model
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from commitments.models import Commitment, DayCorrection, EnteredInError, EvidenceWithdrawal
from commitments.services.dossier import LAST_KEYS, Stamp
from core.lists import listed
from relations.models import ParagraphVersion

if TYPE_CHECKING:
    from accounts.models import User

_RELATIONS = {
    "HistoricalCommitment": ("theme", "outcome_meeting", "officer"),
    "HistoricalCommitmentParty": ("country",),
    "HistoricalMention": ("meeting", "paragraph__source"),
    "HistoricalAssignment": ("agency", "focal_point"),
    "HistoricalTarget": (),
    "HistoricalReading": ("paragraph__source",),
}


_BEGINNING = dt.datetime.min.replace(tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class DossierChange:
    """A change: what was changed, its value before, and its value now. A value is "" if there is none."""

    label: str
    before: str
    now: str


def changes_since(commitment: Commitment, stamp: Stamp, user: "User") -> tuple[DossierChange, ...]:
    """What was changed since the state ``stamp``, in a fixed number of queries.

    Nothing if the stamp is that of no dossier. Related commitments that ``user`` may not see are not named.
    A stamp comes from a form, where anybody can write another one: what stood while the commitment was
    classified above the clearance of ``user`` is never told.
    """
    if len(stamp.keys) != len(LAST_KEYS):
        return ()
    since = dict(zip(LAST_KEYS, stamp.keys, strict=True))
    readable_from = _readable_from(commitment, user)
    return (
        *_edits(commitment, since["HistoricalCommitment"], user, readable_from),
        *_status_changes(commitment, since["StatusChange"]),
        *(
            change
            for name in _RELATIONS
            if name != "HistoricalCommitment"
            for change in _row_changes(name, commitment, since[name], readable_from)
        ),
        *_reports(commitment, since),
    )


def _readable_from(commitment: Commitment, user: "User") -> dt.datetime:
    """The moment from which on ``user`` is cleared for the commitment, by its field history."""
    entries = commitment.history.order_by("history_id").values_list("classification", "history_date")
    lowered = (moment for (before, _), (_, moment) in pairwise(entries) if before > user.clearance)
    return max(lowered, default=_BEGINNING)


def _edits(
    commitment: Commitment, last: int, user: "User", readable_from: dt.datetime
) -> Iterator[DossierChange]:
    """The fields of the commitment itself, its deadline included."""
    for before, now in _versions("HistoricalCommitment", commitment, last, readable_from):
        if before is None or now is None:
            continue
        yield from _fields(before, now)
        related = [{link.to_commitment_id for link in each.related.all()} for each in (before, now)]
        if related[0] != related[1]:
            visible = Commitment.objects.visible_to(user).filter(pk__in=related[0] | related[1])
            label = str(capfirst(Commitment._meta.get_field("related").verbose_name))
            named = dict(visible.by_reference().values_list("pk", "reference"))
            texts = [listed(named[pk] for pk in named if pk in keys) for keys in related]
            yield DossierChange(label, *texts)


def _row_changes(
    name: str, commitment: Commitment, last: int, readable_from: dt.datetime
) -> Iterator[DossierChange]:
    """The rows of the model whose field history is ``name``: added, removed, or changed."""
    for before, now in _versions(name, commitment, last, readable_from):
        if before is None and now is None:
            continue
        row = str(capfirst((now or before).instance_type._meta.verbose_name))
        if before is None:
            label = pgettext("history of a row", "%(row)s added") % {"row": row}
        elif now is None:
            label = pgettext("history of a row", "%(row)s removed") % {"row": row}
        else:
            label = pgettext("history of a row", "%(row)s changed") % {"row": row}
        texts = (_summary(before), _summary(now))
        if texts[0] != texts[1]:
            yield DossierChange(label, *texts)


def _versions(
    name: str, commitment: Commitment, last: int, readable_from: dt.datetime
) -> Iterator[tuple[Any, Any]]:
    """Of each record that was edited after the entry ``last``: its version then and now; None if none.

    *Then* is not before ``readable_from``.
    """
    records: dict[int, list[Any]] = {}
    entries: Any = apps.get_model("commitments", name)._default_manager.select_related(*_RELATIONS[name])
    for entry in entries.filter(**{LAST_KEYS[name]: commitment.pk}).order_by("history_id"):
        records.setdefault(entry.id, []).append(entry)
    for versions in records.values():
        if versions[-1].history_id > last:
            then = [
                each for each in versions if each.history_id <= last or each.history_date <= readable_from
            ][-1:]
            yield tuple(  # type: ignore[misc]
                each if each is not None and each.history_type != "-" else None
                for each in (*(then or [None]), versions[-1])
            )


def _fields(before: Any, now: Any) -> Iterator[DossierChange]:
    for field in _shown(now):
        if getattr(before, field.attname) != getattr(now, field.attname):
            label = str(capfirst(field.verbose_name))
            yield DossierChange(label, display_value(before, field), display_value(now, field))


def _summary(entry: Any) -> str:
    return (
        ""
        if entry is None
        else listed(filter(None, (display_value(entry, field) for field in _shown(entry))))
    )


def _shown(entry: Any) -> Iterable["Field[Any, Any]"]:
    """The fields of an entry of a field history that people edit, without the commitment of a row."""
    hidden = (entry.instance_type._meta.pk.name, "commitment")
    return (each for each in entry.tracked_fields if each.editable and each.name not in hidden)


def display_value(entry: Any, field: "Field[Any, Any]") -> str:
    """The value of ``field`` in an entry of a field history, as people read it."""
    value = getattr(entry, field.name)
    if value in (None, ""):
        return ""
    if field.choices:
        return str(getattr(entry, f"get_{field.name}_display")())
    if isinstance(value, dt.date):
        return date_format(value)
    return f"{value.normalize():f}" if hasattr(value, "normalize") else str(value)


def _status_changes(commitment: Commitment, last: int) -> Iterator[DossierChange]:
    for change in commitment.status_changes.model.objects.filter(commitment=commitment, pk__gt=last):
        label = str(change.get_transition_display())
        yield DossierChange(label, str(change.get_from_status_display()), str(change.get_to_status_display()))


def _reports(commitment: Commitment, since: dict[str, int]) -> Iterator[DossierChange]:
    def added(relation: str, name: str) -> Iterable[Model]:
        return getattr(commitment, relation).model.objects.filter(commitment=commitment, pk__gt=since[name])

    for update in added("progress_updates", "ProgressUpdate"):
        texts: Any = (update.achieved, update.challenges, update.recommendations)  # type: ignore[attr-defined]
        yield DossierChange(_("Progress reported"), "", "\n".join(filter(None, texts)))
    for evidence in added("evidence", "Evidence"):
        yield DossierChange(_("Evidence attached"), "", str(evidence))
    withdrawals = EvidenceWithdrawal.objects.filter(evidence__commitment=commitment).select_related(
        "evidence"
    )
    for withdrawal in withdrawals.filter(pk__gt=since["EvidenceWithdrawal"]):
        yield DossierChange(_("Evidence withdrawn"), str(withdrawal.evidence), withdrawal.reason)
    corrections = DayCorrection.objects.filter(status_change__commitment=commitment)
    for correction in corrections.filter(pk__gt=since["DayCorrection"]).select_related("status_change"):
        before = date_format(correction.status_change.occurred_on)
        yield DossierChange(_("Day corrected"), before, date_format(correction.occurred_on))
    versions = ParagraphVersion.objects.filter(paragraph__mentions__commitment=commitment).distinct()
    for version in versions.filter(pk__gt=since["ParagraphVersion"]).select_related("paragraph__source"):
        yield DossierChange(_("Paragraph corrected"), version.paragraph.first_text, version.text)
    for proposal in added("deadline_proposals", "DeadlineProposal"):
        before, after = proposal.old_wording, proposal.new_wording  # type: ignore[attr-defined]
        yield DossierChange(_("Deadline proposed"), before, after)
    yield from _errors(commitment, since["EnteredInError"])


def _errors(commitment: Commitment, last: int) -> Iterator[DossierChange]:
    """What was entered in error since, or is no longer."""
    notes = EnteredInError.objects.filter(commitment=commitment, pk__gt=last)
    for note in notes.select_related("mention__meeting", "progress_update__commitment", "reading"):
        thing = note.mention or note.progress_update or note.reading or commitment
        label = _("Entered in error") if note.lifts_id is None else _("No longer entered in error")
        yield DossierChange(label, str(thing), note.reason)
