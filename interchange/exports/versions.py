"""The state of a commitment when it was exported, so that an import notices what was changed since."""

import hashlib
import json
from collections.abc import Mapping
from types import MappingProxyType

from commitments.reports.columns import COLUMNS, Value
from commitments.reports.rows import Row
from interchange.exports.csv import cell_for_programs

VERSIONED = (
    *("title", "content", "status", "nature", "theme", "deadline", "earliest", "latest", "review_on"),
    *("parties", "obligated", "beneficiaries", "lead_agency", "support_agencies", "remarks"),
    *("achieved", "challenges", "recommendations", "target", "target_value", "target_unit", "classification"),
)
"""The columns that an import can change, and the status; none that follows from others or from the day."""
_LENGTH = 16


def version_of(row: Row, known: Mapping[str, Value] = MappingProxyType({})) -> str:
    """A short text that is another one once any of ``VERSIONED`` is changed.

    ``known`` are the values of columns that were read already, by name.
    """
    values = [
        cell_for_programs(known[name] if name in known else COLUMNS[name].value(row)) for name in VERSIONED
    ]
    return hashlib.sha256(json.dumps(values, ensure_ascii=False).encode()).hexdigest()[:_LENGTH]
