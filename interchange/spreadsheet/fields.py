"""The fields that a column of an imported spreadsheet can have, and the headings by which they are known."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy, override

from commitments.reports.columns import COLUMNS
from interchange.spreadsheet.values import interface_languages
from relations.names import words_in

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

REFERENCE = "reference"
IDENTIFYING = frozenset({"content", "title"})
"""One of them is needed: a new commitment is made of it."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field: its name, what people call it, whether it can change a commitment, and other headings."""

    name: str
    label: "str | _StrPromise"
    is_editable: bool = True
    other_heads: tuple[str, ...] = ()


def _of_export(name: str, *other_heads: str, is_editable: bool = True) -> Field:
    return Field(name, COLUMNS[name].heading, is_editable, other_heads)


IMPORTED = (
    _of_export(REFERENCE, "ref", "mã số", "số hiệu", is_editable=False),
    _of_export(
        "lead_agency",
        *("lead ministry", "responsible agency", "lead", "focal agency", "ministry", "agency"),
        *("cơ quan chủ trì", "bộ chủ trì", "đơn vị chủ trì", "cơ quan đầu mối"),
    ),
    _of_export(
        "partner",
        *("partner country", "country", "counterpart", "other side", "partner side"),
        *("đối tác", "nước đối tác", "phía đối tác", "quốc gia"),
        is_editable=False,
    ),
    _of_export(
        "content",
        *("commitment text", "text", "undertaking", "description", "content of commitment", "wording"),
        *("nội dung", "nội dung cam kết", "nội dung thỏa thuận"),
    ),
    _of_export(
        "timeline",
        *("time frame", "timeframe", "due", "due date", "when", "by when", "time"),
        *("thời hạn", "thời gian", "tiến độ thời gian", "thời gian thực hiện"),
    ),
    _of_export(
        "challenges",
        *("difficulties", "obstacles", "problems", "issues", "khó khăn", "khó khăn vướng mắc", "vướng mắc"),
    ),
    _of_export(
        "recommendations",
        *("recommendation", "proposals", "next steps", "kiến nghị", "đề xuất", "đề xuất kiến nghị"),
    ),
    _of_export("title", "subject", "short title", "tên cam kết", "tiêu đề"),
    _of_export("status", "state", "trạng thái", "tình trạng"),
    _of_export("nature", "kind", "type", "loại", "tính chất"),
    _of_export("theme", "field", "area", "sector", "lĩnh vực"),
    _of_export("deadline", "deadline as worded", "wording of the deadline"),
    _of_export("earliest", "earliest day", "from", "start", "start date", "từ ngày"),
    _of_export("latest", "latest day", "until", "to", "end date", "đến ngày"),
    _of_export("review_on", "next review", "review date"),
    _of_export("obligated", "responsible country", "who must act", "nước thực hiện", "bên thực hiện"),
    _of_export("parties", "countries", "các bên", is_editable=False),
    _of_export("beneficiaries", "beneficiary", "who gains", "bên hưởng lợi"),
    _of_export(
        "support_agencies",
        *("supporting agency", "support agencies", "co-operating agencies", "coordinating agencies"),
        *("cơ quan phối hợp", "đơn vị phối hợp"),
    ),
    _of_export("achieved", "progress", "results", "done so far", "kết quả", "kết quả thực hiện", "tiến độ"),
    _of_export("remarks", "remark", "comments", "ghi chú"),
    _of_export("classification", "level", "độ mật"),
    _of_export("target", "indicator", "chỉ tiêu"),
    _of_export("target_value", "value"),
    _of_export("target_unit", "target unit", "đơn vị tính"),
    Field("note", gettext_lazy("Note"), False, ("note on registration",)),
)
"""The fields that rows are made of, in the order in which they are offered."""
FIELDS = {field.name: field for field in IMPORTED}
EDITABLE = tuple(field.name for field in IMPORTED if field.is_editable)
FOLLOWING = frozenset(COLUMNS) - frozenset(FIELDS)
"""Columns of our own exports that follow from other records. They are known, and never imported."""


@cache
def _by_heading(languages: tuple[str, ...]) -> dict[tuple[str, ...], str]:
    """The fields by the words of their headings: names for programs, headings in each language, others."""
    found: dict[tuple[str, ...], str] = {}
    for field in IMPORTED:
        for head in field.other_heads:
            found[tuple(words_in(head))] = field.name
    for code in languages:
        with override(code):
            for name in FOLLOWING:
                found[tuple(words_in(str(COLUMNS[name].heading)))] = name
            for field in IMPORTED:
                found[tuple(words_in(str(field.label)))] = field.name
    for name in (*FOLLOWING, *FIELDS):
        found[tuple(words_in(name.replace("_", " ")))] = name
    return found


def field_of(heading: str) -> str:
    """The field or column that ``heading`` names; "" if it is not known."""
    return _by_heading(interface_languages()).get(tuple(words_in(heading.replace("_", " "))), "")


def proposed_columns(heads: Sequence[str]) -> list[str]:
    """The field of each of ``heads``, each field once; "" where none is known."""
    taken: set[str] = set()
    columns = []
    for head in heads:
        name = field_of(head)
        columns.append("" if name in taken else name)
        taken.add(name)
    return columns


def known_heads(heads: Iterable[str]) -> int:
    """How many of ``heads`` are known."""
    return sum(1 for head in heads if head and field_of(head))
