"""Progress updates, and evidence attached outside the workflow."""

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.choices import Role
from accounts.permissions import RIGHTS, Right
from commitments.choices import EvidenceKind, EvidenceType
from commitments.models import Commitment, Evidence, EvidenceWithdrawal, ProgressUpdate
from commitments.services.deadlines import window_of, write_window
from commitments.services.errors import NotYours, RequirementsNotMet
from commitments.services.files import check_file, evidence_errors, store_file
from commitments.services.locking import locked_for, require_counted
from commitments.services.report_requests import answer_requests
from core import clock
from core.stored_sentences import StoredSentence

_REVIEW_SET = StoredSentence(gettext_noop("Next review set with a progress update."))

if TYPE_CHECKING:
    from accounts.models import User


def may_report(user: "User", commitment: Commitment) -> bool:
    """Whether ``user`` may report on ``commitment``: an officer, or a focal point of an assigned agency."""
    roles = user.roles & RIGHTS[Right.REPORT_PROGRESS]
    if roles == {Role.FOCAL_POINT}:
        return any(each.agency_id == user.agency_id for each in commitment.assignments.all())
    return bool(roles)


def require_reporter(commitment: Commitment, actor: "User") -> None:
    """Raise ``PermissionDenied`` unless ``actor`` may report on ``commitment``."""
    if not may_report(actor, commitment):
        raise NotYours(_("Only an officer or a focal point of an assigned agency can report progress."))


def locked_for_report(commitment: Commitment, actor: "User") -> Commitment:
    """The commitment, locked, for a user who may report on it.

    Raises ``Commitment.DoesNotExist`` (not visible) or ``PermissionDenied``.
    """
    locked = locked_for(actor, commitment)
    require_reporter(locked, actor)
    require_counted(locked)
    return locked


@transaction.atomic
def record_progress(
    *,
    commitment: Commitment,
    actor: "User",
    achieved: str = "",
    challenges: str = "",
    recommendations: str = "",
    occurred_on: dt.date | None = None,
    review_on: dt.date | None = None,
    by_mail_link: bool = False,
) -> ProgressUpdate:
    """Add a progress update as of ``occurred_on`` (default today). ``review_on`` sets the next review.

    It answers the open requests for a report to ``actor``; ``by_mail_link`` says that it came by their link.

    Raises ``Commitment.DoesNotExist`` (not visible), ``PermissionDenied``, ``RequirementsNotMet`` by field.
    """
    locked = locked_for_report(commitment, actor)
    day, today = occurred_on or clock.today(), clock.today()
    errors: dict[str, list[str]] = {}
    if not any(text.strip() for text in (achieved, challenges, recommendations)):
        errors["achieved"] = [_("Fill in at least one of: achieved, challenges, recommendations.")]
    if day > today:
        errors["occurred_on"] = [_("%(day)s is after today.") % {"day": date_format(day)}]
    if review_on is not None and locked.deadline_latest is not None:
        errors["review_on"] = [_("A review date is only for a deadline without a latest date.")]
    if review_on is not None and review_on < today:
        errors["review_on"] = [_("The next review is in the past.")]
    if errors:
        raise RequirementsNotMet(errors)
    update: ProgressUpdate = ProgressUpdate.objects.create(
        commitment=locked,
        actor=actor,
        achieved=achieved.strip(),
        challenges=challenges.strip(),
        recommendations=recommendations.strip(),
        occurred_on=day,
        review_on=review_on,
    )
    if review_on is not None and review_on != locked.review_on:
        window = replace(window_of(locked), review_on=review_on)
        write_window(
            locked,
            window,
            actor=actor,
            reason=_REVIEW_SET.stored(),
            occurred_on=today,
            recorded_at=update.recorded_at,
        )
    answer_requests(update, actor=actor, by_mail_link=by_mail_link)
    return update


def add_evidence(
    *,
    commitment: Commitment,
    actor: "User",
    title: str,
    url: str = "",
    file: "UploadedFile[Any] | None" = None,
    type: str = EvidenceType.OTHER,  # noqa: A002  (the name in the register file and the API)
    dated_on: dt.date | None = None,
) -> Evidence:
    """Attach evidence: a link, or a file, which is checked and stored under its hash.

    Raises ``Commitment.DoesNotExist`` (not visible), ``PermissionDenied``, ``RequirementsNotMet`` by field,
    and ``ReadersBusy``.
    """
    if file is not None:
        check_file(file)  # it may take seconds, so the commitment is not locked yet
    with transaction.atomic():
        locked = locked_for_report(commitment, actor)
        if errors := evidence_errors(title=title, url=url, has_file=file is not None):
            raise RequirementsNotMet(errors)
        stored = store_file(file) if file is not None else None
        return Evidence.objects.create(
            commitment=locked,
            actor=actor,
            kind=EvidenceKind.FILE if stored else EvidenceKind.LINK,
            type=type,
            title=title.strip(),
            url=url,
            file=stored.stored_as if stored else "",
            file_name=stored.name if stored else "",
            sha256=stored.sha256 if stored else "",
            dated_on=dated_on,
        )


@transaction.atomic
def withdraw_evidence(*, evidence: Evidence, actor: "User", reason: str) -> EvidenceWithdrawal:
    """Withdraw a piece of evidence, so that it no longer counts. It stays on record with the reason.

    Raises ``Commitment.DoesNotExist`` (not visible), ``PermissionDenied``, ``RequirementsNotMet``.
    """
    locked_for_report(evidence.commitment, actor)
    if not reason.strip():
        raise RequirementsNotMet({"reason": [_("Say why it no longer counts.")]})
    if EvidenceWithdrawal.objects.filter(evidence=evidence).exists():
        raise RequirementsNotMet({"reason": [_("It has already been withdrawn.")]})
    return EvidenceWithdrawal.objects.create(evidence=evidence, actor=actor, reason=reason.strip())
