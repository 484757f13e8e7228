"""The steps of an import before it writes: take the file, choose the columns, check, decide."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.permissions import Right
from commitments.services.errors import NotYours, Refusal, RequirementsNotMet
from interchange.choices import Decision, Verdict
from interchange.models import ColumnMemory, ImportRow, SpreadsheetImport
from interchange.spreadsheet.fields import FIELDS, proposed_columns
from interchange.spreadsheet.planning import Plan, Planner, collect
from interchange.spreadsheet.reading import head_row_of, heads_in, read_table, require_readable_name
from interchange.spreadsheet.writing import (
    IMPORTED,
    write_update,
)
from relations.choices import MeetingStatus
from relations.models import Meeting

if TYPE_CHECKING:
    from accounts.models import User

CHECK_STEP = 500
"""The most rows that one request checks."""
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
    refuse_begun(job)
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
        if job.pk is not None:  # reading takes seconds, in which somebody may have begun it
            refuse_begun(locked_import(job))
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


def refuse_begun(job: SpreadsheetImport) -> None:
    """Raise ``RequirementsNotMet`` once the import writes or has written."""
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
    locked = locked_import(job)
    refuse_begun(locked)
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
    locked = locked_import(job)
    refuse_begun(locked)
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


def save_rows(rows: Sequence[ImportRow], *names: str) -> None:
    """Store columns of many rows that are locked with their import. ``bulk_update`` is five times slower."""
    ImportRow.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["id"], update_fields=names, batch_size=500
    )


def locked_import(job: SpreadsheetImport) -> SpreadsheetImport:
    """The import as it is stored now, locked until the transaction ends."""
    rows = SpreadsheetImport.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("owner", "meeting").get(pk=job.pk)


# -- checking --------------------------------------------------------------------------------------------


@transaction.atomic
def check_some(*, job: SpreadsheetImport, most: int = CHECK_STEP) -> int:
    """Check the next rows, at most ``most``; return how many are still to be checked.

    Nothing is written to the register: what an update would do is tried, and rolled back.
    """
    locked = locked_import(job)
    if locked.begun_at is not None or locked.configured_at is None:
        return 0
    unchecked = locked.rows.filter(verdict=Verdict.UNCHECKED)
    rows = list(unchecked[:most])
    planner = planner_of(locked, before=rows[0].number if rows else None)
    for row, plan in planner.plans(rows):
        if plan.update is not None:
            _try_update(planner, row, plan)
        row.verdict, row.plan = plan.verdict, plan.stored()
    save_rows(rows, "verdict", "plan")
    return unchecked.count()


def planner_of(
    job: SpreadsheetImport, *, before: int | None = None, meeting: Meeting | None = None
) -> Planner:
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
    return Meeting(**new_meeting_fields(job.new_meeting)) if job.new_meeting else None


def new_meeting_fields(stored: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a meeting that is to be added, from what is stored with the import."""
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
            write_update(plan.update, actor=planner.user, reason=reason_of(row, planner.job))
            transaction.set_rollback(True)
    except (PermissionDenied, Refusal) as refused:
        reader = planner.reader(row)
        collect(reader, refused)
        plan.verdict, plan.errors = Verdict.REFUSED, [*plan.errors, *reader.errors]


def reason_of(row: ImportRow, job: SpreadsheetImport, sentence: Any = IMPORTED) -> str:
    """What the history says of a change: the file and the row."""
    return str(sentence.stored(file=job.file_name, row=row.number))


# -- deciding --------------------------------------------------------------------------------------------


@transaction.atomic
def decide(*, job: SpreadsheetImport, decisions: Mapping[int, tuple[str, str]]) -> int:
    """Store what is to be done with rows, by their number: a decision, and the reference of a twin.

    Rows whose decision changes are checked again, with those that look like them. Returns how many changed.
    """
    locked = locked_import(job)
    refuse_begun(locked)
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
    save_rows(changed, "decision", "twin", "verdict")
    _uncheck_twins(locked, {row.number for row in changed})
    return len(changed)


@transaction.atomic
def register_all_alike(*, job: SpreadsheetImport) -> int:
    """Decide that all rows that look like others are commitments of their own; return how many."""
    locked = locked_import(job)
    refuse_begun(locked)
    refused = locked.rows.filter(verdict=Verdict.REFUSED, decision=Decision.NONE).only("pk", "plan")
    keys = [row.pk for row in refused if row.plan.get("twins") or row.plan.get("twin_rows")]
    locked.rows.filter(pk__in=keys).update(decision=Decision.ANYWAY, verdict=Verdict.UNCHECKED)
    return len(keys)


def _uncheck_twins(job: SpreadsheetImport, numbers: set[int]) -> None:
    """Let the rows be checked again that were refused because they look like one of ``numbers``."""
    refused = job.rows.filter(verdict=Verdict.REFUSED).only("pk", "plan")
    keys = [row.pk for row in refused if numbers.intersection(row.plan.get("twin_rows", ()))]
    job.rows.filter(pk__in=keys).update(verdict=Verdict.UNCHECKED)
