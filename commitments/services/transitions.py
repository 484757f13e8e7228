"""Writes the status of commitments. Nothing else does."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict, Unpack

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from commitments.choices import CLOSED, OPEN, EvidenceKind, Status
from commitments.models import Commitment, Evidence, StatusChange
from commitments.services.deadlines import FIXED, lapse
from commitments.services.dossier import Stamp, is_current
from commitments.services.errors import NOTE_MISSING, RequirementsNotMet, UnknownTransition
from commitments.services.files import evidence_errors
from commitments.services.locking import locked_for
from commitments.services.policy import WorkflowContext, fixed_parts, refusal, workflow_context
from commitments.services.proof import EvidenceGiven, check_files, file_of, proven_outcomes
from commitments.workflow import DELIVERED, TRANSITIONS, NoteRule, Transition, TransitionName, outcomes
from core import clock
from core.lists import all_of, one_of
from core.locks import NamedLock, hold

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(slots=True)
class _Attempt:
    """A transition while it is checked: its arguments, where it starts, and the errors found."""

    row: Transition
    workflow: WorkflowContext
    commitment: Commitment
    actor: "User"
    note: str
    occurred_on: dt.date
    delivered_on: dt.date | None
    outcome: Status | None
    successor: Commitment | None
    evidence: Sequence[EvidenceGiven]
    unconditional: bool
    errors: defaultdict[str, list[str]]


class TransitionArguments(TypedDict, total=False):
    """Optional arguments of a transition.

    ``occurred_on`` and ``delivered_on`` default to today. ``seen`` is the number of the last status change
    that the caller has seen: if there is a newer one, the transition is refused. ``stamp`` is the state of
    the dossier that the caller has seen: if another one stands, a decision is refused. A decision without it
    is stored as unconditional.
    """

    note: str
    occurred_on: dt.date | None
    delivered_on: dt.date | None
    outcome: str | None
    successor: Commitment | None
    evidence: Sequence[EvidenceGiven]
    seen: int | None
    stamp: Stamp | None


def apply_transition(
    *, commitment: Commitment, name: str, actor: "User", **arguments: Unpack[TransitionArguments]
) -> StatusChange:
    """Make the transition ``name`` and add it to the history (docs/rules.md#transitions).

    Raises, in the order of docs/rules.md#refusals and without any change: ``Commitment.DoesNotExist`` (not
    visible), ``UnknownTransition``, ``PermissionDenied`` (role), ``IllegalTransition`` (not from this status,
    or changed meanwhile), ``PermissionDenied`` (own submission), ``RequirementsNotMet`` (by field). Raises
    ``ReadersBusy`` where a file cannot be checked now.
    """
    if files := [given.file for given in arguments.get("evidence", ()) if given.file is not None]:
        # Checking may take seconds, so the commitment is not locked yet; who may not, is told so first.
        _refuse_early(Commitment.objects.readable_by(actor).get(pk=commitment.pk), name, actor)
        check_files(files)
    with transaction.atomic():
        locked = locked_for(actor, commitment)
        if name not in TRANSITIONS:
            raise UnknownTransition(name)
        return apply_to_locked(workflow_context(locked), name=name, actor=actor, **arguments)


def _refuse_early(commitment: Commitment, name: str, actor: "User") -> None:
    if name not in TRANSITIONS:
        raise UnknownTransition(name)
    if refused := refusal(TRANSITIONS[TransitionName(name)], workflow_context(commitment), actor):
        raise refused


def apply_to_locked(
    workflow: WorkflowContext, *, name: str, actor: "User", **arguments: Unpack[TransitionArguments]
) -> StatusChange:
    """Make a transition of a commitment that is locked already. ``workflow`` was read under the lock.

    Raises the same errors as ``apply_transition``, except ``DoesNotExist`` and ``UnknownTransition``.
    """
    row, stamp = TRANSITIONS[TransitionName(name)], arguments.get("stamp")
    is_stale = row.decides and stamp is not None and not is_current(stamp, workflow.commitment, actor)
    if refused := refusal(row, workflow, actor, seen=arguments.get("seen"), is_stale=is_stale):
        raise refused
    attempt = _Attempt(
        row=row,
        workflow=workflow,
        commitment=workflow.commitment,
        actor=actor,
        note=arguments.get("note", "").strip(),
        occurred_on=arguments.get("occurred_on") or clock.today(),
        delivered_on=arguments.get("delivered_on"),
        outcome=None,
        successor=arguments.get("successor"),
        evidence=arguments.get("evidence", ()),
        unconditional=row.decides and stamp is None,
        errors=defaultdict(list),
    )
    _check_days(attempt)
    _check_outcome(attempt, arguments.get("outcome"))
    _check_note(attempt)
    _check_evidence(attempt)
    if row.natures and workflow.nature not in row.natures:
        allowed = [str(nature.label) for nature in type(workflow.nature) if nature in row.natures]
        attempt.errors["transition"].append(
            _("Only for these natures: %(natures)s.") % {"natures": all_of(allowed)}
        )
    if attempt.errors:
        raise RequirementsNotMet(attempt.errors)
    return _write(attempt)


def day_errors(
    row: Transition, *, occurred_on: dt.date, delivered_on: dt.date | None
) -> defaultdict[str, list[str]]:
    """The errors in the dates of the transition ``row`` that do not depend on the commitment, by field."""
    errors: defaultdict[str, list[str]] = defaultdict(list)
    today = clock.today()

    def after_today(day: dt.date) -> str:
        return _("%(day)s is after today, %(today)s.") % {
            "day": date_format(day),
            "today": date_format(today),
        }

    if row.dated_today and occurred_on != today:
        errors["occurred_on"].append(
            _("This action is always dated today, %(today)s.") % {"today": date_format(today)}
        )
    elif occurred_on > today:
        errors["occurred_on"].append(after_today(occurred_on))
    if delivered_on is not None:
        if not row.takes_delivery:
            errors["delivered_on"].append(_("Only a submission has a date of delivery."))
        elif delivered_on > today:
            errors["delivered_on"].append(after_today(delivered_on))
    return errors


def _check_days(attempt: _Attempt) -> None:
    previous = attempt.workflow.last.occurred_on
    errors = day_errors(attempt.row, occurred_on=attempt.occurred_on, delivered_on=attempt.delivered_on)
    first = clock.first_day_after(previous, recorded_on=clock.today())
    if "occurred_on" not in errors and attempt.occurred_on < first:
        errors["occurred_on"].append(
            _("%(day)s is before the previous change, of %(previous)s.")
            % {"day": date_format(attempt.occurred_on), "previous": date_format(previous)}
        )
    attempt.errors.update(errors)
    if attempt.row.takes_delivery and attempt.delivered_on is None:
        attempt.delivered_on = clock.today()


def _check_outcome(attempt: _Attempt, given: str | None) -> None:
    """Set the outcome and the successor of ``attempt``, or add the errors."""
    if not attempt.row.takes_outcome:
        if given:
            attempt.errors["outcome"].append(_("“%(move)s” takes no outcome.") % {"move": attempt.row.label})
        if attempt.successor:
            attempt.errors["successor"].append(
                _("“%(move)s” takes no successor.") % {"move": attempt.row.label}
            )
        return
    submission = attempt.workflow.submission
    proposed = Status(submission.outcome) if submission else None
    wanted = given or proposed
    if not wanted:
        attempt.errors["outcome"].append(_("Choose the outcome that you propose."))
        return
    came_from = attempt.workflow.came_from or attempt.workflow.status
    possible = outcomes(attempt.workflow.nature, came_from)
    if wanted not in possible:
        names = one_of(status.label for status in possible)
        attempt.errors["outcome"].append(
            _("“%(outcome)s” is not possible here. Possible outcomes: %(possible)s.")
            % {"outcome": wanted, "possible": names}
        )
        return
    attempt.outcome = Status(wanted)
    _check_successor(attempt, submission)
    if attempt.outcome in DELIVERED and not _has_proof(attempt):
        attempt.errors["evidence"].append(
            # Translators: "outcome" is a status, such as "fulfilled".
            _(
                "The outcome “%(outcome)s” needs evidence or a mention that reports it. "
                "Add a link, or choose another outcome."
            )
            % {"outcome": attempt.outcome.label}
        )


def _check_successor(attempt: _Attempt, submission: StatusChange | None) -> None:
    if attempt.outcome != Status.SUPERSEDED:
        if attempt.successor:
            attempt.errors["successor"].append(_("Only a superseded commitment has a successor."))
        return
    if attempt.successor is None and submission is not None and submission.outcome == Status.SUPERSEDED:
        attempt.successor = submission.successor
    if attempt.successor is None:
        attempt.errors["successor"].append(_("Enter the commitment that replaces this one."))
        return
    if attempt.successor.is_in_error:
        attempt.errors["successor"].append(_("The successor was entered in error. Enter another one."))
        return
    lock_supersessions()
    chain, link = {attempt.commitment.pk}, attempt.successor
    while True:
        if link.pk in chain:
            attempt.errors["successor"].append(
                _("The successor leads back to this commitment; a chain of successors must end.")
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


def _has_proof(attempt: _Attempt) -> bool:
    if attempt.evidence:
        return True
    return attempt.outcome in proven_outcomes(attempt.commitment)


def _check_note(attempt: _Attempt) -> None:
    if attempt.note:
        return
    if attempt.row.note == NoteRule.REQUIRED:
        attempt.errors["note"].append(str(NOTE_MISSING))
    submission = attempt.workflow.submission
    changed = submission is not None and attempt.outcome not in (None, submission.outcome)
    if attempt.row.note == NoteRule.IF_OUTCOME_CHANGES and changed:
        attempt.errors["note"].append(_("Your outcome is not the proposed one. Write a note that says why."))


def _check_evidence(attempt: _Attempt) -> None:
    for given in attempt.evidence:
        has_file = given.uploaded is not None or given.file is not None
        for messages in evidence_errors(title=given.title, url=given.url, has_file=has_file).values():
            attempt.errors["evidence"] += messages
        uploaded = given.uploaded
        if uploaded and (uploaded.commitment_id != attempt.commitment.pk or uploaded.is_withdrawn):
            attempt.errors["evidence"].append(_("This file does not belong to this commitment."))


def _write(attempt: _Attempt) -> StatusChange:
    workflow, commitment = attempt.workflow, attempt.commitment
    to_status = workflow.target_of(attempt.row, attempt.outcome)
    change = append_change(
        StatusChange(
            commitment=commitment,
            number=workflow.last.number + 1,
            transition=attempt.row.name,
            from_status=workflow.status,
            to_status=to_status,
            occurred_on=attempt.occurred_on,
            actor=attempt.actor,
            note=attempt.note,
            outcome=attempt.outcome or "",
            delivered_on=attempt.delivered_on,
            successor=attempt.successor,
            unconditional=attempt.unconditional,
        )
    )
    for given in attempt.evidence:
        file = file_of(given)
        Evidence.objects.create(
            commitment=commitment,
            status_change=change,
            kind=EvidenceKind.FILE if file else EvidenceKind.LINK,
            type=given.type,
            title=given.title.strip(),
            url="" if file else given.url,
            file=file.stored_as if file else "",
            file_name=file.name if file else "",
            sha256=file.sha256 if file else "",
            dated_on=given.dated_on,
            recorded_at=change.recorded_at,
            actor=attempt.actor,
        )
    return change


def append_change(change: StatusChange) -> StatusChange:
    """Add ``change`` to the history and update the stored status. The caller must have locked the row.

    Only this function writes ``status``, ``review_from`` and ``successor``. Proposed deadlines lapse where
    the new status lets nobody change the deadline. It checks no rules, because the register loader records
    changes that are older than the register.
    """
    change.opens = opens(change.from_status, change.to_status)
    change.save(force_insert=True)
    state = state_after(change)
    Commitment.objects.filter(pk=change.commitment_id).update(**state)
    for field, value in state.items():
        setattr(change.commitment, field, value)
    if fixed_parts(change.to_status) and not fixed_parts(change.from_status):
        lapse(change.commitment, FIXED)
    return change


def begin_histories(changes: Sequence[StatusChange]) -> None:
    """Add the first change of new commitments. Their stored status must already match."""
    for change in changes:
        change.opens = opens(change.from_status, change.to_status)
    StatusChange.objects.bulk_create(changes)


def opens(from_status: str, to_status: str) -> bool:
    """Whether the change opens the commitment: it is the first, or it leaves a closed status."""
    return to_status in OPEN and (not from_status or from_status in CLOSED)


def state_after(change: StatusChange) -> dict[str, object]:
    """The columns of the commitment that its last ``change`` determines."""
    return {
        "status": change.to_status,
        "review_from": change.from_status if change.to_status == Status.UNDER_REVIEW else "",
        "successor_id": change.successor_id if change.to_status == Status.SUPERSEDED else None,
    }


def replay(changes: Sequence[StatusChange]) -> Status:
    """The status at the end of a history. Raises ``ValueError`` if two changes do not join."""
    status = ""
    for number, change in enumerate(sorted(changes, key=lambda each: each.number), start=1):
        if change.number != number or change.from_status != status:
            raise ValueError(f"change {change.number} starts from {change.from_status!r}, not {status!r}")
        status = change.to_status
    return Status(status)
