"""Brings a file to commitments that are in the register already, without undoing what was done there."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from commitments.choices import Status
from commitments.documents.commitment import Document, commitment_document
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
from commitments.services.transitions import append_change
from interchange.register_file.assign import fill, make
from interchange.register_file.commitment_rows import (
    PARTY_ROLES,
    Batch,
    deadline_changes,
    evidence_rows,
    status_changes,
    write,
)
from interchange.register_file.commitment_schema import (
    ASSIGNMENT,
    COMMITMENT,
    MENTION,
    PROGRESS,
    READING,
    TARGET,
    WITHDRAWAL,
)
from interchange.register_file.lookups import Lookups, readings
from interchange.register_file.merge import (
    changed_keys,
    conflict,
    continues,
    merge_rows,
    same,
    unheld,
)
from interchange.register_file.reference_loading import REASON
from interchange.register_file.result import LoadConflict
from interchange.register_file.structure import FileEntry

_BY_ROW = {
    "mentions": (Mention, MENTION, ("meeting", "source", "paragraph", "kind")),
    "agencies": (Assignment, ASSIGNMENT, ("agency",)),
    "readings": (Reading, READING, ("as_of", "period")),
}
_HISTORY = ("status", "successor", "status_history")
_OWN_RULES = (
    *_HISTORY,
    *_BY_ROW,
    "target",
    "related",
    "progress",
    "evidence",
    "deadline_changes",
)
_RELATIONS = {"mentions": "mentions", "agencies": "assignments", "readings": "readings"}


class CommitmentMerge:
    """Compares one commitment with its entry and writes what the file changes."""

    def __init__(
        self, commitment: Commitment, entry: FileEntry, loaded: Document | None, lookups: Lookups
    ) -> None:
        self.commitment = commitment
        self.entry = entry
        self.held = commitment_document(commitment)
        self.loaded = loaded
        self.lookups = lookups
        self.conflicts: list[LoadConflict] = []
        self.has_changed = False

    def run(self) -> None:
        """Everything but what names other commitments: those may not exist yet."""
        self._columns()
        self._target()
        self._rows()
        self._reports()
        if not self._names_successors:
            self._history()

    @property
    def waits(self) -> bool:
        """Whether something is left for ``finish``."""
        return self._names_successors or self.entry.get("related") != self.held.get("related")

    @property
    def _names_successors(self) -> bool:
        return any("successor" in row for row in self.entry["status_history"])

    def finish(self) -> None:
        """Write what names other commitments."""
        if self._names_successors:
            self._history()
        self._related()

    def _columns(self) -> None:
        changed = changed_keys(self.entry, self.held, self.loaded, COMMITMENT, self.conflicts, but=_OWN_RULES)
        countries = [name for name in PARTY_ROLES if self.entry.get(name, []) != self.held.get(name, [])]
        if countries and not set(countries) <= set(changed):
            # Who must act is one of the parties: the three lists are taken together or not at all.
            for name in set(countries) & set(changed):
                self._refuse(name, self.held.get(name))
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

    def _countries(self, name: str) -> None:
        role, wanted = PARTY_ROLES[name], set(self.entry.get(name, []))
        for party in self.commitment.parties.filter(role=role).select_related("country"):
            if party.country.code in wanted:
                wanted.remove(party.country.code)
            else:
                party.delete()
        for code in sorted(wanted):
            country = self.lookups.pk("countries", code)
            _save(CommitmentParty(commitment=self.commitment, country_id=country, role=role))

    def _target(self) -> None:
        wanted, held, loaded = (
            _without_readings((side or {}).get("target")) for side in (self.entry, self.held, self.loaded)
        )
        if wanted == held:
            return
        if self.loaded is None and held is not None or held != loaded and held is not None:
            self.conflicts.append(conflict(self.entry, "target", wanted, held))
            return
        self.has_changed = True
        target: Any = getattr(self.commitment, "target", None) or Target(commitment=self.commitment)
        if wanted is None:
            target.delete()
        else:
            fill(target, wanted, TARGET, self.lookups)
            _save(target)

    def _rows(self) -> None:
        for name, (model, shape, keys) in _BY_ROW.items():
            sides = (
                _list(self.entry, name),
                _list(self.held, name),
                _list(self.loaded or {}, name),
            )
            rows = merge_rows(self.entry, name, sides, keys, self.conflicts)
            if not rows:
                continue
            self.has_changed = True
            records = getattr(self.commitment, _RELATIONS[name]).all()
            by_key = {
                tuple(row.get(key) for key in keys): record
                for row, record in zip(_list(self.held, name), records, strict=True)
            }
            for row in rows.remove:
                by_key[tuple(row.get(key) for key in keys)].delete()
            for row in rows.change:
                record = by_key[tuple(row.get(key) for key in keys)]
                fill(record, row, shape, self.lookups)
                _save(record)
            for row in rows.add:
                _save(make(model, row, shape, self.lookups, commitment=self.commitment))

    def _reports(self) -> None:
        """Progress and changes of the deadline are only ever added to."""
        new = Batch(list)
        for row in unheld(_list(self.entry, "progress"), _list(self.held, "progress")):
            new[ProgressUpdate].append(
                make(ProgressUpdate, row, PROGRESS, self.lookups, commitment=self.commitment)
            )
        wanted, held = _list(self.entry, "deadline_changes"), _list(self.held, "deadline_changes")
        if continues(wanted, held, file_is_longer=True):
            more = wanted[len(held) :]
            new[DeadlineChange] = deadline_changes(self.commitment, more, self.lookups, len(held))
        elif not continues(held, wanted, file_is_longer=False):
            self._refuse("deadline_changes", held)
        self._write(new)

    def _history(self) -> None:
        """Continue the status history where the file continues it; whatever was done here stands."""
        wanted, held = self.entry["status_history"], self.held["status_history"]
        if continues(wanted, held, file_is_longer=True):
            self._continue(wanted[len(held) :])
        elif not continues(held, wanted, file_is_longer=False):
            self._refuse("status_history", held, _("the history here is another, and it stands"))
        elif self.entry["status"] != self.held["status"]:
            self._refuse("status", self.held["status"], _("the history here goes further"))
        self._evidence()

    def _continue(self, rows: Sequence[Document]) -> None:
        if not rows:
            return
        last = self.commitment.status_changes.order_by("number").last()
        changes = status_changes(self.commitment, rows, self.lookups, last)
        if changes[-1].to_status == Status.SUPERSEDED and self._leads_back(changes[-1].successor_id):
            self._refuse("successor", None, _("it leads back here"))
            return
        for change in changes:
            append_change(change)
        self.has_changed = True

    def _leads_back(self, successor: int | None) -> bool:
        while successor is not None:
            if successor == self.commitment.pk:
                return True
            successor = Commitment.objects.values_list("successor", flat=True).get(pk=successor)
        return False

    def _evidence(self) -> None:
        wanted, held = _list(self.entry, "evidence"), _list(self.held, "evidence")
        if not wanted:
            return
        changes = {change.number: change for change in self.commitment.status_changes.order_by("number")}
        fitting = []
        for row in unheld(wanted, held):
            if "status_change" in row and not self._is_of_the_file(changes.get(row["status_change"]), row):
                why = _("the status change it was given with is another here")
                line = getattr(row, "line", self.entry.line_of("evidence"))
                self.conflicts.append(LoadConflict(line, self.entry.at("evidence"), dict(row), None, why))
            else:
                fitting.append(row)
        new = evidence_rows(self.commitment, fitting, changes, self.lookups)
        for row, evidence in zip(held, self.commitment.evidence.all(), strict=True):
            told = next((each for each in wanted if "withdrawn" in each and same(each, row)), None)
            if told is not None and "withdrawn" not in row:
                withdrawal = make(
                    EvidenceWithdrawal, told["withdrawn"], WITHDRAWAL, self.lookups, evidence=evidence
                )
                new[EvidenceWithdrawal].append(withdrawal)
        self._write(new)

    def _is_of_the_file(self, change: StatusChange | None, row: Document) -> bool:
        told = self.entry["status_history"][row["status_change"] - 1]
        return change is not None and change.to_status == told["status"]

    def _related(self) -> None:
        """Link and unlink; a link that a person took away here stays away."""
        wanted, held = set(_list(self.entry, "related")), set(_list(self.held, "related"))
        before = set(_list(self.loaded or {}, "related"))
        if gone := sorted((wanted - held) & before):
            self.conflicts.append(conflict(self.entry, "related", gone, None))
        added, removed = wanted - held - before, (held - wanted) & before
        if added or removed:
            self.has_changed = True
            self.commitment._change_reason = REASON  # type: ignore[attr-defined]
            self.commitment.related.add(*(self.lookups.pk("commitments", each) for each in added))
            self.commitment.related.remove(*(self.lookups.pk("commitments", each) for each in removed))

    def _write(self, rows: Batch) -> None:
        self.has_changed = self.has_changed or any(rows.values())
        write(rows)

    def _refuse(self, key: str, held: Any, why: str = "") -> None:
        self.conflicts.append(conflict(self.entry, key, self.entry.get(key), held, why))


def _save(record: Any) -> None:
    record._change_reason = REASON
    record.save()


def _list(side: Document, name: str) -> list[Any]:
    return readings(side) if name == "readings" else side.get(name, [])


def _without_readings(target: Document | None) -> Document | None:
    return None if target is None else {key: value for key, value in target.items() if key != "readings"}
