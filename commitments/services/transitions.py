"""The one writer of a commitment's status."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict, Unpack

from django.db import transaction
from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from commitments.choices import CLOSED, OPEN, EvidenceKind, EvidenceType, MentionKind, Status
from commitments.models import Commitment, Evidence, StatusChange
from commitments.services.errors import RequirementsNotMet, UnknownTransition
from commitments.services.policy import WorkflowContext, refusal, workflow_context
from commitments.workflow import DELIVERED, TRANSITIONS, NoteRule, Transition, TransitionName, outcomes
from core import clock
from core.locks import NamedLock, hold

if TYPE_CHECKING:
    from accounts.models import User

_MENTIONS_THAT_SHOW = {
    Status.FULFILLED: frozenset({MentionKind.FULFILLED}),
    Status.PARTLY_FULFILLED: frozenset({MentionKind.FULFILLED, MentionKind.PROGRESS}),
}


@dataclass(frozen=True, slots=True)
class EvidenceGiven:
    """Evidence that comes with a move: a link, or a file uploaded to the same commitment before."""

    title: str
    url: str = ""
    type: str = EvidenceType.OTHER
    dated_on: dt.date | None = None
    uploaded: Evidence | None = None


@dataclass(slots=True)
class _Move:
    """One move while it is checked: what was asked, where it starts, and what is wrong with it."""

    row: Transition
    dossier: WorkflowContext
    commitment: Commitment
    actor: "User"
    note: str
    occurred_on: dt.date
    delivered_on: dt.date | None
    outcome: Status | None
    successor: Commitment | None
    evidence: Sequence[EvidenceGiven]
    errors: defaultdict[str, list[str]]


class TransitionArguments(TypedDict, total=False):
    """What may be said with a move. ``occurred_on`` and ``delivered_on`` are days in the world and default to
    today. ``seen`` is the number of the last change that the caller had seen: a newer one refuses the move.
    """

    note: str
    occurred_on: dt.date | None
    delivered_on: dt.date | None
    outcome: str | None
    successor: Commitment | None
    evidence: Sequence[EvidenceGiven]
    seen: int | None


@transaction.atomic
def apply_transition(
    *, commitment: Commitment, name: str, actor: "User", **asked: Unpack[TransitionArguments]
) -> StatusChange:
    """Make the transition ``name`` and write it into the history (docs/rules.md#transitions).

    Raises, in the order of docs/rules.md#refusals and changing nothing: ``Commitment.DoesNotExist`` (not
    visible), ``UnknownTransition``, ``PermissionDenied`` (role), ``IllegalTransition`` (not from this status,
    or changed meanwhile), ``PermissionDenied`` (own submission), ``RequirementsNotMet`` (by field).
    """
    locked = Commitment.objects.visible_to(actor).select_for_update(no_key=True).get(pk=commitment.pk)
    if name not in TRANSITIONS:
        raise UnknownTransition(name)
    return make_move(workflow_context(locked), name=name, actor=actor, **asked)


def make_move(
    dossier: WorkflowContext, *, name: str, actor: "User", **asked: Unpack[TransitionArguments]
) -> StatusChange:
    """The same for a commitment that is locked already, with its dossier as it was read under the lock.

    Raises what ``apply_transition`` does, but knows neither a commitment nor a move that is not there.
    """
    row = TRANSITIONS[TransitionName(name)]
    if refused := refusal(row, dossier, actor, seen=asked.get("seen")):
        raise refused
    move = _Move(
        row=row,
        dossier=dossier,
        commitment=dossier.commitment,
        actor=actor,
        note=asked.get("note", "").strip(),
        occurred_on=asked.get("occurred_on") or clock.today(),
        delivered_on=asked.get("delivered_on"),
        outcome=None,
        successor=asked.get("successor"),
        evidence=asked.get("evidence", ()),
        errors=defaultdict(list),
    )
    _check_days(move)
    _check_outcome(move, asked.get("outcome"))
    _check_note(move)
    _check_evidence(move)
    if row.natures and dossier.nature not in row.natures:
        allowed = [str(nature.label) for nature in type(dossier.nature) if nature in row.natures]
        move.errors["transition"].append(
            _("Only for these natures: %(natures)s.") % {"natures": get_text_list(allowed, _("and"))}
        )
    if move.errors:
        raise RequirementsNotMet(move.errors)
    return _write(move)


def day_errors(
    row: Transition, *, occurred_on: dt.date, delivered_on: dt.date | None
) -> defaultdict[str, list[str]]:
    """What is wrong with the days of the move ``row`` whatever the commitment, by field."""
    errors: defaultdict[str, list[str]] = defaultdict(list)
    today = clock.today()

    def after_today(day: dt.date) -> str:
        return _("%(day)s lies after today, %(today)s.") % {
            "day": date_format(day),
            "today": date_format(today),
        }

    if row.dated_today and occurred_on != today:
        errors["occurred_on"].append(
            _("This is an act of today: it is dated %(today)s.") % {"today": date_format(today)}
        )
    elif occurred_on > today:
        errors["occurred_on"].append(after_today(occurred_on))
    if delivered_on is not None:
        if not row.takes_delivery:
            errors["delivered_on"].append(_("Only a submission says when it was delivered."))
        elif delivered_on > today:
            errors["delivered_on"].append(after_today(delivered_on))
    return errors


def _check_days(move: _Move) -> None:
    previous = move.dossier.last.occurred_on
    errors = day_errors(move.row, occurred_on=move.occurred_on, delivered_on=move.delivered_on)
    if "occurred_on" not in errors and move.occurred_on < previous:
        errors["occurred_on"].append(
            _("%(day)s lies before the previous change, of %(previous)s.")
            % {"day": date_format(move.occurred_on), "previous": date_format(previous)}
        )
    move.errors.update(errors)
    if move.row.takes_delivery and move.delivered_on is None:
        move.delivered_on = clock.today()


def _check_outcome(move: _Move, asked: str | None) -> None:
    """Fill in ``move.outcome`` and its successor, and refuse what does not make sense here."""
    if not move.row.takes_outcome:
        if asked:
            move.errors["outcome"].append(_("“%(move)s” takes no outcome.") % {"move": move.row.label})
        if move.successor:
            move.errors["successor"].append(_("“%(move)s” names no successor.") % {"move": move.row.label})
        return
    submission = move.dossier.submission
    proposed = Status(submission.outcome) if submission else None
    wanted = asked or proposed
    if not wanted:
        move.errors["outcome"].append(_("Say which outcome you propose."))
        return
    came_from = move.dossier.came_from or move.dossier.status
    possible = outcomes(move.dossier.nature, came_from)
    if wanted not in possible:
        names = get_text_list([status.label for status in possible], _("or"))
        move.errors["outcome"].append(
            _("“%(outcome)s” is no outcome here. Possible: %(possible)s.")
            % {"outcome": wanted, "possible": names}
        )
        return
    move.outcome = Status(wanted)
    _check_successor(move, submission)
    if move.outcome in DELIVERED and not _delivery_is_shown(move):
        move.errors["evidence"].append(
            _(
                "%(outcome)s needs evidence, or a mention that reports it. "
                "Give a link, or choose another outcome."
            )
            % {"outcome": str(move.outcome.label).capitalize()}
        )


def _check_successor(move: _Move, submission: StatusChange | None) -> None:
    if move.outcome != Status.SUPERSEDED:
        if move.successor:
            move.errors["successor"].append(_("Only a superseded commitment has a successor."))
        return
    if move.successor is None and submission is not None and submission.outcome == Status.SUPERSEDED:
        move.successor = submission.successor
    if move.successor is None:
        move.errors["successor"].append(_("Name the commitment that replaces this one."))
        return
    lock_supersessions()
    chain, link = {move.commitment.pk}, move.successor
    while True:
        if link.pk in chain:
            move.errors["successor"].append(
                _("%(reference)s leads back to this commitment; a chain of successors must end.")
                % {"reference": move.successor.reference}
            )
            return
        chain.add(link.pk)
        following = Commitment.objects.filter(predecessors=link.pk).first()
        if following is None:
            return
        link = following


def lock_supersessions() -> None:
    """Let nobody else supersede a commitment until the transaction ends: two could close a circle."""
    hold(NamedLock.SUPERSESSIONS)


def _delivery_is_shown(move: _Move) -> bool:
    if move.evidence:
        return True
    assert move.outcome is not None  # noqa: S101  (only called once an outcome stands)
    if move.commitment.mentions.filter(kind__in=_MENTIONS_THAT_SHOW[move.outcome]).exists():
        return True
    opened = move.commitment.status_changes.filter(opens=True).order_by("-number").first()
    given = move.commitment.evidence.filter(withdrawal=None)
    return (given.filter(recorded_at__gte=opened.recorded_at) if opened else given).exists()


def _check_note(move: _Move) -> None:
    if move.note:
        return
    if move.row.note == NoteRule.REQUIRED:
        move.errors["note"].append(_("Write a note: it is what the next reader goes by."))
    submission = move.dossier.submission
    changed = submission is not None and move.outcome not in (None, submission.outcome)
    if move.row.note == NoteRule.IF_OUTCOME_CHANGES and changed:
        move.errors["note"].append(_("You decide on another outcome than the proposed one: write why."))


def _check_evidence(move: _Move) -> None:
    for given in move.evidence:
        if not given.title.strip():
            move.errors["evidence"].append(_("Give the evidence a title."))
        if given.uploaded is not None:
            if given.uploaded.commitment_id != move.commitment.pk or given.uploaded.is_withdrawn:
                move.errors["evidence"].append(_("That file does not belong to this commitment."))
        elif not given.url:
            move.errors["evidence"].append(_("Give the address of the document."))


def _write(move: _Move) -> StatusChange:
    dossier, commitment = move.dossier, move.commitment
    to_status = dossier.target_of(move.row, move.outcome)
    change = append_change(
        StatusChange(
            commitment=commitment,
            number=dossier.last.number + 1,
            transition=move.row.name,
            from_status=dossier.status,
            to_status=to_status,
            occurred_on=move.occurred_on,
            actor=move.actor,
            note=move.note,
            outcome=move.outcome or "",
            delivered_on=move.delivered_on,
            successor=move.successor,
        )
    )
    for given in move.evidence:
        uploaded = given.uploaded
        Evidence.objects.create(
            commitment=commitment,
            status_change=change,
            kind=EvidenceKind.FILE if uploaded else EvidenceKind.LINK,
            type=given.type,
            title=given.title.strip(),
            url="" if uploaded else given.url,
            file=uploaded.file.name if uploaded else "",
            file_name=uploaded.file_name if uploaded else "",
            sha256=uploaded.sha256 if uploaded else "",
            dated_on=given.dated_on,
            recorded_at=change.recorded_at,
            actor=move.actor,
        )
    return change


def append_change(change: StatusChange) -> StatusChange:
    """Add ``change`` to the history and bring the stored status to what it says; the row must be locked.

    The only place that writes ``status``, ``review_from`` and ``successor``. No rule is checked here: the
    register loader records what was known before the register was kept.
    """
    change.opens = opens(change.from_status, change.to_status)
    change.save(force_insert=True)
    state = state_after(change)
    Commitment.objects.filter(pk=change.commitment_id).update(**state)
    for field, value in state.items():
        setattr(change.commitment, field, value)
    return change


def begin_histories(changes: Sequence[StatusChange]) -> None:
    """Add the first change of each of new commitments, which stand as it says."""
    for change in changes:
        change.opens = opens(change.from_status, change.to_status)
    StatusChange.objects.bulk_create(changes)


def opens(from_status: str, to_status: str) -> bool:
    """Whether a change between the two opens the commitment: its beginning, or a way back from closed."""
    return to_status in OPEN and (not from_status or from_status in CLOSED)


def state_after(change: StatusChange) -> dict[str, object]:
    """The stored columns of the commitment that follow from its last ``change``."""
    return {
        "status": change.to_status,
        "review_from": change.from_status if change.to_status == Status.UNDER_REVIEW else "",
        "successor_id": change.successor_id if change.to_status == Status.SUPERSEDED else None,
    }


def replay(changes: Sequence[StatusChange]) -> Status:
    """The status to which a history leads; raises ``ValueError`` where two changes do not join."""
    status = ""
    for number, change in enumerate(sorted(changes, key=lambda each: each.number), start=1):
        if change.number != number or change.from_status != status:
            raise ValueError(f"change {change.number} starts from {change.from_status!r}, not {status!r}")
        status = change.to_status
    return Status(status)
