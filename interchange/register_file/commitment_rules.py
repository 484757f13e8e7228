"""The rules that one commitment of the file must hold to: countries, deadline, history, evidence."""

from typing import Any

from django.utils.translation import gettext as _

from commitments.choices import OPEN, EvidenceKind, Status
from interchange.register_file.history_rules import check_moves
from interchange.register_file.index import FilePosition, Ledger
from interchange.register_file.structure import FileEntry, FileList
from interchange.register_file.values import split_reference


def check_commitment(entry: FileEntry, ledger: Ledger) -> None:
    """Note every rule that ``entry`` breaks, and complete what it leaves to be understood."""
    _parties(entry, ledger)
    _reference(entry, ledger)
    _deadline(entry, ledger)
    _history(entry, ledger)
    _successor(entry, ledger)
    _mentions(entry, ledger)
    _figures(entry, ledger)
    _reports(entry, ledger)
    _related(entry, ledger)
    check_moves(entry, ledger)


def check_window(window: dict[str, Any], ledger: Ledger) -> None:
    """The latest day does not lie before the earliest."""
    earliest, latest = window.get("earliest"), window.get("latest")
    if isinstance(window, FileEntry) and earliest and latest and latest < earliest:
        ledger.fault(window, "latest", _("the latest day lies before the earliest"))


def was_entered(entry: FileEntry) -> bool:
    """Whether a register dumped it: what was right when it was entered may have been edited since."""
    history = entry.get("status_history", [])
    return bool(history) and "recorded_at" in history[0]


def _parties(entry: FileEntry, ledger: Ledger) -> None:
    parties: FileList | None = entry.get("parties")
    obligated: FileList | None = entry.get("obligated")
    if parties is not None and len(parties) < 2:  # noqa: PLR2004  (a pledge stands between at least two)
        ledger.fault(entry, "parties", _("name at least two countries between which it stands"))
    if obligated is None:
        return
    if not obligated:
        ledger.fault(entry, "obligated", _("name at least one country that must act"))
    for code, line in zip(obligated, obligated.lines, strict=True):
        if parties is not None and code not in parties:
            says = _("%(code)s must act but is not a party") % {"code": code}
            ledger.faults.add(line, entry.at("obligated"), says)


def _reference(entry: FileEntry, ledger: Ledger) -> None:
    if "reference" not in entry:
        return
    prefix, year, serial = split_reference(entry["reference"])
    ledger.serials[prefix, year] = max(serial, ledger.serials.get((prefix, year), 0))
    parties = entry.get("parties")
    if parties and prefix != "".join(parties) and not was_entered(entry):
        says = _("the reference begins with the codes of the parties: %(codes)s")
        ledger.fault(entry, "reference", says % {"codes": "".join(parties)})
    history = entry.get("status_history")
    first = history[0].get("on") if history else None
    if first and int(first[:4]) != year:
        says = _("the reference names the year of the first status change: %(year)s")
        ledger.fault(entry, "reference", says % {"year": first[:4]})


def _deadline(entry: FileEntry, ledger: Ledger) -> None:
    window = entry.get("deadline", {})
    check_window(window, ledger)
    _check_review(window, ledger)
    if not isinstance(window, FileEntry):
        return
    worded = "wording" in window.lines or was_entered(entry)
    if window.lines.keys() & {"earliest", "latest"} and not worded:
        ledger.faults.add(
            window.line, window.at("wording"), _("is missing: the words from which the days are read")
        )
    vague = not window.lines.keys() & {"latest", "review_on"}
    if vague and entry.get("status") in OPEN:
        says = _("open, without a latest day and without review_on: nothing will bring it up again")
        ledger.faults.warn(entry.line_of("deadline"), entry.at("deadline"), says)


def _check_review(window: dict[str, Any], ledger: Ledger) -> None:
    if isinstance(window, FileEntry) and {"review_on", "latest"} <= window.lines.keys():
        ledger.fault(window, "review_on", _("a review day is only for a deadline without a latest day"))


def _history(entry: FileEntry, ledger: Ledger) -> None:
    history = entry.get("status_history")
    if history is None:
        return
    if not history:
        ledger.fault(entry, "status_history", _("a commitment has at least one status"))
        return
    last = history[-1].get("status")
    if last and entry.get("status") and last != entry["status"]:
        says = _("%(status)s is not the last of its history, %(last)s")
        ledger.fault(entry, "status", says % {"status": entry["status"], "last": last})
    _in_order(history, ledger)
    for change in history:
        ledger.cite(change)


def _in_order(rows: list[FileEntry], ledger: Ledger) -> None:
    previous = ""
    for row in rows:
        on = row.get("on", "")
        if on and on < previous:
            says = _("%(day)s lies before the previous change, of %(previous)s")
            ledger.fault(row, "on", says % {"day": on, "previous": previous})
        previous = on or previous


def complete_successor(entry: FileEntry) -> None:
    """To name the successor once is enough: beside the status, or in the last change of the history."""
    history = entry.get("status_history")
    last = history[-1] if history else None
    if last is None or last.get("status") != Status.SUPERSEDED:
        return
    for lacking, given in ((last, entry), (entry, last)):
        if "successor" not in lacking.lines and "successor" in given:
            lacking["successor"] = given["successor"]


def _successor(entry: FileEntry, ledger: Ledger) -> None:
    """A successor is named where, and only where, it is superseded."""
    history: list[FileEntry] = entry.get("status_history") or []
    for change in history:
        wanted = Status.SUPERSEDED in (change.get("status"), change.get("outcome"))
        if wanted and "successor" not in change and "successor" not in change.lines:
            ledger.fault(change, "successor", _("is missing: name the commitment that replaces it"))
        elif "successor" in change and not wanted:
            ledger.fault(change, "successor", _("only a superseded commitment has a successor"))
    last = history[-1] if history else entry
    given, named = entry.get("successor"), last.get("successor")
    if last.get("status", Status.SUPERSEDED) != Status.SUPERSEDED:
        if given:
            ledger.fault(entry, "successor", _("only a superseded commitment has a successor"))
    elif given and named and given != named:
        says = _("%(given)s is not the successor that its history names, %(named)s")
        ledger.fault(entry, "successor", says % {"given": given, "named": named})
    elif given and "reference" in entry:
        at = entry if "successor" in entry.lines else last
        place = FilePosition(at.line_of("successor"), at.at("successor"))
        ledger.successors[entry["reference"]] = (given, place)


def _mentions(entry: FileEntry, ledger: Ledger) -> None:
    _once(entry.get("mentions", []), ("meeting", "source", "paragraph", "kind"), ledger)
    _once(entry.get("agencies", []), ("agency",), ledger)
    for mention in entry.get("mentions", []):
        ledger.cite(mention)


def _once(rows: list[FileEntry], keys: tuple[str, ...], ledger: Ledger) -> None:
    """No two of ``rows`` may be alike in ``keys``: the first of them is named as the one repeated."""
    seen: dict[tuple[Any, ...], FileEntry] = {}
    for row in rows:
        if any(key not in row for key in keys if key != "period"):
            continue
        first = seen.setdefault(tuple(row.get(key) for key in keys), row)
        if first is not row:
            says = _("is given twice; the first time in line %(line)d") % {"line": first.line}
            ledger.fault(row, keys[0], says)


def _figures(entry: FileEntry, ledger: Ledger) -> None:
    readings = entry.get("target", {}).get("readings", [])
    if "target" in entry.lines and "readings" in entry.lines:
        ledger.fault(entry, "readings", _("the readings of a target stand inside the target"))
    readings = [*readings, *entry.get("readings", [])]
    _once(readings, ("as_of", "period"), ledger)
    for reading in readings:
        ledger.cite(reading)


def _reports(entry: FileEntry, ledger: Ledger) -> None:
    for update in entry.get("progress", []):
        if not update.lines.keys() & {"achieved", "challenges", "recommendations"}:
            says = _("is missing: an update says at least one of achieved, challenges, recommendations")
            ledger.fault(update, "achieved", says)
    changes = entry.get("deadline_changes", [])
    _in_order(changes, ledger)
    for change in changes:
        check_window(change.get("new", {}), ledger)
        _check_review(change.get("new", {}), ledger)
    for evidence in entry.get("evidence", []):
        _evidence(evidence, len(entry.get("status_history", [])), ledger)


def _evidence(evidence: FileEntry, changes: int, ledger: Ledger) -> None:
    kind = evidence.get("kind")
    if kind is None:
        return
    is_file = kind == EvidenceKind.FILE
    for key in ("file", "sha256") if is_file else ("url",):
        if key not in evidence.lines:
            ledger.fault(evidence, key, _("is missing: evidence of kind %(kind)s needs it") % {"kind": kind})
    for key in ("url",) if is_file else ("file", "sha256"):
        if key in evidence:
            ledger.fault(evidence, key, _("evidence of kind %(kind)s has none") % {"kind": kind})
    number = evidence.get("status_change", 1)
    if number > changes:
        says = _("there is no status change %(number)d; the history has %(count)d")
        ledger.fault(evidence, "status_change", says % {"number": number, "count": changes})


def _related(entry: FileEntry, ledger: Ledger) -> None:
    related: FileList = entry.get("related", FileList())
    own = entry.get("reference")
    for reference, line in zip(related, related.lines, strict=True):
        if reference == own:
            ledger.faults.add(line, entry.at("related"), _("a commitment is not related to itself"))
        elif own:
            ledger.related[own].add(reference)
            ledger.related[reference].add(own)
