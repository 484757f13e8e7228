"""Merges two commitments that are the same undertaking, and undoes it (docs/rules.md#merged).

Nothing append-only moves: the commitment that is kept gets copies. What can change is repointed. Both bear
the reference that they come from, so that the merge can be undone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from accounts.permissions import Right
from commitments.choices import AssignmentRole, PartyRole, Status
from commitments.models import (
    Assignment,
    Commitment,
    EnteredInError,
    Evidence,
    EvidenceWithdrawal,
    Mention,
    Merge,
    ProgressUpdate,
    Reading,
)
from commitments.services.dossier import Stamp, stamp_for
from commitments.services.editing import change_based_on, countries_in
from commitments.services.entered_in_error import mark
from commitments.services.errors import (
    DossierChanged,
    IllegalTransition,
    NotYours,
    PermissionDenied,
    Refusal,
    RequirementsNotMet,
    StillNeeded,
)
from commitments.services.locking import require_counted
from commitments.services.proof import proven_outcomes
from commitments.services.search import refresh_search_text
from commitments.services.watching import repoint_watches
from commitments.workflow import DELIVERED

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True, slots=True)
class Moves:
    """What would be repointed and copied. ``stays`` counts what only the absorbed commitment has then."""

    mentions: list[Mention]
    readings: list[Reading]
    assignments: list[Assignment]
    target: Any
    progress: list[ProgressUpdate]
    evidence: list[Evidence]
    related: list[Commitment]
    stays: int

    @property
    def rows(self) -> list[Any]:
        """The rows that are repointed."""
        return [*self.mentions, *self.readings, *self.assignments, *filter(None, [self.target])]


@transaction.atomic
def merge(
    *, kept: Commitment, absorbed: Commitment, actor: "User", reason: str, seen: Sequence[Stamp] = ()
) -> Merge:
    """Merge ``absorbed`` into ``kept``. Reviewers only; both have the same parties, neither is under review.

    The higher classification stays. ``seen`` are the stamps of both dossiers that the actor has seen, if
    known. Raises ``Commitment.DoesNotExist`` (not visible), ``PermissionDenied``, ``Refusal`` (409: under
    review, in error, or others depend on it), ``RequirementsNotMet``.
    """
    rows = _locked(actor, kept, absorbed)
    kept, absorbed = rows[kept.pk], rows[absorbed.pk]
    if refused := merge_refusal(kept, absorbed, actor):
        raise refused
    if seen and [each.digest for each in seen] != digests_of(actor, kept, absorbed):
        message = _("A commitment has changed since you read it. Read both again, then decide.")
        raise DossierChanged(message, status=kept.status)
    if not reason.strip():
        raise RequirementsNotMet({"reason": [_("Say how you know that they are the same.")]})
    moves = moves_of(kept, absorbed)
    done = Merge.objects.create(kept=kept, absorbed=absorbed, reason=reason.strip(), actor=actor)
    # First, so that no entry of the history stands at the lower classification.
    _raise_fields(kept, absorbed, moves)
    _repoint(moves, kept, absorbed)
    _copy(moves, kept, absorbed)
    repoint_watches(kept=kept, absorbed=absorbed)
    Commitment.objects.filter(pk=absorbed.pk).update(is_in_error=True, merged_into=kept)
    refresh_search_text([kept.pk, absorbed.pk])
    return done


def require_merger(actor: "User") -> None:
    """Raise ``PermissionDenied`` unless ``actor`` may merge commitments and undo that."""
    if not actor.may(Right.MERGE):
        raise NotYours(_("Only a reviewer can merge commitments."))


def merge_refusal(kept: Commitment, absorbed: Commitment, actor: "User") -> Refusal | PermissionDenied | None:
    """Why ``actor`` may not merge the two; ``None`` if it is allowed."""
    if not actor.may(Right.MERGE):
        return NotYours(_("Only a reviewer can merge commitments."))
    if kept.pk == absorbed.pk:
        return RequirementsNotMet({"other": [_("Choose another commitment: none is merged with itself.")]})
    for each in (kept, absorbed):
        if each.is_in_error:
            message = _("%(reference)s was entered in error, or merged already.")
            return IllegalTransition(message % {"reference": each.reference}, status=each.status)
        if each.status == Status.UNDER_REVIEW:
            message = _("%(reference)s is under review. Decide on it, or return it first.")
            return IllegalTransition(message % {"reference": each.reference}, status=each.status)
    if _parties(kept) != _parties(absorbed):
        return RequirementsNotMet({"other": [_("Only commitments between the same parties are merged.")]})
    if absorbed.predecessors.exists():
        # Not which one: it may be classified.
        return StillNeeded(
            _("The one that would be merged replaces another commitment. Keep that one instead."),
            status=absorbed.status,
        )
    return None


def digests_of(actor: "User", *commitments: Commitment) -> list[str]:
    """The digests of the dossiers as they are now."""
    stamps = (stamp_for(actor, each.reference) for each in commitments)
    return [stamp.digest if stamp else "" for stamp in stamps]


def moves_of(kept: Commitment, absorbed: Commitment) -> Moves:
    """What a merge would repoint and copy. What ``kept`` has already stays with ``absorbed``."""
    said = set(kept.mentions.values_list("meeting", "paragraph", "kind"))
    mentions = [
        each
        for each in absorbed.mentions.all()
        if (each.meeting_id, each.paragraph_id, each.kind) not in said
    ]
    held = set(kept.assignments.values_list("agency", flat=True))
    assignments = [each for each in absorbed.assignments.all() if each.agency_id not in held]
    target = getattr(absorbed, "target", None)
    own = getattr(kept, "target", None)
    is_same_figure = not (own and target) or (own.indicator, own.unit) == (target.indicator, target.unit)
    read = set(kept.readings.values_list("as_of", "period"))
    readings = [
        each for each in absorbed.readings.all() if is_same_figure and (each.as_of, each.period) not in read
    ]
    has_all = {each.pk for each in kept.related.all()} | {kept.pk}
    moves = Moves(
        mentions,
        readings,
        assignments,
        target if own is None else None,
        progress=list(absorbed.progress_updates.all()),
        evidence=list(absorbed.evidence.filter(withdrawal=None)),
        related=[each for each in absorbed.related.all() if each.pk not in has_all],
        stays=0,
    )
    count = (
        absorbed.mentions.count() + absorbed.readings.count() + absorbed.assignments.count() + bool(target)
    )
    return Moves(
        **{name: getattr(moves, name) for name in Moves.__slots__ if name != "stays"},
        stays=count - len(moves.rows),
    )


def _locked(actor: "User", *commitments: Commitment) -> dict[int, Commitment]:
    """The commitments, locked in one order. Raises ``DoesNotExist`` if ``actor`` may not see one of them."""
    pks = {each.pk for each in commitments}
    rows = Commitment.objects.readable_by(actor).select_for_update(no_key=True).filter(pk__in=pks)
    found = {row.pk: row for row in rows.order_by("pk")}
    if found.keys() != pks:
        raise Commitment.DoesNotExist
    return found


def _parties(commitment: Commitment) -> set[str]:
    return {country.code for country in countries_in(commitment, PartyRole.PARTY)}


def _repoint(moves: Moves, kept: Commitment, absorbed: Commitment) -> None:
    """Let the rows refer to ``kept``. An agency that led supports, where another one leads there."""
    is_led = kept.assignments.filter(role=AssignmentRole.LEAD).exists()
    for row in moves.rows:
        if isinstance(row, Assignment) and is_led:
            row.role = AssignmentRole.SUPPORT
        row.commitment = kept
        row.merged_from = f"{row.merged_from} {absorbed.reference}".strip()
        _save(row, _merged_reason(absorbed))


def _copy(moves: Moves, kept: Commitment, absorbed: Commitment) -> None:
    """Append copies with their original day, author and moment. ``bulk_create`` sets nothing by itself."""
    row: Any
    for row in (*moves.progress, *moves.evidence):
        columns = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
        del columns["id"]
        columns |= {
            "commitment_id": kept.pk,
            "merged_from": f"{row.merged_from} {absorbed.reference}".strip(),
        }
        if isinstance(row, Evidence):
            columns["status_change_id"] = None  # a change of the other history
        type(row)._base_manager.bulk_create([type(row)(**columns)])


def _raise_fields(kept: Commitment, absorbed: Commitment, moves: Moves) -> None:
    kept.classification = max(kept.classification, absorbed.classification)
    _save(kept, _merged_reason(absorbed))
    kept.related.add(*moves.related)


def _save(row: Model, reason: str) -> None:
    row._change_reason = reason  # type: ignore[attr-defined]
    row.save()


def _merged_reason(absorbed: Commitment) -> str:
    return _("merged with %(reference)s") % {"reference": absorbed.reference}


# -- undoing ---------------------------------------------------------------------------------------------


@transaction.atomic
def undo_merge(*, done: Merge, actor: "User", reason: str) -> Merge:
    """Undo ``done``: both count again. What came over goes back, and the copies are entered in error.

    What was recorded for the kept commitment since then stays with it. Evidence that was copied is withdrawn,
    since evidence is never in error. Raises what ``merge`` raises.
    """
    kept = _locked(actor, done.kept)[done.kept_id]
    absorbed = Commitment.objects.select_for_update(no_key=True).get(pk=done.absorbed_id)
    if absorbed.classification > actor.clearance:
        raise Commitment.DoesNotExist
    require_merger(actor)
    require_counted(kept)
    if not Merge.objects.get(pk=done.pk).is_in_force:
        raise IllegalTransition(_("This merge was undone already."), status=kept.status)
    if kept.status == Status.UNDER_REVIEW:
        message = _("%(reference)s is under review. Decide on it, or return it first.")
        raise IllegalTransition(message % {"reference": kept.reference}, status=kept.status)
    if refused := _why_mentions_are_needed(kept, _came(kept.mentions, absorbed)):
        raise refused
    if not reason.strip():
        raise RequirementsNotMet({"reason": [_("Say why they are not the same.")]})
    undone = Merge.objects.create(
        kept=kept, absorbed=absorbed, undoes=done, reason=reason.strip(), actor=actor
    )
    Commitment.objects.filter(pk=absorbed.pk).update(merged_into=None)
    mark(absorbed, is_in_error=False)
    _give_back(kept, absorbed, actor, reason.strip())
    _unrelate(kept, absorbed, done)
    refresh_search_text([kept.pk, absorbed.pk])
    return undone


def _why_mentions_are_needed(kept: Commitment, came: list[Mention]) -> StillNeeded | None:
    """Why ``kept`` cannot do without the mentions that ``came`` over; ``None`` if it can."""
    keys = [row.pk for row in came]
    stays = kept.mentions.exclude(pk__in=keys)
    if not stays.exists():
        return StillNeeded(_("The commitment would be left without a mention."), status=kept.status)
    for row in came:
        is_said_by_another = stays.filter(meeting=row.meeting_id, paragraph=row.paragraph_id).exists()
        if change_based_on(kept, row.paragraph_id) and not is_said_by_another:
            return StillNeeded(_("A status of the commitment is based on this mention."), status=kept.status)
    outcome = Status(kept.status)
    if outcome in DELIVERED and outcome in proven_outcomes(kept) - proven_outcomes(kept, without=keys):
        return StillNeeded(
            _("The outcome of the commitment rests on this mention alone."), status=kept.status
        )
    return None


def _came(rows: Any, absorbed: Commitment) -> list[Any]:
    """The ``rows`` that came from ``absorbed`` last."""
    named = rows.filter(merged_from__endswith=absorbed.reference)
    return [row for row in named if row.merged_from.split()[-1] == absorbed.reference]


def _give_back(kept: Commitment, absorbed: Commitment, actor: "User", reason: str) -> None:
    moved = [
        *_came(kept.mentions, absorbed),
        *_came(kept.readings, absorbed),
        *_came(kept.assignments, absorbed),
    ]
    target = getattr(kept, "target", None)
    if target and target.merged_from.split()[-1:] == [absorbed.reference]:
        moved.append(target)
    for row in moved:
        row.commitment = absorbed
        row.merged_from = " ".join(row.merged_from.split()[:-1])
        if isinstance(row, Assignment):
            row.role = _role_before(row, absorbed)
        _save(row, _("merge with %(reference)s undone") % {"reference": kept.reference})
    for update in _came(kept.progress_updates, absorbed):
        EnteredInError.objects.create(commitment=kept, progress_update=update, reason=reason, actor=actor)
    for piece in _came(kept.evidence.filter(withdrawal=None), absorbed):
        EvidenceWithdrawal.objects.create(evidence=piece, reason=reason, actor=actor)


def _role_before(row: Assignment, absorbed: Commitment) -> str:
    """The role of an assignment before it came over, by its field history."""
    before = Assignment.history.filter(id=row.pk, commitment=absorbed).order_by("-history_id")
    return before.values_list("role", flat=True).first() or row.role


def _unrelate(kept: Commitment, absorbed: Commitment, done: Merge) -> None:
    """Take back the related commitments that came over, as far as the field history knows them.

    The higher classification stays: the copies stay on record too, for whoever may read ``kept``.
    """
    _save(kept, _("merge with %(reference)s undone") % {"reference": absorbed.reference})
    before = kept.history.filter(history_date__lt=done.recorded_at).order_by("history_id").last()
    if before is None:
        return
    had = set(before.related.values_list("to_commitment", flat=True))
    came = absorbed.related.exclude(pk__in=had).values_list("pk", flat=True)
    kept.related.remove(*came)


def merged_into(reference: str) -> Commitment | None:
    """The commitment that counts in the place of a merged one; ``None`` if ``reference`` was not merged."""
    found = Commitment.objects.filter(reference=reference).exclude(merged_into=None).first()
    while found is not None and found.merged_into_id is not None:
        found = Commitment.objects.get(pk=found.merged_into_id)
    return found
