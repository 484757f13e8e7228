"""The steps of an import: take the file, choose the columns, check, decide, write, and take back.

Each step of checking, writing and taking back does some rows in one transaction, which also stores their
results. An interrupted import can therefore be continued: no row is written twice, in part, or not at all.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.permissions import Right
from commitments.models import Commitment
from commitments.services.errors import NotYours, Refusal, RequirementsNotMet
from commitments.services.references import lock_serials
from commitments.services.registration import write_registrations
from commitments.services.search import deferred_refresh
from core.texts import plain_text
from interchange.choices import WRITES, Decision, RowResult, Verdict
from interchange.models import ColumnMemory, ImportRow, SpreadsheetImport
from interchange.spreadsheet.fields import FIELDS, proposed_columns
from interchange.spreadsheet.new_rows import quote_of
from interchange.spreadsheet.planning import Plan, Planner, collect
from interchange.spreadsheet.reading import head_row_of, heads_in, read_table, require_readable_name
from interchange.spreadsheet.writing import (
    IMPORTED,
    TAKEN_BACK,
    Written,
    require_unchanged,
    take_back,
    write_mention,
    write_progress,
    write_update,
)
from relations.choices import MeetingStatus, SourceKind
from relations.models import Meeting, Paragraph, Source
from relations.models.source import numbered_text, sha256_of
from relations.services.meetings import create_meeting, record_document
from relations.services.sources import ParagraphLabel

if TYPE_CHECKING:
    from accounts.models import User

CHECK_STEP, WRITE_STEP = 500, 200
"""The most rows that one request checks, and writes."""
UNFINISHED_LIFETIME = dt.timedelta(days=30)
"""An import that was never begun is deleted after this time."""


def require_importer(user: "User") -> None:
    """Raise ``PermissionDenied`` unless ``user`` may import spreadsheets."""
    if not user.may(Right.EDIT_REGISTER):
        raise NotYours(_("Only an officer can import spreadsheets."))


def heads_key(heads: Sequence[str]) -> str:
    """The key under which the columns of a set of headings are remembered."""
    return hashlib.sha256(json.dumps(list(heads), ensure_ascii=False).encode()).hexdigest()


# -- the file --------------------------------------------------------------------------------------------


def take_file(*, owner: "User", name: str, content: bytes) -> SpreadsheetImport:
    """Store a file as an import, with columns proposed from its headings. Nothing is checked yet.

    Raises ``PermissionDenied``, ``ValidationError``, and ``ReadersBusy``.
    """
    require_importer(owner)
    require_readable_name(name)
    job = SpreadsheetImport(owner=owner, file_name=name[-200:], content=content)
    return read_again(job=job)


def read_again(
    *,
    job: SpreadsheetImport,
    sheet: int | None = None,
    separator: str = "",
    code_page: str = "",
    head_row: int | None = None,
) -> SpreadsheetImport:
    """Read the file of ``job`` as the arguments say. Columns and rows are replaced; decisions are lost.

    Raises ``ValidationError``, ``ReadersBusy``, and ``RequirementsNotMet`` once it was begun.
    """
    _refuse_begun(job)
    table = read_table(
        job.file_name, bytes(job.content), sheet=sheet, separator=separator, code_page=code_page
    )
    if head_row is not None and head_row not in table.rows:
        raise ValidationError({"head_row": _("Row %(row)d is empty.") % {"row": head_row}})
    job.head_row = head_row or head_row_of(table.rows)
    job.separator, job.code_page, job.facts = table.separator, table.code_page, table.facts
    job.heads = heads_in(table.rows[job.head_row])
    if not any(job.heads):
        message = _("Row %(row)d has no headings. Choose the row that has them.")
        raise ValidationError({"head_row": message % {"row": job.head_row}})
    job.columns, job.configured_at = proposed_columns(job.heads), None
    memory = ColumnMemory.objects.filter(owner=job.owner, heads=heads_key(job.heads)).first()
    if memory is not None and len(memory.columns) == len(job.heads):
        job.columns, job.options, job.names = memory.columns, memory.options, memory.names
    with transaction.atomic():
        job.save()
        job.rows.all().delete()
        ImportRow.objects.bulk_create(
            (
                ImportRow(job=job, number=number, cells=cells)
                for number, cells in sorted(table.rows.items())
                if number > job.head_row
            ),
            batch_size=1000,
        )
    return job


def _refuse_begun(job: SpreadsheetImport) -> None:
    if job.begun_at is not None:
        raise RequirementsNotMet({"rows": [_("This import was begun. Its rows can no longer be changed.")]})


# -- what the columns mean, and the meeting --------------------------------------------------------------


@transaction.atomic
def configure(
    *,
    job: SpreadsheetImport,
    columns: Sequence[str],
    options: Mapping[str, Any],
    meeting: Meeting | None = None,
    new_meeting: Mapping[str, Any] | None = None,
) -> SpreadsheetImport:
    """Set what the columns mean and what holds for all rows; every row is to be checked again.

    Raises ``RequirementsNotMet``: a field that two columns have, a file without content, or one begun.
    """
    locked = _locked(job)
    _refuse_begun(locked)
    given = [name for name in columns if name]
    errors: dict[str, list[str]] = {}
    if twice := {name for name in given if given.count(name) > 1 and name in FIELDS}:
        label = str(FIELDS[min(twice)].label)
        errors["columns"] = [_("Two columns are “%(field)s”. Choose one of them.") % {"field": label}]
    if not {"reference", "content", "title"} & set(given):
        errors["columns"] = [_("Choose the column of the content, of the title or of the reference.")]
    if errors:
        raise RequirementsNotMet(errors)
    locked.columns, locked.options = list(columns), dict(options)
    locked.meeting, locked.new_meeting = meeting, dict(new_meeting or {})
    locked.configured_at = timezone.now()
    locked.save()
    _remember(locked)
    _uncheck(locked)
    return locked


@transaction.atomic
def mean(*, job: SpreadsheetImport, names: Mapping[str, Mapping[str, str]]) -> SpreadsheetImport:
    """Set what spellings mean, by kind: the key of a record, or ``LEFT_OUT``. The rows are checked again."""
    locked = _locked(job)
    _refuse_begun(locked)
    for kind, meanings in names.items():
        locked.names = {**locked.names, kind: {**locked.names.get(kind, {}), **meanings}}
    locked.save(update_fields=["names"])
    _remember(locked)
    _uncheck(locked)
    return locked


def _remember(job: SpreadsheetImport) -> None:
    kept = {name: value for name, value in job.options.items() if name != "source_title"}
    ColumnMemory.objects.update_or_create(
        owner=job.owner,
        heads=heads_key(job.heads),
        defaults={"columns": job.columns, "options": kept, "names": job.names},
    )


def _uncheck(job: SpreadsheetImport) -> None:
    job.rows.update(verdict=Verdict.UNCHECKED)


def _save(rows: Sequence[ImportRow], *names: str) -> None:
    """Store columns of many rows that are locked with their import. ``bulk_update`` is five times slower."""
    ImportRow.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["id"], update_fields=names, batch_size=500
    )


def _locked(job: SpreadsheetImport) -> SpreadsheetImport:
    rows = SpreadsheetImport.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("owner", "meeting").get(pk=job.pk)


# -- checking --------------------------------------------------------------------------------------------


@transaction.atomic
def check_some(*, job: SpreadsheetImport, most: int = CHECK_STEP) -> int:
    """Check the next rows, at most ``most``; return how many are still to be checked.

    Nothing is written to the register: what an update would do is tried, and rolled back.
    """
    locked = _locked(job)
    if locked.begun_at is not None or locked.configured_at is None:
        return 0
    unchecked = locked.rows.filter(verdict=Verdict.UNCHECKED)
    rows = list(unchecked[:most])
    planner = _planner(locked, before=rows[0].number if rows else None)
    for row, plan in planner.plans(rows):
        if plan.update is not None:
            _try_update(planner, row, plan)
        row.verdict, row.plan = plan.verdict, plan.stored()
    _save(rows, "verdict", "plan")
    return unchecked.count()


def _planner(job: SpreadsheetImport, *, before: int | None = None, meeting: Meeting | None = None) -> Planner:
    """A planner that knows the new rows up to the row ``before``."""
    meeting = meeting or meeting_of(job)
    planner = Planner(job, meeting=meeting, day=_day_of(meeting))
    if before is not None:
        earlier = job.rows.filter(verdict=Verdict.NEW).exclude(decision=Decision.SKIP)
        earlier = earlier.filter(number__lt=before)
        for number, plan in earlier.values_list("number", "plan"):
            if wording := plan.get("wording"):
                prefix, title, text = wording
                planner.know(prefix, title, text, number)
    return planner


def meeting_of(job: SpreadsheetImport) -> Meeting | None:
    """The meeting of ``job``, saved or to be added; ``None`` where none was chosen."""
    if job.meeting is not None:
        return job.meeting
    return Meeting(**_meeting_fields(job.new_meeting)) if job.new_meeting else None


def _meeting_fields(stored: Mapping[str, Any]) -> dict[str, Any]:
    day = dt.date.fromisoformat(stored["starts_on"])
    return {**stored, "starts_on": day, "status": MeetingStatus.HELD}


def _day_of(meeting: Meeting | None) -> dt.date | None:
    if meeting is None:
        return None
    return meeting.starts_on if meeting._state.adding else meeting.day


def _try_update(planner: Planner, row: ImportRow, plan: Plan) -> None:
    """Write the update and roll it back, so that what the services refuse is known before."""
    assert plan.update is not None  # noqa: S101  (the caller has asked)
    try:
        with transaction.atomic():
            write_update(plan.update, actor=planner.user, reason=_reason(row, planner.job))
            transaction.set_rollback(True)
    except (PermissionDenied, Refusal) as refused:
        reader = planner.reader(row)
        collect(reader, refused)
        plan.verdict, plan.errors = Verdict.REFUSED, [*plan.errors, *reader.errors]


def _reason(row: ImportRow, job: SpreadsheetImport, sentence: Any = IMPORTED) -> str:
    return str(sentence.stored(file=job.file_name, row=row.number))


# -- deciding --------------------------------------------------------------------------------------------


@transaction.atomic
def decide(*, job: SpreadsheetImport, decisions: Mapping[int, tuple[str, str]]) -> int:
    """Store what is to be done with rows, by their number: a decision, and the reference of a twin.

    Rows whose decision changes are checked again, with those that look like them. Returns how many changed.
    """
    locked = _locked(job)
    _refuse_begun(locked)
    changed = []
    for row in locked.rows.filter(number__in=decisions):
        decision, twin = decisions[row.number]
        twin = twin if decision == Decision.MENTION else ""
        if decision == Decision.MENTION and twin not in row.plan.get("twins", ()):
            continue
        if (decision, twin) != (row.decision, row.twin):
            row.decision, row.twin = decision, twin
            if decision != Decision.SKIP or row.plan.get("errors"):
                row.verdict = Verdict.UNCHECKED
            changed.append(row)
    _save(changed, "decision", "twin", "verdict")
    _uncheck_twins(locked, {row.number for row in changed})
    return len(changed)


@transaction.atomic
def register_all_alike(*, job: SpreadsheetImport) -> int:
    """Decide that all rows that look like others are commitments of their own; return how many."""
    locked = _locked(job)
    _refuse_begun(locked)
    refused = locked.rows.filter(verdict=Verdict.REFUSED, decision=Decision.NONE).only("pk", "plan")
    keys = [row.pk for row in refused if row.plan.get("twins") or row.plan.get("twin_rows")]
    locked.rows.filter(pk__in=keys).update(decision=Decision.ANYWAY, verdict=Verdict.UNCHECKED)
    return len(keys)


def _uncheck_twins(job: SpreadsheetImport, numbers: set[int]) -> None:
    """Let the rows be checked again that were refused because they look like one of ``numbers``."""
    refused = job.rows.filter(verdict=Verdict.REFUSED).only("pk", "plan")
    keys = [row.pk for row in refused if numbers.intersection(row.plan.get("twin_rows", ()))]
    job.rows.filter(pk__in=keys).update(verdict=Verdict.UNCHECKED)


# -- writing ---------------------------------------------------------------------------------------------


@transaction.atomic
def begin(*, job: SpreadsheetImport, despite: Iterable[str] = ()) -> SpreadsheetImport:
    """Add the meeting and the source of ``job``, and mark the rows to write. No row is written yet.

    Raises ``RequirementsNotMet``: nothing to write, or not every row is checked. Raises ``ValidationError``
    and ``AlreadyRecorded`` for the meeting.
    """
    locked = _locked(job)
    require_importer(locked.owner)
    _refuse_begun(locked)
    if locked.configured_at is None or locked.rows.filter(verdict=Verdict.UNCHECKED).exists():
        raise RequirementsNotMet({"rows": [_("Not every row is checked yet.")]})
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
        fields = _meeting_fields(job.new_meeting)
        job.meeting = create_meeting(actor=job.owner, fields=fields, despite=list(despite))
        job.new_meeting = {}
    planner = _planner(job)
    level = job.meeting.classification
    wordings = [_quote(planner, row, level) for row in rows]
    text = numbered_text(wordings)
    for number, row in enumerate(rows, start=1):
        row.paragraph = number
    _save(rows, "paragraph")
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
        locked = _locked(job)
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
    planner = _planner(job)
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
    _save(rows, "result", "detail", "written", "commitment")


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
                written = write_update(plan.update, actor=planner.user, reason=_reason(row, planner.job))
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
    locked = _locked(job)
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
    locked = _locked(job)
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
        locked = _locked(job)
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
            take_back(found, row.written, actor=job.owner, reason=_reason(row, job, TAKEN_BACK))
        row.undone, row.undone_detail = RowResult.DONE, ""
    except Commitment.DoesNotExist:
        row.undone, row.undone_detail = RowResult.REFUSED, _("Not found.")
    except (PermissionDenied, Refusal) as refused:
        row.undone, row.undone_detail = RowResult.REFUSED, str(refused)
    row.save(update_fields=["undone", "undone_detail"])
