"""What was entered in error: noted with a reason, counted nowhere, never deleted, and lifted by another note.

See docs/rules.md#entered-in-error.
"""

import datetime as dt
from typing import TYPE_CHECKING, Any, TypeAlias

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.permissions import Right
from commitments.choices import Status
from commitments.counted import notes_in_force
from commitments.models import Commitment, EnteredInError, Mention, ProgressUpdate, Reading
from commitments.services.editing import change_based_on
from commitments.services.errors import IsInError, NotYours, Refusal, RequirementsNotMet, StillNeeded
from commitments.services.locking import locked_for, require_counted
from commitments.services.periods import reading_of
from commitments.services.proof import proven_outcomes
from commitments.services.search import refresh_search_text
from commitments.workflow import DELIVERED, MENTIONS_THAT_PROVE, OWN_SLIP

if TYPE_CHECKING:
    from accounts.models import User

Thing: TypeAlias = Commitment | Mention | ProgressUpdate | Reading
"""What can be entered in error. Evidence cannot: it is withdrawn."""

_FIELDS: dict[type[Any], str] = {
    Mention: "mention",
    ProgressUpdate: "progress_update",
    Reading: "reading",
}


@transaction.atomic
def enter_in_error(*, thing: Thing, actor: "User", reason: str) -> EnteredInError:
    """Note that ``thing`` should never have been entered. From then on it is counted nowhere.

    A reviewer may, and whoever entered it, within 24 hours and while nothing has followed. Not for the last
    mention of a commitment, nor for one on which a status rests.

    Raises ``Commitment.DoesNotExist`` (not visible), ``PermissionDenied``, ``IsInError`` (it is noted
    already), ``StillNeeded`` (other records depend on it), ``RequirementsNotMet`` (no reason).
    """
    locked, found = _locked(thing, actor)
    require_mender(found, actor)
    if refused := refusal(found):
        raise refused
    if not reason.strip():
        raise RequirementsNotMet({"reason": [_("Say why it should not have been entered.")]})
    note = EnteredInError.objects.create(**_about(locked, found), reason=reason.strip(), actor=actor)
    mark(found, is_in_error=True)
    return note


@transaction.atomic
def lift(*, thing: Thing, actor: "User", reason: str) -> EnteredInError:
    """Lift the note that ``thing`` was entered in error, so that it counts again. Reviewers only.

    Raises ``Commitment.DoesNotExist`` (not visible), ``PermissionDenied``, ``RequirementsNotMet`` (it bears
    no note, there is no reason, or it was entered again meanwhile).
    """
    locked, found = _locked(thing, actor)
    if not actor.may(Right.ENTER_IN_ERROR):
        raise NotYours(_("Only a reviewer can say that it was no error."))
    if not isinstance(found, Commitment):
        require_counted(locked)
    errors: dict[str, list[str]] = {}
    note = note_on(found)
    if note is None:
        errors["lift"] = [_("It was not entered in error.")]
    elif _is_entered_again(found):
        errors["lift"] = [_("It was entered again meanwhile. Enter that in error first.")]
    if not reason.strip():
        errors["reason"] = [_("Say why it was no error.")]
    if errors:
        raise RequirementsNotMet(errors)
    lifting = EnteredInError.objects.create(
        **_about(locked, found), lifts=note, reason=reason.strip(), actor=actor
    )
    mark(found, is_in_error=False)
    return lifting


def require_mender(thing: Thing, actor: "User") -> None:
    """Raise ``PermissionDenied`` unless ``actor`` may note that ``thing`` was entered in error."""
    if not actor.may(Right.ENTER_IN_ERROR) and not _is_own_slip(thing, actor):
        raise NotYours(who_may())


def who_may() -> str:
    """The sentence that says who may note that something was entered in error."""
    return _(
        "Only a reviewer can note that this was entered in error, or who entered it, within 24 hours and "
        "while nothing has followed."
    )


def mendable_by(actor: "User", commitment: Commitment) -> list[Thing]:
    """What ``actor`` may enter in error, or say to be no error: the commitment and what belongs to it.

    Whether something prevents it is not asked here.
    """
    if not actor.may(Right.ENTER_IN_ERROR):
        return [thing for thing in _entered_lately(actor, commitment) if _is_own_slip(thing, actor)]
    if commitment.is_in_error:
        return [commitment]
    return [
        commitment,
        *Mention.with_errors.filter(commitment=commitment).select_related("meeting", "paragraph"),
        *ProgressUpdate.with_errors.filter(commitment=commitment),
        *Reading.with_errors.filter(commitment=commitment),
    ]


def _entered_lately(actor: "User", commitment: Commitment) -> list[Thing]:
    """What ``actor`` entered within the last 24 hours and is not in error, in four queries."""
    if commitment.is_in_error:
        return []
    since = timezone.now() - OWN_SLIP
    by = {"commitment": commitment, "history_user": actor, "history_type": "+", "history_date__gte": since}
    first = commitment.status_changes.filter(number=1, actor=actor, recorded_at__gte=since)
    things: list[Thing] = [commitment] if first.exists() else []
    for model in (Mention, Reading):
        history: Any = model.history
        things += model.objects.filter(commitment=commitment, pk__in=history.filter(**by).values("id"))
    things += commitment.progress_updates.filter(actor=actor, recorded_at__gte=since)
    return things


def mark(thing: Thing, *, is_in_error: bool) -> None:
    """Store whether ``thing`` is in error. Only this function does; the caller has written the note.

    A progress update stores nothing: its row cannot be changed, and its notes are read.
    """
    if isinstance(thing, ProgressUpdate):
        return
    manager = type(thing)._base_manager
    manager.filter(pk=thing.pk).update(is_in_error=is_in_error)
    thing.is_in_error = is_in_error
    if isinstance(thing, Mention):
        refresh_search_text([thing.commitment_id])


def note_on(thing: Thing) -> EnteredInError | None:
    """The note in force that ``thing`` was entered in error, if any."""
    note: EnteredInError | None = notes_in_force(**_about(commitment_of(thing), thing)).first()
    return note


def refusal(thing: Thing) -> Refusal | None:
    """Why nobody can note that ``thing`` was entered in error; ``None`` if it is possible."""
    commitment = commitment_of(thing)
    if note_on(thing) is not None or commitment.is_in_error:
        return IsInError(_("It was entered in error already."), status=commitment.status)
    match thing:
        case Mention():
            return _why_mention_is_needed(commitment, thing)
        case Commitment() if thing.predecessors.exists():
            return StillNeeded(
                _("It replaces another commitment. Reopen that one first."), status=commitment.status
            )
    return None


def _why_mention_is_needed(commitment: Commitment, mention: Mention) -> StillNeeded | None:
    others = commitment.mentions.exclude(pk=mention.pk)
    if not others.exists():
        return StillNeeded(
            _("It is the only mention of the commitment. Enter the commitment in error instead."),
            status=commitment.status,
        )
    same_place = others.filter(meeting=mention.meeting_id, paragraph=mention.paragraph_id)
    if change_based_on(commitment, mention.paragraph_id) and not same_place.exists():
        return StillNeeded(
            _("A status of the commitment is based on this mention."), status=commitment.status
        )
    outcome = claimed_outcome(commitment)
    proves = outcome in DELIVERED and mention.kind in MENTIONS_THAT_PROVE[outcome]
    if proves and outcome not in proven_outcomes(commitment, without=[mention.pk]):
        return StillNeeded(
            _("The outcome of the commitment rests on this mention alone."), status=commitment.status
        )
    return None


def claimed_outcome(commitment: Commitment) -> Status | None:
    """The outcome that was decided, or that is proposed while the commitment is under review."""
    if commitment.status != Status.UNDER_REVIEW:
        return Status(commitment.status)
    last = commitment.status_changes.order_by("-number").first()
    return Status(last.outcome) if last and last.outcome else None


def commitment_of(thing: Thing) -> Commitment:
    """The commitment that ``thing`` is or belongs to."""
    return thing if isinstance(thing, Commitment) else thing.commitment


def _locked(thing: Thing, actor: "User") -> tuple[Commitment, Thing]:
    locked = locked_for(actor, commitment_of(thing))
    if isinstance(thing, Commitment):
        return locked, locked
    found: Any = type(thing).with_errors.get(pk=thing.pk, commitment=locked)
    found.commitment = locked
    return locked, found


def _about(commitment: Commitment, thing: Thing) -> dict[str, Any]:
    """The columns of a note about ``thing``."""
    return {
        "commitment": commitment,
        **dict.fromkeys(_FIELDS.values()),
        **({} if isinstance(thing, Commitment) else {_FIELDS[type(thing)]: thing}),
    }


def _is_entered_again(thing: Thing) -> bool:
    """Whether another row that counts says the same, so that the two could not both count."""
    match thing:
        case Mention():
            same = {name: getattr(thing, name) for name in ("meeting", "paragraph", "kind")}
            return thing.commitment.mentions.filter(**same).exists()
        case Reading():
            counted = thing.commitment.readings.all()
            return reading_of(counted, as_of=thing.as_of, period=thing.period) is not None
    return False


# -- own slips -------------------------------------------------------------------------------------------


def _is_own_slip(thing: Thing, actor: "User") -> bool:
    """Whether ``actor`` entered ``thing`` within the last 24 hours, and nothing has followed."""
    author, moment = _entry_of(thing)
    if author != actor.pk or moment is None or moment < timezone.now() - OWN_SLIP:
        return False
    return not _has_followed(thing, moment)


def _entry_of(thing: Thing) -> tuple[int | None, dt.datetime | None]:
    """Who entered ``thing``, and when; the moment at which all that came with it was written."""
    match thing:
        case Commitment():
            first = thing.status_changes.order_by("number").first()
            if first is None:
                return None, None
            _author, written = _added(Mention, commitment_id=thing.pk)
            return first.actor_id, max(first.recorded_at, written or first.recorded_at)
        case ProgressUpdate():
            return thing.actor_id, thing.recorded_at
    return _added(type(thing), id=thing.pk)


def _added(model: Any, **which: Any) -> tuple[int | None, dt.datetime | None]:
    """Who added the first row of ``model``, and when, by the field history."""
    rows = model.history.filter(history_type="+", **which).order_by("history_date", "history_id")
    added: tuple[int | None, dt.datetime] | None = rows.values_list("history_user", "history_date").first()
    return added or (None, None)


def _has_followed(thing: Thing, moment: dt.datetime) -> bool:
    """Whether anything was recorded on the commitment after ``moment``. What is in error does not count."""
    commitment = commitment_of(thing)
    for rows in (
        commitment.status_changes,
        commitment.deadline_changes,
        commitment.progress_updates,
        commitment.evidence,
    ):
        if rows.filter(recorded_at__gt=moment).exists():
            return True
    for model, counted in ((Mention, commitment.mentions), (Reading, commitment.readings)):
        keys = counted.exclude(pk=thing.pk) if isinstance(thing, model) else counted.all()
        since = model.history.filter(history_type="+", history_date__gt=moment, id__in=keys.values("pk"))
        if since.exists():
            return True
    return False
