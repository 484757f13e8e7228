"""The rules for one commitment of the file: countries, deadline, history, evidence."""

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from commitments.choices import OPEN, EvidenceKind, ProposalState, Status
from core import clock
from interchange.register_file.error_notes import KEY, holders, is_in_error
from interchange.register_file.history_rules import check_transitions
from interchange.register_file.index import FileIndex, FilePosition
from interchange.register_file.lookups import readings as readings_of
from interchange.register_file.structure import FileEntry, FileList
from interchange.register_file.values import split_reference


def check_commitment(entry: FileEntry, index: FileIndex) -> None:
    """Add an error for every rule that ``entry`` breaks, and index what it refers to."""
    _parties(entry, index)
    _reference(entry, index)
    _deadline(entry, index)
    _history(entry, index)
    _successor(entry, index)
    _mentions(entry, index)
    _figures(entry, index)
    _reports(entry, index)
    _related(entry, index)
    _errors(entry, index)
    check_transitions(entry, index)


def check_window(window: dict[str, Any], index: FileIndex) -> None:
    """The latest day must not be before the earliest day."""
    earliest, latest = window.get("earliest"), window.get("latest")
    if isinstance(window, FileEntry) and earliest and latest and latest < earliest:
        index.error(window, "latest", _("the latest day is before the earliest day"))


def comes_from_dump(entry: FileEntry) -> bool:
    """Whether the entry comes from a dump: its fields may have been edited since they were checked."""
    history = entry.get("status_history", [])
    return bool(history) and "recorded_at" in history[0]


def _parties(entry: FileEntry, index: FileIndex) -> None:
    parties: FileList | None = entry.get("parties")
    obligated: FileList | None = entry.get("obligated")
    if parties is not None and len(parties) < 2:  # noqa: PLR2004  (a commitment has at least two parties)
        index.error(entry, "parties", _("name at least two parties"))
    if obligated is None:
        return
    if not obligated:
        index.error(entry, "obligated", _("name at least one country that must act"))
    for code, line in zip(obligated, obligated.lines, strict=True):
        if parties is not None and code not in parties:
            message = _("%(code)s must act but is not a party") % {"code": code}
            index.errors.add(line, entry.at("obligated"), message)


def _reference(entry: FileEntry, index: FileIndex) -> None:
    if "reference" not in entry:
        return
    prefix, year, serial = split_reference(entry["reference"])
    index.serials[prefix, year] = max(serial, index.serials.get((prefix, year), 0))
    parties = entry.get("parties")
    if parties and prefix != "".join(parties) and not comes_from_dump(entry):
        message = _("a reference begins with the codes of the parties: %(codes)s")
        index.error(entry, "reference", message % {"codes": "".join(parties)})
    history = entry.get("status_history")
    first = history[0].get("on") if history else None
    if first and int(first[:4]) != year:
        message = _("a reference has the year of the first status change: %(year)s")
        index.error(entry, "reference", message % {"year": first[:4]})


def _deadline(entry: FileEntry, index: FileIndex) -> None:
    window = entry.get("deadline", {})
    check_window(window, index)
    _check_review(window, index)
    if not isinstance(window, FileEntry):
        return
    worded = "wording" in window.lines or comes_from_dump(entry)
    if window.lines.keys() & {"earliest", "latest"} and not worded:
        index.errors.add(
            window.line, window.at("wording"), _("is missing: the wording from which the days were read")
        )
    vague = not window.lines.keys() & {"latest", "review_on"}
    if vague and entry.get("status") in OPEN:
        message = _("open, with neither a latest day nor review_on: never overdue, never due for review")
        index.errors.warn(entry.line_of("deadline"), entry.at("deadline"), message)


def _check_review(window: dict[str, Any], index: FileIndex) -> None:
    if isinstance(window, FileEntry) and {"review_on", "latest"} <= window.lines.keys():
        index.error(window, "review_on", _("only a deadline without a latest day has a review date"))


def _history(entry: FileEntry, index: FileIndex) -> None:
    history = entry.get("status_history")
    if history is None:
        return
    if not history:
        index.error(entry, "status_history", _("a commitment has at least one status"))
        return
    last = history[-1].get("status")
    if last and entry.get("status") and last != entry["status"]:
        message = _("%(status)s is not the last status of its history, %(last)s")
        index.error(entry, "status", message % {"status": entry["status"], "last": last})
    _check_order(history, index)
    for change in history:
        index.cite(change)


def _check_order(rows: list[FileEntry], index: FileIndex) -> None:
    """No row may be dated before the previous one, unless a wrong clock dated that one in the future."""
    previous = ""
    for row in rows:
        on = row.get("on", "")
        if (
            on
            and previous
            and dt.date.fromisoformat(on)
            < clock.first_day_after(dt.date.fromisoformat(previous), recorded_on=_recorded_on(row))
        ):
            message = _("%(day)s is before the previous change, %(previous)s")
            index.error(row, "on", message % {"day": on, "previous": previous})
        previous = on or previous


def _recorded_on(row: FileEntry) -> dt.date:
    """The day on which ``row`` was recorded. Without it, the load records the row today."""
    at = row.get("recorded_at")
    return timezone.localdate(dt.datetime.fromisoformat(at)) if at else clock.today()


def complete_successor(entry: FileEntry) -> None:
    """Copy the successor between the entry and its last status change. The file may have it in one place."""
    history = entry.get("status_history")
    last = history[-1] if history else None
    if last is None or last.get("status") != Status.SUPERSEDED:
        return
    for target, origin in ((last, entry), (entry, last)):
        if "successor" not in target.lines and "successor" in origin:
            target["successor"] = origin["successor"]


def _successor(entry: FileEntry, index: FileIndex) -> None:
    """A superseded commitment has a successor, and no other has one."""
    history: list[FileEntry] = entry.get("status_history") or []
    for change in history:
        is_needed = Status.SUPERSEDED in (change.get("status"), change.get("outcome"))
        if is_needed and "successor" not in change and "successor" not in change.lines:
            index.error(change, "successor", _("is missing: the commitment that replaces it"))
        elif "successor" in change and not is_needed:
            index.error(change, "successor", _("only a superseded commitment has a successor"))
    last = history[-1] if history else entry
    own, of_history = entry.get("successor"), last.get("successor")
    if last.get("status", Status.SUPERSEDED) != Status.SUPERSEDED:
        if own:
            index.error(entry, "successor", _("only a superseded commitment has a successor"))
    elif own and of_history and own != of_history:
        message = _("%(successor)s is not the successor in its history, %(of_history)s")
        index.error(entry, "successor", message % {"successor": own, "of_history": of_history})
    elif own and "reference" in entry:
        at = entry if "successor" in entry.lines else last
        position = FilePosition(at.line_of("successor"), at.at("successor"))
        index.successors[entry["reference"]] = (own, position)


def _mentions(entry: FileEntry, index: FileIndex) -> None:
    _check_unique(_counted(entry.get("mentions", [])), ("meeting", "source", "paragraph", "kind"), index)
    _check_unique(entry.get("agencies", []), ("agency",), index)
    for mention in entry.get("mentions", []):
        index.cite(mention)


def _check_unique(rows: list[FileEntry], keys: tuple[str, ...], index: FileIndex) -> None:
    """No two of ``rows`` may have the same ``keys``. The error is added to the later one."""
    seen: dict[tuple[Any, ...], FileEntry] = {}
    for row in rows:
        if any(key not in row for key in keys if key != "period"):
            continue
        first = seen.setdefault(tuple(row.get(key) for key in keys), row)
        if first is not row:
            message = _("occurs twice, first in line %(line)d") % {"line": first.line}
            index.error(row, keys[0], message)


def _figures(entry: FileEntry, index: FileIndex) -> None:
    readings = entry.get("target", {}).get("readings", [])
    if "target" in entry.lines and "readings" in entry.lines:
        index.error(entry, "readings", _("the readings of a target belong inside the target"))
    readings = [*readings, *entry.get("readings", [])]
    _check_unique(_counted(readings), ("as_of", "period"), index)
    for reading in readings:
        index.cite(reading)


def _reports(entry: FileEntry, index: FileIndex) -> None:
    for update in entry.get("progress", []):
        if not update.lines.keys() & {"achieved", "challenges", "recommendations"}:
            message = _("is missing: an update needs at least one of achieved, challenges, recommendations")
            index.error(update, "achieved", message)
    changes = entry.get("deadline_changes", [])
    _check_order(changes, index)
    for change in changes:
        check_window(change.get("new", {}), index)
        _check_review(change.get("new", {}), index)
    proposals = entry.get("deadline_proposals", [])
    for proposal in proposals:
        _proposal(proposal, len(changes), index)
    decisions = [each["decision"] for each in proposals if "decision" in each]
    _check_unique([each for each in decisions if "change" in each], ("change",), index)
    for evidence in entry.get("evidence", []):
        _evidence(evidence, len(entry.get("status_history", [])), index)


def _proposal(proposal: FileEntry, changes: int, index: FileIndex) -> None:
    check_window(proposal.get("new", {}), index)
    _check_review(proposal.get("new", {}), index)
    decision = proposal.get("decision")
    if decision is None or "state" not in decision:
        return
    is_accepted, number = decision["state"] == ProposalState.ACCEPTED, decision.get("change")
    if is_accepted and number is None:
        index.error(decision, "change", _("is missing: the deadline change that it became"))
    elif not is_accepted and number is not None:
        index.error(decision, "change", _("only an accepted proposal became a deadline change"))
    elif number is not None and number > changes:
        message = _("there is no deadline change %(number)d; the list has %(count)d")
        index.error(decision, "change", message % {"number": number, "count": changes})


def _evidence(evidence: FileEntry, changes: int, index: FileIndex) -> None:
    kind = evidence.get("kind")
    if kind is None:
        return
    is_file = kind == EvidenceKind.FILE
    for key in ("file", "sha256") if is_file else ("url",):
        if key not in evidence.lines:
            index.error(evidence, key, _("is missing: evidence of kind %(kind)s needs it") % {"kind": kind})
    for key in ("url",) if is_file else ("file", "sha256"):
        if key in evidence:
            index.error(evidence, key, _("evidence of kind %(kind)s has none") % {"kind": kind})
    number = evidence.get("status_change", 1)
    if number > changes:
        message = _("there is no status change %(number)d; the history has %(count)d")
        index.error(evidence, "status_change", message % {"number": number, "count": changes})


def _counted(rows: list[FileEntry]) -> list[FileEntry]:
    """The rows that were not entered in error: the same may have been entered again."""
    return [row for row in rows if not is_in_error(row)]


def _errors(entry: FileEntry, index: FileIndex) -> None:
    """A thing is entered in error again only after the former note was lifted."""
    for row in holders(entry, readings_of(entry)):
        for note in row.get(KEY, [])[:-1]:
            if "lifted" not in note.lines:
                index.error(
                    note, "lifted", _("is missing: a later note says that it was entered in error again")
                )


def _related(entry: FileEntry, index: FileIndex) -> None:
    related: FileList = entry.get("related", FileList())
    own = entry.get("reference")
    for reference, line in zip(related, related.lines, strict=True):
        if reference == own:
            index.errors.add(line, entry.at("related"), _("a commitment cannot be related to itself"))
        elif own:
            index.related[own].add(reference)
            index.related[reference].add(own)
