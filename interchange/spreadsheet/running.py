"""Writes the rows of an import, some at a time, and takes them back.

Each step does some rows in one transaction, which also stores their results. An interrupted import can
therefore be continued: no row is written twice, in part, or not at all.
"""

from collections.abc import Iterable, Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from commitments.models import Commitment
from commitments.services.errors import Refusal, RequirementsNotMet
from commitments.services.references import lock_serials
from commitments.services.registration import write_registrations
from commitments.services.search import deferred_refresh
from core.texts import plain_text
from interchange.choices import WRITES, Decision, RowResult, Verdict
from interchange.models import ImportRow, SpreadsheetImport
from interchange.spreadsheet.imports import (
    locked_import,
    new_meeting_fields,
    planner_of,
    reason_of,
    refuse_begun,
    require_importer,
    save_rows,
)
from interchange.spreadsheet.new_rows import quote_of
from interchange.spreadsheet.planning import Plan, Planner
from interchange.spreadsheet.writing import (
    TAKEN_BACK,
    Written,
    require_unchanged,
    take_back,
    write_mention,
    write_progress,
    write_update,
)
from relations.choices import SourceKind
from relations.models import Meeting, Paragraph, Source
from relations.models.source import numbered_text, sha256_of
from relations.services.meetings import create_meeting, record_document
from relations.services.sources import ParagraphLabel

WRITE_STEP = 200
"""The most rows that one request writes or takes back."""


@transaction.atomic
def begin(*, job: SpreadsheetImport, despite: Iterable[str] = ()) -> SpreadsheetImport:
    """Add the meeting and the source of ``job``, and mark the rows to write. No row is written yet.

    Raises ``RequirementsNotMet``: nothing to write, or not every row is checked. Raises ``ValidationError``
    and ``AlreadyRecorded`` for the meeting.
    """
    locked = locked_import(job)
    require_importer(locked.owner)
    refuse_begun(locked)
    if locked.configured_at is None or locked.rows.filter(verdict=Verdict.UNCHECKED).exists():
        raise RequirementsNotMet({"rows": [_("Not every row is checked yet.")]})
    if (
        locked.meeting_id
        and not Meeting.objects.visible_to(locked.owner).filter(pk=locked.meeting_id).exists()
    ):
        raise RequirementsNotMet({"meeting": [_("You can no longer see the meeting. Choose another one.")]})
    chosen = locked.rows.filter(verdict__in=WRITES).exclude(decision=Decision.SKIP)
    if not chosen.exists():
        raise RequirementsNotMet({"rows": [_("No row is new or changed, so there is nothing to import.")]})
    quoting = [row for row in chosen if row.verdict == Verdict.NEW or row.decision == Decision.MENTION]
    if quoting:
        _add_source(locked, quoting, despite)
    chosen.update(result=RowResult.PENDING)
    locked.begun_at = timezone.now()
    locked.save(update_fields=["begun_at", "meeting", "new_meeting", "source"])
    return locked


def _add_source(job: SpreadsheetImport, rows: Sequence[ImportRow], despite: Iterable[str]) -> None:
    """Make one source of the rows: a paragraph a row, labelled with the number of the row."""
    if job.meeting is None:
        fields = new_meeting_fields(job.new_meeting)
        job.meeting = create_meeting(actor=job.owner, fields=fields, despite=list(despite))
        job.new_meeting = {}
    planner = planner_of(job)
    level = job.meeting.classification
    wordings = [_quote(planner, row, level) for row in rows]
    text = numbered_text(wordings)
    for number, row in enumerate(rows, start=1):
        row.paragraph = number
    save_rows(rows, "paragraph")
    # The same rows of an import that was taken back.
    job.source = job.meeting.sources.filter(
        pk__in=Source.objects.visible_to(job.owner).filter(sha256=sha256_of(text)).values("pk")
    ).first()
    if job.source is None:
        title = str(job.options.get("source_title") or job.file_name)
        source = Source(kind=SourceKind.OTHER, title=title, classification=level)
        source.note = _("Rows of the spreadsheet “%(file)s”, numbered as there.") % {"file": job.file_name}
        labels = {n: ParagraphLabel(str(row.number)) for n, row in enumerate(rows, start=1)}
        found = Source.objects.filter(title=title, published_on=None).values_list("slug", flat=True)
        job.source = record_document(
            actor=job.owner,
            meeting=job.meeting,
            source=source,
            text=text,
            labels=labels,
            despite=[*found, *Source.objects.filter(sha256=sha256_of(text)).values_list("slug", flat=True)],
        )


def _quote(planner: Planner, row: ImportRow, level: int) -> str:
    """The paragraph of a row. What is classified above the ``level`` of the source is not quoted."""
    reader = planner.reader(row)
    if planner.level_of(row) > level:
        return _("Row %(row)d: classified. Its text stands in the commitment alone.") % {"row": row.number}
    return plain_text(quote_of(reader))


def run_some(*, job: SpreadsheetImport, most: int = WRITE_STEP) -> int:
    """Write the next rows, at most ``most``; return how many were tried.

    The rows are written in one transaction, together with their results.
    """
    with transaction.atomic():
        locked = locked_import(job)
        if not locked.is_running:
            tried = 0
        else:
            lock_serials()
            rows = list(locked.rows.filter(result=RowResult.PENDING)[:most])
            with deferred_refresh():
                _write(locked, rows)
            tried = len(rows)
            if not locked.rows.filter(result=RowResult.PENDING).exists():
                locked.finished_at = timezone.now()
                locked.save(update_fields=["finished_at"])
    job.refresh_from_db(fields=["finished_at", "stopped"])
    return tried


def _write(job: SpreadsheetImport, rows: Sequence[ImportRow]) -> None:
    paragraphs = {each.number: each for each in _paragraphs(job, rows)}
    planner = planner_of(job)
    new: list[tuple[ImportRow, Plan]] = []
    for row, plan in planner.plans(rows, paragraphs=paragraphs):
        row.result, row.detail = RowResult.REFUSED, _why_refused(row, plan)
        if row.detail:
            continue
        if plan.registration is not None:
            new.append((row, plan))
            continue
        _write_on_existing(planner, row, plan)
    registrations = [plan.registration for _row, plan in new if plan.registration is not None]
    for (row, plan), made in zip(new, write_registrations(registrations, actor=job.owner), strict=True):
        written = {"new": True, **write_progress(made, plan.progress, actor=job.owner)}
        _done(row, made, written)
    save_rows(rows, "result", "detail", "written", "commitment")


def _paragraphs(job: SpreadsheetImport, rows: Sequence[ImportRow]) -> Iterable[Paragraph]:
    numbers = [row.paragraph for row in rows if row.paragraph is not None]
    rows_of_source = Paragraph.objects.filter(source=job.source, number__in=numbers)
    return rows_of_source.select_related("source") if job.source else ()


def _why_refused(row: ImportRow, plan: Plan) -> str:
    """Why a row is not written as it was checked; "" if it is."""
    if plan.verdict not in WRITES:
        return " ".join(text for _place, text in plan.errors) or _("There is nothing left to change.")
    seen = {name: row.plan.get(name) for name in ("version", "reference")}
    if seen != {"version": plan.version or None, "reference": plan.reference or None}:
        return _("The register was changed after the check. Import the row again.")
    return ""


def _write_on_existing(planner: Planner, row: ImportRow, plan: Plan) -> None:
    """Write an update or a mention in a savepoint of its own."""
    try:
        with transaction.atomic():
            if plan.update is not None:
                found = plan.update.commitment
                written = write_update(plan.update, actor=planner.user, reason=reason_of(row, planner.job))
            else:
                assert plan.mention is not None  # noqa: S101  (a row that writes has one of the three)
                found = Commitment.objects.visible_to(planner.user).get(reference=plan.reference)
                written = write_mention(plan.mention, found, actor=planner.user)
                written |= write_progress(found, plan.progress, actor=planner.user)
    except (PermissionDenied, Refusal, Commitment.DoesNotExist) as refused:
        row.detail = str(refused)
        return
    _done(row, found, written)


def _done(row: ImportRow, commitment: Commitment, written: Written) -> None:
    row.result, row.detail, row.commitment, row.written = RowResult.DONE, "", commitment, written


@transaction.atomic
def stop(*, job: SpreadsheetImport) -> None:
    """Finish ``job``; the rows to do are not written. Delete an import that was not begun."""
    locked = locked_import(job)
    if locked.begun_at is None:
        locked.delete()
    elif locked.finished_at is None:
        locked.rows.filter(result=RowResult.PENDING).update(result=RowResult.NONE)
        locked.finished_at, locked.stopped = timezone.now(), True
        locked.save(update_fields=["finished_at", "stopped"])


# -- taking back -----------------------------------------------------------------------------------------


@transaction.atomic
def begin_taking_back(*, job: SpreadsheetImport) -> SpreadsheetImport:
    """Mark the written rows to be taken back. None is taken back yet.

    Raises ``RequirementsNotMet`` if it is not finished, or was taken back before.
    """
    locked = locked_import(job)
    require_importer(locked.owner)
    if locked.finished_at is None or locked.taking_back_at is not None:
        raise RequirementsNotMet({"rows": [_("This import cannot be taken back now.")]})
    if not locked.rows.filter(result=RowResult.DONE).exists():
        raise RequirementsNotMet({"rows": [_("This import has written nothing that could be taken back.")]})
    locked.rows.filter(result=RowResult.DONE).update(undone=RowResult.PENDING)
    locked.taking_back_at = timezone.now()
    locked.save(update_fields=["taking_back_at"])
    return locked


def take_back_some(*, job: SpreadsheetImport, most: int = WRITE_STEP) -> int:
    """Take back the next rows, the last written first, at most ``most``; return how many were tried."""
    with transaction.atomic():
        locked = locked_import(job)
        rows: list[ImportRow] = []
        if locked.is_taking_back:
            pending = locked.rows.filter(undone=RowResult.PENDING).select_related("commitment")
            rows = list(pending.order_by("-number")[:most])
            with deferred_refresh():
                for row in rows:
                    _take_back_row(locked, row)
            if not locked.rows.filter(undone=RowResult.PENDING).exists():
                locked.taken_back_at = timezone.now()
                locked.save(update_fields=["taken_back_at"])
    job.refresh_from_db(fields=["taken_back_at"])
    return len(rows)


def _take_back_row(job: SpreadsheetImport, row: ImportRow) -> None:
    try:
        with transaction.atomic():
            assert row.commitment is not None  # noqa: S101  (of a row that was written)
            found = Commitment.objects.readable_by(job.owner).get(pk=row.commitment.pk)
            require_unchanged(found, row.written, actor=job.owner)
            take_back(found, row.written, actor=job.owner, reason=reason_of(row, job, TAKEN_BACK))
        row.undone, row.undone_detail = RowResult.DONE, ""
    except Commitment.DoesNotExist:
        row.undone, row.undone_detail = RowResult.REFUSED, _("Not found.")
    except (PermissionDenied, Refusal) as refused:
        row.undone, row.undone_detail = RowResult.REFUSED, str(refused)
    row.save(update_fields=["undone", "undone_detail"])
