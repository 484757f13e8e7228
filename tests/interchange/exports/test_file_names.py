"""The name of a download says what it holds."""

import datetime as dt

import pytest
from django.http import QueryDict

from commitments.reports.query import list_query
from interchange.exports.downloads import file_name
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("query", "chosen"),
    [
        ("", ""),
        ("as_of=2026-11-30&ordering=title&page=2&page_size=10&columns=title", ""),
        ("state=open&theme=border", "open-border-"),
        ("status=in_progress&status=stalled", "in-progress-stalled-"),
        ("country=KH&only_obligated=VN", "country-kh-only-obligated-vn-"),
        ("overdue=true&has_target=false", "overdue-not-has-target-"),
        ("quiet_for=90&awaiting=me", "quiet-for-90-awaiting-me-"),
        ("q=%22c%E1%BB%ADa kh%E1%BA%A9u%22%0D%0A/../x", "q-cua-khau-x-"),
        ("q=%E1%9E%96%E1%9F%92%E1%9E%9A%E1%9F%86%E1%9E%8A%E1%9F%82%E1%9E%93", "q-"),
        (f"q={'long ' * 40}", f"q-{'-'.join(['long'] * 15)}-and-more-"),
    ],
)
def test_a_file_name_tells_the_filters_and_the_day(query: str, chosen: str) -> None:
    for code in ("KH", "VN"):
        make.country(code)
    make.theme("border")
    asked = list_query(QueryDict(query), make.user("reader"))
    assert not asked.errors
    assert file_name(asked, dt.date(2026, 11, 30), "xlsx") == f"commitments-{chosen}2026-11-30.xlsx"
