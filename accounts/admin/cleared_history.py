"""The page “History” of a record with a classification."""

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from typing import Any

from accounts.choices import Clearance
from core.admin.history import HistoryPage


class ClearedHistory(HistoryPage):
    """Leaves out what was edited while the record was classified above the clearance of the reader.

    The edit that lowered it is left out too: it tells the values from before.
    """

    def history_filter(self, request: Any, obj: Any) -> Callable[[dt.datetime], bool]:
        """Whether an edit of that moment is told."""
        entries = obj.history.order_by("history_date", "history_id")
        moments, levels = [], []
        for moment, level in entries.values_list("history_date", "classification"):
            moments.append(moment)
            levels.append(level)
        clearance = request.user.clearance

        def is_told(moment: dt.datetime) -> bool:
            places = bisect_left(moments, moment), bisect_right(moments, moment)
            around = [levels[place - 1] for place in places if place]
            return max(around, default=Clearance.UNCLASSIFIED) <= clearance

        return is_told
