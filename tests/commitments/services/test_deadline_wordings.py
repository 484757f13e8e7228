"""Wordings of deadlines, and the days that they can mean."""

import datetime as dt

import pytest

from commitments.services.deadline_wordings import read_wording


@pytest.mark.parametrize(
    ("wording", "earliest", "latest"),
    [
        ("2026", "2026-01-01", "2026-12-31"),
        ("in 2026", "2026-01-01", "2026-12-31"),
        ("at a suitable time in 2026", "2026-01-01", "2026-12-31"),
        ("năm 2026", "2026-01-01", "2026-12-31"),
        ("2025-2026", "2025-01-01", "2026-12-31"),
        ("giai đoạn 2026–2030", "2026-01-01", "2030-12-31"),
        ("Q3/2026", "2026-07-01", "2026-09-30"),
        ("Q3 2026", "2026-07-01", "2026-09-30"),
        ("2026-Q3", "2026-07-01", "2026-09-30"),
        ("quý III/2026", "2026-07-01", "2026-09-30"),
        ("Quý 4 năm 2026", "2026-10-01", "2026-12-31"),
        ("the third quarter of 2026", "2026-07-01", "2026-09-30"),
        ("first half of 2027", "2027-01-01", "2027-06-30"),
        ("6 tháng cuối năm 2026", "2026-07-01", "2026-12-31"),
        ("tháng 6/2026", "2026-06-01", "2026-06-30"),
        ("06/2026", "2026-06-01", "2026-06-30"),
        ("June 2026", "2026-06-01", "2026-06-30"),
        ("cuối năm 2026", "2026-10-01", "2026-12-31"),
        ("đầu năm 2027", "2027-01-01", "2027-03-31"),
        ("late 2026", "2026-10-01", "2026-12-31"),
        ("mid-2026", "2026-04-01", "2026-09-30"),
        ("by the end of 2026", None, "2026-12-31"),
        ("by Q3/2026", None, "2026-09-30"),
        ("before 2027", None, "2026-12-31"),
        ("before 1 July 2026", None, "2026-06-30"),
        ("trước ngày 30/6/2026", None, "2026-06-29"),
        ("by 30 June 2026", None, "2026-06-30"),
        ("30.06.2026", None, "2026-06-30"),
        ("30/6/2026", None, "2026-06-30"),
        ("2026-06-30", None, "2026-06-30"),
        ("from 2027", "2027-01-01", None),
        ("from 1 May 2026 to 30 June 2026", "2026-05-01", "2026-06-30"),
        ("asap", None, None),
        ("As soon as possible.", None, None),
        ("càng sớm càng tốt", None, None),
        ("thường xuyên", None, None),
    ],
)
def test_wording_gives_its_days(wording: str, earliest: str | None, latest: str | None) -> None:
    read = read_wording(wording)
    assert (read.window.earliest, read.window.latest) == (_day(earliest), _day(latest))
    assert read.window.wording == wording
    assert read.is_sure


@pytest.mark.parametrize("wording", ["3/4/2026", "after the visit", "31.02.2026", "2027 to 2026", "Q3"])
def test_wording_with_no_or_two_meanings_gives_no_day(wording: str) -> None:
    read = read_wording(wording)
    assert (read.window.earliest, read.window.latest, read.is_sure) == (None, None, False)


def test_year_beside_other_words_is_read_and_not_sure() -> None:
    read = read_wording("2026 Francophonie Summit")
    assert (read.window.earliest, read.window.latest) == (dt.date(2026, 1, 1), dt.date(2026, 12, 31))
    assert not read.is_sure


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
