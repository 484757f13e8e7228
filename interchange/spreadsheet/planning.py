"""Checks the rows of an import: what each would write, and why some are refused. Nothing is written."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from commitments.choices import MentionKind
from commitments.models import Commitment
from commitments.querysets import AsOf
from commitments.reports.modality import wording_of
from commitments.reports.rows import Row, detailed_rows
from commitments.services.errors import LikelyTwins, Refusal, RequirementsNotMet
from commitments.services.registration import FirstMention, Registration, registration_of
from commitments.services.twins import TwinIndexes
from core.lists import listed
from interchange.choices import Decision, Verdict
from interchange.exports.versions import version_of
from interchange.models import ImportRow, SpreadsheetImport
from interchange.spreadsheet.fields import REFERENCE
from interchange.spreadsheet.names import AGENCY, COUNTRY, THEME, NameIndex
from interchange.spreadsheet.new_rows import NewCommitment, level_in, new_commitment
from interchange.spreadsheet.row_reading import RowReader
from interchange.spreadsheet.updates import Update, update_of
from relations.models import Meeting, Paragraph, Source

UNSAVED = "-"
"""The reference of a commitment that is not written yet: an earlier row of the same file."""


@dataclass(slots=True)
class Plan:
    """What a row would write: a registration, a mention or an update; or why it is refused."""

    verdict: Verdict
    title: str = ""
    reference: str = ""
    errors: list[tuple[str, str]] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    unknown: list[list[Any]] = field(default_factory=list)
    twins: list[str] = field(default_factory=list)
    twin_rows: list[int] = field(default_factory=list)
    is_conflict: bool = False
    version: str = ""
    wording: tuple[str, str, str] | None = None
    registration: Registration | None = None
    progress: Mapping[str, str] = field(default_factory=dict)
    mention: FirstMention | None = None
    update: Update | None = None

    def stored(self) -> dict[str, Any]:
        """What is stored of it, for the page and to notice what changed until it is written."""
        names = ("title", "reference", "errors", "notes", "changes", "unknown", "twins", "twin_rows")
        values = {name: getattr(self, name) for name in (*names, "is_conflict", "version", "wording")}
        return {name: value for name, value in values.items() if value}


class Planner:
    """Checks rows of one import. What it looks up is read once."""

    def __init__(self, job: SpreadsheetImport, *, meeting: Meeting | None, day: dt.date | None) -> None:
        self.job, self.user = job, job.owner
        self.meeting, self.day = meeting, day
        self.options: Mapping[str, Any] = job.options
        self.columns = {name: at for at, name in enumerate(job.columns) if name}
        self.names = {kind: NameIndex(kind, job.names.get(kind, {})) for kind in (AGENCY, COUNTRY, THEME)}
        self.known = TwinIndexes(self.user)
        self.row_of: dict[int, int] = {}
        self._current: dict[str, Row] = {}
        self._versions: Mapping[str, str] = job.facts.get("versions", {})

    def plans(
        self, rows: Sequence[ImportRow], *, paragraphs: Mapping[int, Paragraph] | None = None
    ) -> Iterable[tuple[ImportRow, Plan]]:
        """The plan of each of ``rows``. ``paragraphs`` are those of the source by number, if it is there."""
        self._read_current(rows)
        for row in rows:
            paragraph = (paragraphs or {}).get(row.paragraph or 0)
            yield row, self.plan(row, paragraph)

    def know(self, prefix: str, title: str, text: str, number: int) -> None:
        """Let a row that was checked before be found as a twin of a later one."""
        self._know(Commitment(prefix=prefix, title=title, text=text, reference=UNSAVED), number)

    def _know(self, commitment: Commitment, number: int) -> None:
        self.known.of(commitment.prefix).add(commitment)
        self.row_of[id(commitment)] = number

    def _read_current(self, rows: Sequence[ImportRow]) -> None:
        """Read the commitments that rows name by their reference, as far as the owner can see them."""
        wanted = {reference for row in rows if (reference := self._reference(row))}
        visible = Commitment.objects.visible_to(self.user)
        keys = list(visible.filter(reference__in=wanted).order_by().values_list("pk", flat=True))
        if keys:
            found = detailed_rows(keys, user=self.user, when=AsOf.now())
            self._current = {each.commitment.reference: each for each in found}

    def reader(self, row: ImportRow) -> RowReader:
        """The cells of ``row``, by their fields."""
        return RowReader(
            row.number, row.cells, self.columns, self.names, str(self.options.get("date_order", ""))
        )

    def level_of(self, row: ImportRow) -> int:
        """The classification that a new row would have."""
        return level_in(self.reader(row), self.options)

    def _reference(self, row: ImportRow) -> str:
        return self.reader(row).text(REFERENCE).upper().replace("\x00", "")[:60]

    def plan(self, row: ImportRow, paragraph: Paragraph | None = None) -> Plan:
        """What ``row`` would write."""
        reader = self.reader(row)
        if self._repeats_heads(row):
            return Plan(Verdict.UNCHANGED, notes=[("", _("This row repeats the headings."))])
        if reference := self._reference(row):
            return self._update(row, reader, reference)
        return self._new(row, reader, paragraph)

    def _repeats_heads(self, row: ImportRow) -> bool:
        texts = [each if isinstance(each, str) else "" for each in row.cells]
        heads = [" ".join(text.split()) for text in texts]
        return any(heads) and heads == list(self.job.heads)[: len(heads)]

    # -- new rows ----------------------------------------------------------------------------------------

    def _new(self, row: ImportRow, reader: RowReader, paragraph: Paragraph | None) -> Plan:
        new = new_commitment(reader, self.options, self.user)
        plan = Plan(Verdict.NEW, title=new.title, errors=reader.errors, notes=reader.notes)
        plan.unknown, plan.progress = reader.unknown, new.progress
        if row.decision == Decision.MENTION and row.twin:
            return self._mention(row, reader, plan, new, paragraph)
        if self.meeting is None:
            reader.errors.insert(0, ("", _("Choose the meeting at which this was agreed or requested.")))
        if reader.errors:
            plan.verdict = Verdict.REFUSED
            return plan
        self._register(row, reader, plan, new, paragraph)
        return plan

    def _register(
        self, row: ImportRow, reader: RowReader, plan: Plan, new: NewCommitment, paragraph: Paragraph | None
    ) -> None:
        assert self.meeting is not None  # noqa: S101  (``_new`` has asked)
        is_anyway = row.decision == Decision.ANYWAY
        despite = [*row.plan.get("twins", ()), *self._written_twins(row), UNSAVED] if is_anyway else []
        modality = wording_of(new.text).modality
        mention = FirstMention(self.meeting, paragraph or _unwritten(), kind=new.kind, modality=modality)
        try:
            plan.registration = registration_of(
                actor=self.user,
                known=self.known,
                mention=mention,
                occurred_on=self.day,
                despite=despite,
                **new.arguments(self._note(row, new)),
            )
        except LikelyTwins as refused:
            plan.verdict = Verdict.REFUSED
            self._name_twins(reader, plan, refused)
            return
        except (PermissionDenied, Refusal) as refused:
            plan.verdict = Verdict.REFUSED
            collect(reader, refused)
            return
        made = plan.registration.commitment
        plan.wording = (made.prefix, made.title, made.text)
        if is_anyway:
            plan.twins, plan.twin_rows = row.plan.get("twins", []), row.plan.get("twin_rows", [])
        self._know(made, row.number)

    def _written_twins(self, row: ImportRow) -> list[str]:
        """The references of the rows of this file that are known to be other commitments."""
        numbers = row.plan.get("twin_rows", ())
        if not numbers:
            return []
        rows = ImportRow.objects.filter(job=self.job, number__in=numbers, commitment__isnull=False)
        return list(rows.values_list("commitment__reference", flat=True))

    def _note(self, row: ImportRow, new: NewCommitment) -> str:
        return new.note or _("Imported from “%(file)s”, row %(row)d.") % {
            "file": self.job.file_name,
            "row": row.number,
        }

    def _name_twins(self, reader: RowReader, plan: Plan, refused: LikelyTwins) -> None:
        for twin in refused.twins:
            if twin.reference == UNSAVED:
                plan.twin_rows.append(self.row_of[id(twin)])
            else:
                plan.twins.append(twin.reference)
        if plan.twins:
            text = _(
                "This looks like %(references)s, which is registered already. Record a mention of it, or say "
                "that this is another commitment."
            )
            reader.refuse(text % {"references": listed(plan.twins)}, "content", "title")
        if plan.twin_rows:
            text = _("This looks like row %(rows)s of this file. Leave it out, or register it anyway.")
            reader.refuse(text % {"rows": listed(map(str, plan.twin_rows))}, "content", "title")

    def _mention(
        self, row: ImportRow, reader: RowReader, plan: Plan, new: NewCommitment, paragraph: Paragraph | None
    ) -> Plan:
        """The plan of a row that becomes a mention of a commitment that is registered."""
        found = Commitment.objects.visible_to(self.user).filter(reference=row.twin).first()
        plan.errors, plan.unknown = [], []
        plan.twins = list(row.plan.get("twins", ()))
        if found is None:
            plan.errors = [("", _("There is no commitment %(reference)s.") % {"reference": row.twin})]
        if self.meeting is None:
            plan.errors.append(("", _("Choose the meeting at which this was mentioned.")))
        if plan.errors:
            plan.verdict = Verdict.REFUSED
            return plan
        assert found is not None  # noqa: S101  (just asked)
        assert self.meeting is not None  # noqa: S101
        wording = wording_of(new.text)
        kind, modality = wording.kind, wording.modality
        plan.verdict, plan.reference, plan.title = Verdict.CHANGED, found.reference, found.title
        plan.mention = FirstMention(self.meeting, paragraph or _unwritten(), kind=kind, modality=modality)
        plan.changes = [(_("Mention"), "", str(MentionKind(kind).label))]
        return plan

    # -- rows with a reference ---------------------------------------------------------------------------

    def _update(self, row: ImportRow, reader: RowReader, reference: str) -> Plan:
        current = self._current.get(reference)
        plan = Plan(Verdict.UNCHANGED, reference=reference, errors=reader.errors, notes=reader.notes)
        if current is None:
            reader.refuse(
                _(
                    "There is no commitment %(reference)s that you can see. For a new commitment leave the "
                    "reference empty."
                )
                % {"reference": reference},
                REFERENCE,
            )
            plan.verdict = Verdict.REFUSED
            return plan
        plan.title, plan.version = current.commitment.title, version_of(current)
        exported = self._versions.get(reference, "")
        update = update_of(reader, current, is_exported_state=exported == plan.version)
        plan.unknown, plan.changes = reader.unknown, update.told()
        if reader.errors:
            plan.verdict = Verdict.REFUSED
        elif update.changes and exported != plan.version and row.decision != Decision.OVERWRITE:
            plan.verdict, plan.is_conflict = Verdict.REFUSED, True
            reader.refuse(_conflict(reference, is_known=bool(exported)), REFERENCE)
        elif update.changes:
            plan.verdict, plan.update = Verdict.CHANGED, update
        return plan


def _unwritten() -> Paragraph:
    """The paragraph of a row before there is a source."""
    return Paragraph(source=Source())


def _conflict(reference: str, *, is_known: bool) -> str:
    if is_known:
        text = _(
            "%(reference)s was changed in the register since this file was exported. Compare the values, "
            "then take those of the sheet, or leave the row out."
        )
    else:
        text = _(
            "This file does not say when %(reference)s was exported. Compare the values with those of the "
            "register, then take those of the sheet, or leave the row out."
        )
    return text % {"reference": reference}


_FIELD_OF = {
    "text": ("content",),
    "deadline_wording": ("deadline", "timeline"),
    "deadline_earliest": ("earliest", "timeline"),
    "deadline_latest": ("latest", "timeline"),
    "wording": ("deadline", "timeline"),
    "parties": ("parties", "partner"),
    "target.indicator": ("target",),
    "target.value": ("target_value",),
    "target.unit": ("target_unit",),
    "occurred_on": (),
}
"""The fields at which the errors of other columns are told."""


def collect(reader: RowReader, refused: Exception) -> None:
    """Add the errors of a service to those of the row, each at its cell."""
    if not isinstance(refused, RequirementsNotMet):
        reader.refuse(str(refused))
        return
    for name, messages in refused.errors.items():
        for message in messages:
            reader.refuse(message, *_FIELD_OF.get(name, (name,)))
