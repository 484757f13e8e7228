"""What the pages of an import show: its rows with their checks, names to choose, and its results."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from django.core.paginator import Page
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from interchange.choices import WRITES, Decision, RowResult, Verdict
from interchange.models import ImportRow, SpreadsheetImport
from interchange.spreadsheet.names import AGENCY, COUNTRY, LEFT_OUT, THEME, NameIndex, key_of, label_of
from interchange.spreadsheet.sight import Sight, hidden, sight_of
from interchange.spreadsheet.values import shown

if TYPE_CHECKING:
    from accounts.models import User

_LONGEST_CELL = 160


@dataclass(frozen=True, slots=True)
class Counts:
    """The rows of an import by what the check says and by result."""

    total: int
    unchecked: int
    new: int
    changed: int
    unchanged: int
    refused: int
    chosen: int
    pending: int
    done: int
    failed: int
    undoing: int
    undone: int
    not_undone: int

    @property
    def checked(self) -> int:
        """The rows that are checked."""
        return self.total - self.unchecked

    @property
    def tried(self) -> int:
        """The rows that have a result."""
        return self.done + self.failed

    @property
    def to_write(self) -> int:
        """The rows that are or were to be written."""
        return self.tried + self.pending

    @property
    def to_undo(self) -> int:
        """The rows that are or were to be taken back."""
        return self.undoing + self.undone + self.not_undone


def counts_of(job: SpreadsheetImport) -> Counts:
    """The counts of ``job``."""
    return counts_by_import([job])[job.pk]


def counts_by_import(jobs: Iterable[SpreadsheetImport]) -> dict[int, Counts]:
    """The counts of each of ``jobs``, by primary key, in one query."""

    def times(**which: Any) -> Count:
        return Count("pk", filter=Q(**which))

    keys = [job.pk for job in jobs]
    found = (
        ImportRow.objects.filter(job__in=keys)
        .order_by()
        .values("job")
        .annotate(
            **{f"n_{each}": times(verdict=each) for each in Verdict},
            n_total=Count("pk"),
            n_chosen=Count("pk", filter=Q(verdict__in=WRITES) & ~Q(decision=Decision.SKIP)),
            n_pending=times(result=RowResult.PENDING),
            n_done=times(result=RowResult.DONE),
            n_failed=times(result=RowResult.REFUSED),
            n_undoing=times(undone=RowResult.PENDING),
            n_undone=times(undone=RowResult.DONE),
            n_not_undone=times(undone=RowResult.REFUSED),
        )
    )
    names = [each.name for each in fields(Counts)]
    values = found.values_list("job", *(f"n_{name}" for name in names))
    counts = {key: Counts(**dict(zip(names, row, strict=True))) for key, *row in values}
    nothing = Counts(**dict.fromkeys(names, 0))
    return {key: counts.get(key, nothing) for key in keys}


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row on the page. ``address`` is that of its commitment, if the reader may see it."""

    row: ImportRow
    title: str
    address: str
    reference: str
    reasons: list[str]
    notes: list[str]
    changes: list[list[str]]
    decisions: list[tuple[str, str]]
    chosen: str
    """The value of the decision that was taken."""
    cells: list[tuple[str, str]]

    @property
    def outcome(self) -> str:
        """What became of the row so far: taken back or not, else its result, else what the check says."""
        if self.row.undone:
            return _("taken back") if self.row.undone == RowResult.DONE else _("not taken back")
        if self.row.result == RowResult.DONE:
            return _("imported")
        return str(Verdict.REFUSED.label if self.row.result else Verdict(self.row.verdict).label)


def shown_rows(job: SpreadsheetImport, page: Page[ImportRow], user: "User") -> list[ShownRow]:
    """The rows of a page; of commitments that ``user`` can no longer see nothing is shown."""
    rows = list(page.object_list)
    sight = sight_of(rows, user)
    return [_shown(job, row, sight) for row in rows]


def _shown(job: SpreadsheetImport, row: ImportRow, sight: Sight) -> ShownRow:
    if sight.hides(row):
        return ShownRow(row, "", "", "", [hidden()], [], [], [], "", [])
    plan, made = row.plan, sight.made(row)
    reference = made.reference if made else plan.get("reference", "")
    address = reverse("commitment", args=[reference]) if made or sight.sees(reference) else ""
    return ShownRow(
        row,
        title=made.title if made else plan.get("title", ""),
        address=address,
        reference=reference,
        reasons=sight.reasons(row),
        notes=[f"{place}: {text}" if place else text for place, text in plan.get("notes", ())],
        changes=plan.get("changes", []),
        decisions=_decisions(row, sight) if job.begun_at is None else [],
        chosen=f"{row.decision}:{row.twin}" if row.twin else row.decision,
        cells=_cells(job, row),
    )


def _cells(job: SpreadsheetImport, row: ImportRow) -> list[tuple[str, str]]:
    """The cells of a row with their headings, as they stand in the file."""
    found = []
    for number, cell in enumerate(row.cells):
        if cell is not None:
            head = job.heads[number] if number < len(job.heads) else ""
            text = shown(cell)
            cut = f"{text[:_LONGEST_CELL]}…" if len(text) > _LONGEST_CELL else text
            found.append((f"{get_column_letter(number + 1)} {head}".strip(), cut))
    return found


def _decisions(row: ImportRow, sight: Sight) -> list[tuple[str, str]]:
    """What can be done with a row: the value of the control, and its label."""
    plan = row.plan
    offered: list[tuple[str, str]] = []
    if row.verdict in WRITES or row.decision == Decision.SKIP:
        offered = [("", _("import")), _choice(Decision.SKIP)]
    elif row.verdict == Verdict.REFUSED:
        offered = [("", str(Verdict.REFUSED.label)), _choice(Decision.SKIP)]
    twins = [each for each in plan.get("twins", ()) if sight.sees(each)]
    offered += [
        (f"{Decision.MENTION}:{each}", _("mention of %(reference)s") % {"reference": each}) for each in twins
    ]
    if twins or plan.get("twin_rows"):
        offered.append(_choice(Decision.ANYWAY))
    if plan.get("is_conflict") or row.decision == Decision.OVERWRITE:
        offered.append(_choice(Decision.OVERWRITE))
    return offered


def _choice(decision: Decision) -> tuple[str, str]:
    return decision.value, str(decision.label)


def rows_alike(job: SpreadsheetImport) -> int:
    """How many refused rows look like others and are not decided."""
    plans = job.rows.filter(verdict=Verdict.REFUSED, decision=Decision.NONE).values_list("plan", flat=True)
    return sum(1 for plan in plans if plan.get("twins") or plan.get("twin_rows"))


# -- names -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class UnknownName:
    """A spelling that is not in the register: how many rows have it, and what it may mean."""

    field: str
    kind: str
    name: str
    times: int
    offered: list[tuple[str, str]]
    others: list[tuple[str, str]]


def unknown_names(job: SpreadsheetImport) -> list[UnknownName]:
    """The spellings for which refused rows wait, the most frequent first."""
    times: Counter[tuple[str, str]] = Counter()
    told: dict[tuple[str, str], tuple[str, list[str]]] = {}
    for plan in job.rows.filter(verdict=Verdict.REFUSED).values_list("plan", flat=True):
        for kind, words, name, offered in plan.get("unknown", ()):
            times[kind, words] += 1
            told.setdefault((kind, words), (name, offered))
    if not times:
        return []
    indexes = {kind: NameIndex(kind, {}) for kind in {kind for kind, _words in times}}
    return [_unknown(indexes[kind], words, n, *told[kind, words]) for (kind, words), n in times.most_common()]


def _unknown(index: NameIndex, words: str, times: int, name: str, offered: Sequence[str]) -> UnknownName:
    close = [index.records[key] for key in offered if key in index.records]
    others = sorted((each for each in index.records.values() if each not in close), key=label_of)
    return UnknownName(
        field=f"name:{index.kind}:{words}",
        kind=_KINDS[index.kind](),
        name=name,
        times=times,
        offered=[(key_of(each), label_of(each)) for each in close],
        others=[(key_of(each), label_of(each)) for each in others],
    )


_KINDS = {AGENCY: lambda: _("Agency"), COUNTRY: lambda: _("Country"), THEME: lambda: _("Theme")}


def meanings_in(posted: dict[str, str]) -> dict[str, dict[str, str]]:
    """The meanings of spellings in the values of the form, by kind."""
    found: dict[str, dict[str, str]] = {}
    for field, value in posted.items():
        prefix, _colon, rest = field.partition(":")
        kind, _colon, words = rest.partition(":")
        # A database may refuse NUL in a text, and no spelling that was offered has it.
        if prefix == "name" and kind in _KINDS and words and value and "\x00" not in words:
            found.setdefault(kind, {})[words] = value
    return {
        kind: {words: value for words, value in meanings.items() if _is_known(kind, value)}
        for kind, meanings in found.items()
    }


def _is_known(kind: str, value: str) -> bool:
    return value == LEFT_OUT or value in NameIndex(kind, {}).records
