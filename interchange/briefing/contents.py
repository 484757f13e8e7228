"""The contents of a briefing: what its template is filled with.

Every figure and every group comes from the same rules as the pages: ``groups_of`` of the agenda, the
comparison of sessions, and the columns of the register.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Case, Count, Exists, Max, OuterRef, Q, When
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.choices import Clearance
from commitments.choices import CLOSED, OPEN, PartyRole, Status, clock_runs
from commitments.models import CommitmentParty, Register
from commitments.querysets import AsOf
from commitments.reports.agenda import OVERDUE, groups_of
from commitments.reports.scope import scope_in_words
from commitments.reports.sharing import scope_of_sharing
from interchange.briefing.entries import JOINT, OURS, THEIRS, Entered, Entry, entries_of
from interchange.briefing.subjects import SESSION, Subject
from relations.models import Country

if TYPE_CHECKING:
    from accounts.models import User

Context = dict[str, Any]
"""The values of all placeholders: texts, and lists of things with texts."""
MOST_ROWS = 2000
"""The most commitments of a briefing. More are a table: the spreadsheet."""
_PRESSING = (OVERDUE, "stalled", "no_report", "requested")
"""The groups whose commitments are raised, the most pressing first."""


class TooMany(Exception):
    """There are more commitments than a briefing holds."""

    def __init__(self, n: int) -> None:
        message = _("A briefing holds at most %(most)s commitments, and these are %(n)s. Filter the list.")
        super().__init__(message % {"most": number_format(MOST_ROWS), "n": number_format(n)})


@dataclass(frozen=True, slots=True)
class Making:
    """For whom, as of which day, and up to which level a briefing is made.

    ``reader`` sees nothing above ``up_to``; ``left_out`` is a sentence about what it leaves out, or "".
    """

    reader: "User"
    as_of: AsOf
    up_to: Clearance | None = None
    left_out: str = ""


def pack(subject: Subject, making: Making) -> Context:
    """The contents of a briefing on ``subject``. Raises ``TooMany``."""
    as_of = making.as_of
    if (n := subject.rows.count() if subject.order is not None else subject.rows.open().count()) > MOST_ROWS:
        raise TooMany(n)
    groups = {key: _keys(rows) for key, rows in groups_of(subject.rows.open(), as_of).items()}
    delivered, silent = _keys(subject.delivered()), _keys(subject.silent)
    matrix = subject.order if subject.order is not None else _in_matrix(subject, groups, delivered)
    found = entries_of([*matrix, *delivered, *silent, *sum(groups.values(), [])], making.reader, as_of)

    def among(keys: Iterable[int]) -> list[Entered]:
        return [found[key] for key in keys if key in found]

    pressing = {key: among(groups[key]) for key in _PRESSING}
    requested = _by_side(pressing["requested"])
    return {
        **_frame(subject, making, found.values()),
        "is_session": subject.kind == SESSION,
        "facts": [{"label": label, "value": str(capfirst(value))} for label, value in subject.facts],
        "leaders": [
            {"country": each.country, "person": each.person, "office": each.office}
            for each in subject.leaders
        ],
        "agencies": _agencies(among(sum(groups.values(), []))),
        "standing": _standing(subject, as_of),
        "since": subject.since_label,
        "delivered": _told(among(delivered)),
        "overdue": _told(pressing[OVERDUE]),
        "stalled": _told(pressing["stalled"]),
        "awaiting": _told(among(groups["awaiting"])),
        "no_report": _told(pressing["no_report"]),
        "requested_of_us": _told(requested[OURS]),
        "requested_of_them": _told(requested[THEIRS]),
        "requested_of_both": _told(requested[JOINT]),
        "silent": _told(among(silent)),
        "silence": subject.silence,
        "points": _points(pressing, {THEIRS, JOINT}),
        "expected": _points(pressing, {OURS}),
        "reaffirm": _told(among(groups["reaffirm"])),
        "in_progress": _told(among(groups["in_progress"])),
        "matrix": _told(among(matrix)),
    }


def note(entered: Entered, making: Making) -> Context:
    """The contents of a note on one commitment."""
    commitment = entered.row.commitment
    frame = _frame_of(commitment.title, commitment.reference, making, [entered])
    history = commitment.status_changes.filter(making.as_of.happened("day")).order_by("-number")
    return {
        **frame,
        "commitment": entered.told(number=1),
        "history": [
            {
                "day": date_format(each.happened_on),
                "change": capfirst(str(Status(each.to_status).label)),
                "note": each.note,
            }
            for each in history
        ],
    }


def _keys(rows: Any) -> list[int]:
    return list(rows.values_list("pk", flat=True)[:MOST_ROWS])


def _in_matrix(subject: Subject, groups: Mapping[str, list[int]], delivered: list[int]) -> tuple[int, ...]:
    """What is open, and what was delivered since, by theme."""
    keys = {*sum(groups.values(), []), *delivered}
    rows: Any = subject.rows.filter(pk__in=keys).by_reference("theme__sort_key")
    return tuple(rows.values_list("pk", flat=True))


def _told(rows: Iterable[Entered]) -> list[Entry]:
    return [each.told(number=n) for n, each in enumerate(rows, start=1)]


def _by_side(rows: Iterable[Entered]) -> dict[str, list[Entered]]:
    found: dict[str, list[Entered]] = {OURS: [], THEIRS: [], JOINT: []}
    for each in rows:
        found[each.side].append(each)
    return found


# -- the frame ---------------------------------------------------------------------------------------------


def _frame(subject: Subject, making: Making, shown: Iterable[Entered]) -> Context:
    counted = subject.rows.order_by().aggregate(highest=Max("classification"))["highest"] or 0
    level = max(subject.level, counted)
    return _frame_of(subject.title, subject.subtitle, making, shown, level=level)


def _frame_of(
    title: str, subtitle: str, making: Making, shown: Iterable[Entered], *, level: int = 0
) -> Context:
    """What every page of a briefing says: its classification, its day, who made it and when.

    ``level`` is that of what it tells beside the commitments that are ``shown``: meetings, and figures.
    """
    levels = [level, *(each.row.commitment.classification for each in shown)]
    register = Register.objects.first()
    as_of = making.as_of
    note = ""
    if as_of.is_past:
        note = _("This is the register as of that date.")
    elif as_of.day > as_of.today:
        note = _("This is today's register, with deadlines as of that date.")
    home = Country.objects.filter(code=settings.HOME_COUNTRY).values_list("name", flat=True).first()
    return {
        "title": title,
        "subtitle": subtitle,
        "classification": str(Clearance(max(levels)).label).upper(),
        "as_of": date_format(as_of.day, "LONG_DATE_FORMAT"),
        "as_of_note": note,
        "made_by": str(making.reader),
        "made_at": date_format(timezone.localtime(), "DATETIME_FORMAT"),
        "register": register.title if register else "",
        "home": home or settings.HOME_COUNTRY,
        "scope": _scope(making),
        "left_out": making.left_out,
    }


def _scope(making: Making) -> str:
    """What is counted: whatever the maker may see, or what lies at the level that was asked for or lower."""
    if making.up_to is None:
        return scope_in_words(making.reader)
    return scope_of_sharing(making.up_to)


# -- what stands between the sides --------------------------------------------------------------------------


def _standing(subject: Subject, as_of: AsOf) -> list[dict[str, Any]]:
    """The number of commitments by status, and by who must act. Open and closed have a line of their own."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    obligated = CommitmentParty.objects.filter(commitment=OuterRef("pk"), role=PartyRole.OBLIGATED)
    is_home = Q(country__code=settings.HOME_COUNTRY)
    rows: Any = (
        subject.rows.order_by()
        .annotate(
            is_late=Case(When(latest_then__lt=as_of.day, then=True), default=False),
            is_ours=Exists(obligated.filter(is_home)),
            is_theirs=Exists(obligated.exclude(is_home)),
        )
        .values_list("status_then", "came_from_then", "is_late", "is_ours", "is_theirs")
        .annotate(n=Count("pk"))
    )
    for status, came_from, is_late, is_ours, is_theirs, n in rows:
        side = THEIRS if not is_ours else JOINT if is_theirs else OURS
        counts[status][side] += n
        counts["open" if status in OPEN else "closed"][side] += n
        if is_late and clock_runs(status, came_from):
            counts["overdue"][side] += n
    words = [
        ("open", pgettext("state of commitments", "Open"), True),
        *((str(each), capfirst(str(each.label)), False) for each in Status if each in OPEN),
        ("overdue", _("Overdue (also counted above)"), False),
        ("closed", pgettext("state of commitments", "Closed"), True),
        *((str(each), capfirst(str(each.label)), False) for each in Status if each in CLOSED),
    ]
    return [
        {
            "label": label,
            "is_group": is_group,
            "ours": number_format(counts[key][OURS]),
            "theirs": number_format(counts[key][THEIRS]),
            "joint": number_format(counts[key][JOINT]),
            "all": number_format(counts[key].total()),
        }
        for key, label, is_group in words
        if is_group or counts[key].total()
    ]


def _agencies(rows: Iterable[Entered]) -> list[Entry]:
    """The lead agencies with the number of open commitments that each leads, most first."""
    counts = Counter(lead.name for each in rows for lead in each.row.leads)
    return [
        {"name": name, "open": number_format(n)}
        for name, n in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]


# -- what to raise -----------------------------------------------------------------------------------------


def _points(pressing: Mapping[str, Sequence[Entered]], sides: set[str]) -> list[Entry]:
    """What to raise, in an order that one can speak: one subject after the other.

    The theme with the most pressing commitment comes first, and within a theme what is most pressing.
    """
    rows = [(key, each) for key in _PRESSING for each in pressing[key] if each.side in sides]
    themes = list(dict.fromkeys(each.row.commitment.theme_id for _key, each in rows))
    rows.sort(key=lambda row: themes.index(row[1].row.commitment.theme_id))
    points = [each.told(number=n, reason=_reason(key, each)) for n, (key, each) in enumerate(rows, start=1)]
    for before, point in zip([None, *points], points, strict=False):
        if before is None or before["theme"] != point["theme"]:
            point["opens_theme"] = point["theme"]
    return points


def _reason(key: str, each: Entered) -> str:
    """Why it is raised."""
    if key == OVERDUE:
        return capfirst(each.values["overdue"])
    if key == "stalled":
        obstacle = each.values["obstacle"]
        return _("Stalled: %(obstacle)s") % {"obstacle": obstacle} if obstacle else _("Stalled")
    if key == "no_report":
        return _("No progress reported")
    return _("Requested, no answer yet")
