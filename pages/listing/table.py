"""The columns of the list: the default ones, or those that the reader chose, as in exports."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from commitments.reports.columns import COLUMNS, REFERENCE, Column
from commitments.reports.rows import Rows
from commitments.reports.tables import Table, chosen_columns, fixed_columns, table_of, titled, with_shown
from pages.listing.filter_panel import Order

DEFAULT_COLUMNS = (
    "reference",
    "title",
    "status",
    "obligated",
    "deadline",
    "lead_agency",
    "presence",
    "last_activity_on",
)
"""The columns of the list where the reader chose none."""
_ORDERED_BY = {
    "reference": "reference",
    "title": "title",
    "status": "status",
    "nature": "nature",
    "theme": "theme",
    "deadline": "deadline",
    "timeline": "deadline",
    "latest": "deadline",
    "made_on": "made",
    "last_activity_on": "last_activity",
}
"""The value of ``ordering`` by which a column sorts the list."""


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """A column in the menu of columns: whether it is shown, and whether it can move."""

    name: str
    heading: str
    shown: bool
    moves: bool


def list_table(rows: Rows, columns: Sequence[Column], orders: Mapping[str, Order]) -> Table:
    """``rows`` in ``columns``, or in the default columns if there are none. Titles then have their theme."""
    if columns:
        shown = chosen_columns(columns)
    else:
        of_theme = titled(lambda row: row.commitment.theme.name)
        shown = list(with_shown(fixed_columns(*DEFAULT_COLUMNS), title=of_theme))
    sorted_by = [replace(each, order=orders.get(_ORDERED_BY.get(each.name, ""))) for each in shown]
    return table_of(rows, sorted_by)


def column_choices(columns: Sequence[Column]) -> tuple[ColumnChoice, ...]:
    """Every column for the menu of columns, the shown ones first and in their order."""
    shown = [column.name for column in columns] or list(DEFAULT_COLUMNS)
    return tuple(
        ColumnChoice(name, str(COLUMNS[name].heading), name in shown, name != REFERENCE.name)
        for name in dict.fromkeys([*shown, *DEFAULT_COLUMNS, *COLUMNS])
    )


def columns_value(names: Iterable[str], *, up: str = "", down: str = "") -> str:
    """The value of the parameter ``columns`` for ``names``, in their order; empty for the default columns.

    ``up`` and ``down`` name a column that moves by one place. The reference stays first.
    """
    ordered = [name for name in dict.fromkeys(names) if name in COLUMNS and name != REFERENCE.name]
    for name, step in ((up, -1), (down, 1)):
        if name in ordered:
            place = ordered.index(name)
            ordered.insert(max(0, place + step), ordered.pop(place))
    if not ordered:
        return ""
    ordered.insert(0, REFERENCE.name)
    return "" if tuple(ordered) == DEFAULT_COLUMNS else ",".join(ordered)
