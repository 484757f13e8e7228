"""Applies a file to a commitment that is in the register already, without undoing any work done there."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from commitments.choices import Status
from commitments.documents.building import Document
from commitments.documents.commitment import commitment_document
from commitments.documents.commitment_schema import (
    ASSIGNMENT,
    COMMITMENT,
    MENTION,
    PROGRESS,
    READING,
    TARGET,
    WITHDRAWAL,
)
from commitments.models import (
    Assignment,
    Commitment,
    CommitmentParty,
    DeadlineChange,
    EvidenceWithdrawal,
    Mention,
    ProgressUpdate,
    Reading,
    StatusChange,
    Target,
)
from commitments.services.day_corrections import write_correction
from commitments.services.policy import PLEDGE, fixed_because, fixed_parts
from commitments.services.transitions import append_change
from interchange.register_file.assign import fill, make
from interchange.register_file.commitment_rows import (
    PARTY_ROLES,
    Batch,
    day_corrections,
    deadline_changes,
    evidence_rows,
    status_changes,
    write,
)
from interchange.register_file.error_merge import merge_notes
from interchange.register_file.error_notes import KEY
from interchange.register_file.lookups import Lookups, readings
from interchange.register_file.merge import (
    by_key,
    changed_keys,
    conflict,
    continues,
    is_same,
    merge_rows,
    rows_not_stored,
)
from interchange.register_file.proposal_merge import KEY as KEY_OF_PROPOSALS
from interchange.register_file.proposal_merge import merge_proposals
from interchange.register_file.reference_loading import REASON
from interchange.register_file.result import LoadConflict
from interchange.register_file.structure import FileEntry

_BY_ROW = {
    "mentions": (Mention, MENTION, ("meeting", "source", "paragraph", "kind")),
    "agencies": (Assignment, ASSIGNMENT, ("agency",)),
    "readings": (Reading, READING, ("as_of", "period")),
}
_HISTORY = ("status", "successor", "status_history")
_MERGED_APART = (
    *_HISTORY,
    *_BY_ROW,
    "target",
    "related",
    "progress",
    "evidence",
    "deadline_changes",
    "deadline_proposals",
    KEY,
    "merged_into",
    "merges",
)
_RELATIONS = {"mentions": "mentions", "agencies": "assignments", "readings": "readings"}


class CommitmentMerge:
    """Compares one commitment with its entry and writes the changes of the file."""

    def __init__(
        self, commitment: Commitment, entry: FileEntry, loaded: Document | None, lookups: Lookups
    ) -> None:
        self.commitment = commitment
        self.entry = entry
        self.stored = commitment_document(commitment)
        self.loaded = loaded
        self.lookups = lookups
        self.conflicts: list[LoadConflict] = []
        self.has_changed = False

    def run(self) -> None:
        """Write everything but references to other commitments, which may not exist yet."""
        self._fields()
        self._target()
        self._rows()
        self._reports()
        self._proposals()
        self._error_notes()
        if not self._has_successors:
            self._history()

    @property
    def is_unfinished(self) -> bool:
        """Whether ``finish`` has something to write."""
        return self._has_successors or self.entry.get("related") != self.stored.get("related")

    @property
    def _has_successors(self) -> bool:
        return any("successor" in row for row in self.entry["status_history"])

    def finish(self) -> None:
        """Write references to other commitments."""
        if self._has_successors:
            self._history()
        self._related()

    def _fields(self) -> None:
        changed = changed_keys(
            self.entry, self.stored, self.loaded, COMMITMENT, self.conflicts, exclude=_MERGED_APART
        )
        for name in [name for name in changed if self._is_fixed(name)]:
            self._add_conflict(name, self.stored.get(name), fixed_because(self.stored["status"]))
            changed.remove(name)
        countries = [name for name in PARTY_ROLES if self.entry.get(name, []) != self.stored.get(name, [])]
        if countries and not set(countries) <= set(changed):
            # Countries that must act are parties, so the three lists change together or not at all.
            for name in set(countries) & set(changed):
                self._add_conflict(name, self.stored.get(name))
            changed = [name for name in changed if name not in PARTY_ROLES]
        if not changed:
            return
        self.has_changed = True
        fill(self.commitment, self.entry, COMMITMENT, self.lookups, only=changed)
        if set(changed) - set(PARTY_ROLES):
            self.commitment._change_reason = REASON  # type: ignore[attr-defined]
            self.commitment.save()
        for name in set(changed) & set(PARTY_ROLES):
            self._countries(name)

    def _is_fixed(self, name: str) -> bool:
        """Whether the key ``name`` is a part of the pledge, which a load changes only while it is open."""
        return name in (*PLEDGE, "deadline_changes") and bool(fixed_parts(self.stored["status"]))

    def _countries(self, name: str) -> None:
        role, new_codes = PARTY_ROLES[name], set(self.entry.get(name, []))
        for party in self.commitment.parties.filter(role=role).select_related("country"):
            if party.country.code in new_codes:
                new_codes.remove(party.country.code)
            else:
                party.delete()
        for code in sorted(new_codes):
            country = self.lookups.pk("countries", code)
            _save(CommitmentParty(commitment=self.commitment, country_id=country, role=role))

    def _target(self) -> None:
        in_file, stored, loaded = (
            _without_readings((side or {}).get("target")) for side in (self.entry, self.stored, self.loaded)
        )
        if in_file == stored:
            return
        if self.loaded is None and stored is not None or stored != loaded and stored is not None:
            self.conflicts.append(conflict(self.entry, "target", in_file, stored))
            return
        self.has_changed = True
        target: Any = getattr(self.commitment, "target", None) or Target(commitment=self.commitment)
        if in_file is None:
            target.delete()
        else:
            fill(target, in_file, TARGET, self.lookups)
            _save(target)

    def _rows(self) -> None:
        for name, (model, schema, keys) in _BY_ROW.items():
            sides = (
                _list(self.entry, name),
                _list(self.stored, name),
                _list(self.loaded or {}, name),
            )
            rows = merge_rows(self.entry, name, sides, keys, self.conflicts)
            if not rows:
                continue
            self.has_changed = True
            records = getattr(self.commitment, _RELATIONS[name]).all()
            record_of = dict(zip(by_key(_list(self.stored, name), keys), records, strict=True))
            for key in rows.remove:
                record_of[key].delete()
            for key, row in rows.change.items():
                record = record_of[key]
                fill(record, row, schema, self.lookups)
                _save(record)
            for row in rows.add:
                _save(make(model, row, schema, self.lookups, commitment=self.commitment))

    def _reports(self) -> None:
        """Add progress updates and deadline changes. Both are append-only."""
        new = Batch(list)
        for row in rows_not_stored(_list(self.entry, "progress"), _list(self.stored, "progress")):
            new[ProgressUpdate].append(
                make(ProgressUpdate, row, PROGRESS, self.lookups, commitment=self.commitment)
            )
        in_file, stored = _list(self.entry, "deadline_changes"), _list(self.stored, "deadline_changes")
        if continues(in_file, stored, file_is_longer=True):
            more = in_file[len(stored) :]
            if more and self._is_fixed("deadline_changes"):
                self._add_conflict("deadline_changes", stored, fixed_because(self.stored["status"]))
                more = []
            new[DeadlineChange] = deadline_changes(self.commitment, more, self.lookups, len(stored))
        elif not continues(stored, in_file, file_is_longer=False):
            self._add_conflict("deadline_changes", stored)
        self._write(new)

    def _proposals(self) -> None:
        """Add proposed deadlines and decisions on them. A decision made in the register stays."""
        found = merge_proposals(
            self.commitment, self.entry, _list(self.stored, KEY_OF_PROPOSALS), self.lookups
        )
        self.has_changed = self.has_changed or found.has_changed
        self.conflicts += found.conflicts

    def _error_notes(self) -> None:
        """Add what the file says was entered in error. A note of the register stays."""
        found = merge_notes(self.commitment, self.entry, self.lookups)
        self.has_changed = self.has_changed or found.has_changed
        for row, stored in found.different:
            line, location = row.line_of(KEY), row.at(KEY)
            self.conflicts.append(LoadConflict(line, location, row[KEY], stored))

    def _history(self) -> None:
        """Append the status changes by which the file is longer. Changes made in the register stay."""
        in_file, stored = self.entry["status_history"], self.stored["status_history"]
        if continues(in_file, stored, file_is_longer=True):
            self._corrections(in_file)
            self._append_changes(in_file[len(stored) :])
        elif not continues(stored, in_file, file_is_longer=False):
            self._add_conflict("status_history", stored, _("the register has a different history"))
        elif self.entry["status"] != self.stored["status"]:
            self._add_conflict("status", self.stored["status"], _("the register has a longer history"))
            self._corrections(in_file)
        else:
            self._corrections(in_file)
        self._evidence()

    def _append_changes(self, rows: Sequence[Document]) -> None:
        if not rows:
            return
        last = self.commitment.status_changes.order_by("number").last()
        changes = status_changes(self.commitment, rows, self.lookups, last)
        if changes[-1].to_status == Status.SUPERSEDED and self._leads_back(changes[-1].successor_id):
            self._add_conflict(
                "successor", None, _("the chain of successors would come back to this commitment")
            )
            return
        for change, row in zip(changes, rows, strict=True):
            append_change(change)
            self._correct(change, row.get("corrected", []))
        self.has_changed = True

    def _corrections(self, in_file: Sequence[FileEntry]) -> None:
        """Correct days as the file does. A correction made in the register stays."""
        changes = self.commitment.status_changes.order_by("number")
        for row, stored, change in zip(in_file, self.stored["status_history"], changes, strict=False):
            theirs, ours = row.get("corrected", []), stored.get("corrected", [])
            if not theirs or theirs[-1]["on"] == change.happened_on.isoformat():
                continue
            if continues(theirs, ours, file_is_longer=True):
                self._correct(change, theirs[len(ours) :])
                self.has_changed = True
            else:
                line, location = row.line_of("corrected"), row.at("corrected")
                self.conflicts.append(LoadConflict(line, location, theirs, ours))

    def _correct(self, change: StatusChange, rows: Sequence[Document]) -> None:
        for correction in day_corrections(change, rows, self.lookups):
            write_correction(correction)

    def _leads_back(self, successor: int | None) -> bool:
        while successor is not None:
            if successor == self.commitment.pk:
                return True
            successor = Commitment.objects.values_list("successor", flat=True).get(pk=successor)
        return False

    def _evidence(self) -> None:
        in_file, stored = _list(self.entry, "evidence"), _list(self.stored, "evidence")
        if not in_file:
            return
        changes = {change.number: change for change in self.commitment.status_changes.order_by("number")}
        accepted = []
        for row in rows_not_stored(in_file, stored):
            if "status_change" in row and not self._is_change_of_the_file(
                changes.get(row["status_change"]), row
            ):
                reason = _("its status change is a different one in the register")
                line = getattr(row, "line", self.entry.line_of("evidence"))
                self.conflicts.append(LoadConflict(line, self.entry.at("evidence"), dict(row), None, reason))
            else:
                accepted.append(row)
        new = evidence_rows(self.commitment, accepted, changes, self.lookups)
        for row, evidence in zip(stored, self.commitment.evidence.all(), strict=True):
            withdrawn = next((each for each in in_file if "withdrawn" in each and is_same(each, row)), None)
            if withdrawn is not None and "withdrawn" not in row:
                withdrawal = make(
                    EvidenceWithdrawal, withdrawn["withdrawn"], WITHDRAWAL, self.lookups, evidence=evidence
                )
                new[EvidenceWithdrawal].append(withdrawal)
        self._write(new)

    def _is_change_of_the_file(self, change: StatusChange | None, row: Document) -> bool:
        in_file = self.entry["status_history"][row["status_change"] - 1]
        return change is not None and change.to_status == in_file["status"]

    def _related(self) -> None:
        """Add and remove related commitments. A relation that a person removed is not added again."""
        in_file, stored = set(_list(self.entry, "related")), set(_list(self.stored, "related"))
        loaded = set(_list(self.loaded or {}, "related"))
        if removed_here := sorted((in_file - stored) & loaded):
            self.conflicts.append(conflict(self.entry, "related", removed_here, None))
        added, removed = in_file - stored - loaded, (stored - in_file) & loaded
        if added or removed:
            self.has_changed = True
            self.commitment._change_reason = REASON  # type: ignore[attr-defined]
            self.commitment.related.add(*(self.lookups.pk("commitments", each) for each in added))
            self.commitment.related.remove(*(self.lookups.pk("commitments", each) for each in removed))

    def _write(self, rows: Batch) -> None:
        self.has_changed = self.has_changed or any(rows.values())
        write(rows)

    def _add_conflict(self, key: str, stored: Any, reason: str = "") -> None:
        self.conflicts.append(conflict(self.entry, key, self.entry.get(key), stored, reason))


def _save(record: Any) -> None:
    record._change_reason = REASON
    record.save()


def _list(side: Document, name: str) -> list[Any]:
    return readings(side) if name == "readings" else side.get(name, [])


def _without_readings(target: Document | None) -> Document | None:
    return None if target is None else {key: value for key, value in target.items() if key != "readings"}
