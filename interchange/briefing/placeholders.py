"""The placeholders that a template may use, with what each stands for, and sample values of all of them."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from commitments.reports.columns import COLUMNS
from interchange.briefing.entries import FURTHER

FRAME = {
    "title": _("What the document is about"),
    "subtitle": _("When and where, or between whom"),
    "classification": _("The highest classification in the document; needed in every header and footer"),
    "as_of": _("The day as of which it is true"),
    "as_of_note": _("What a past or a future day means, or empty"),
    "made_by": _("Who made it"),
    "made_at": _("When it was made"),
    "register": _("The title of the register"),
    "home": _("The name of our own country"),
    "scope": _("Which commitments are in it, if not all"),
    "left_out": _("How many are left out, if that may be said"),
}
FACT = {"label": _("The name of a fact"), "value": _("Its value")}
LEADER = {"country": _("The country"), "person": _("The name"), "office": _("The office")}
AGENCY = {"name": _("The name of an agency"), "open": _("How many open commitments it leads")}
FIGURES = {
    "label": _("The status, or “Open” or “Closed”"),
    "is_group": _("Whether the line is a sum"),
    "ours": _("How many our country alone must do"),
    "theirs": _("How many others must do"),
    "joint": _("How many both must do"),
    "all": _("How many there are"),
}
COMMITMENT = {name: column.heading for name, column in COLUMNS.items()} | FURTHER

LISTS: dict[str, tuple[Any, dict[str, Any]]] = {
    "facts": (_("Facts about the meeting or the country, and the filters of a list"), FACT),
    "leaders": (_("Who leads the delegations"), LEADER),
    "agencies": (_("The lead agencies"), AGENCY),
    "standing": (_("What stands between the sides, by status"), FIGURES),
    "delivered": (_("Commitments fulfilled since the last meeting"), COMMITMENT),
    "overdue": (_("Commitments that are overdue"), COMMITMENT),
    "stalled": (_("Commitments that are stalled, with the obstacle"), COMMITMENT),
    "awaiting": (_("Commitments that await a decision"), COMMITMENT),
    "no_report": (_("Commitments on which nothing was reported"), COMMITMENT),
    "requested_of_us": (_("Requests that our country has not answered"), COMMITMENT),
    "requested_of_them": (_("Requests that the other side has not answered"), COMMITMENT),
    "requested_of_both": (_("Requests that concern both sides"), COMMITMENT),
    "silent": (_("Commitments that were not mentioned again"), COMMITMENT),
    "points": (_("What to raise, by subject"), COMMITMENT),
    "expected": (_("What the other side may raise"), COMMITMENT),
    "reaffirm": (_("Standing commitments to reaffirm"), COMMITMENT),
    "in_progress": (_("Commitments in progress"), COMMITMENT),
    "matrix": (_("The follow-up matrix"), COMMITMENT),
}
PACK_ONLY = {
    "is_session": _("Whether the document is for a meeting"),
    "since": _("Since when something counts as delivered"),
    "silence": _("Between which meetings something was not mentioned"),
}
HISTORY = {
    "day": pgettext_lazy("placeholder", "The day of a change"),
    "change": _("What changed"),
    "note": _("The note on it"),
}
NOTE_LISTS = {
    "history": (_("The changes of status, the latest first"), HISTORY),
}
NAMES = sorted(
    {*FRAME, *PACK_ONLY, *LISTS, "history", "commitment"}.union(
        *(fields for _label, fields in (*LISTS.values(), *NOTE_LISTS.values()))
    )
)
"""Every name, to offer what is near to a misspelt one."""

NOTE = "note"


def sample(kind: str) -> dict[str, Any]:
    """A value for every placeholder of a template of ``kind``; lists have two things each."""
    return _with_values(kind, lambda name: f"{name} <&> {{{{ 7 * 7 }}}} ភាសាខ្មែរ Việt Nam", 2)


def empty(kind: str) -> dict[str, Any]:
    """The same with nothing in it: no text, and no thing in any list."""
    return _with_values(kind, lambda _name: "", 0)


def _with_values(kind: str, value: Any, things: int) -> dict[str, Any]:
    lists = NOTE_LISTS if kind == NOTE else LISTS
    found: dict[str, Any] = {name: value(name) for name in FRAME}
    if kind == NOTE:
        found["commitment"] = {name: value(name) for name in COMMITMENT}
    else:
        found |= {name: value(name) for name in PACK_ONLY}
        found["is_session"] = bool(things)
    for name, (_label, fields) in lists.items():
        found[name] = [
            {each: bool(n) if each == "is_group" else value(each) for each in fields} for n in range(things)
        ]
    return found
