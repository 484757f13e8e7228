"""CSV: its beginning, its columns, and the values of its cells."""

import datetime as dt
from decimal import Decimal

import pytest
from django.test import Client

from commitments.choices import Nature
from commitments.models import Reading, Target
from tests import factories as make
from tests.interchange.exports.conftest import csv_rows, export

pytestmark = pytest.mark.django_db


def test_it_begins_with_a_byte_order_mark_and_one_header_row_with_the_reference_first(reader: Client) -> None:
    made = make.commitment()
    lines = export(reader, "csv").splitlines()
    assert lines[0].startswith(
        b"\xef\xbb\xbfreference,lead_agency,partner,content,timeline,challenges,recommendations,title,status,"
    )
    assert len(lines) == 2
    assert lines[1].startswith(made.reference.encode() + b",")


def test_an_empty_result_is_a_header_alone(reader: Client) -> None:
    assert export(reader, "csv", "columns=title") == b"\xef\xbb\xbfreference,title\r\n"


def test_columns_come_in_the_order_of_the_parameters_after_the_reference(reader: Client) -> None:
    make.commitment(title="A commitment")
    row = csv_rows(reader, "columns=status,title&columns=theme&columns=status")[0]
    assert list(row) == ["reference", "status", "title", "theme"]
    assert list(csv_rows(reader, "columns=title,reference")[0]) == ["reference", "title"]
    assert len(csv_rows(reader, "columns=")[0]) == 45


def test_choices_are_keys_and_dates_are_iso(reader: Client) -> None:
    make.commitment(
        "in_progress",
        nature=Nature.INSTRUMENT_TO_CONCLUDE,
        deadline_wording="in 2026",
        deadline_earliest=dt.date(2026, 1, 1),
        deadline_latest=dt.date(2026, 12, 31),
    )
    row = csv_rows(reader, "as_of=2027-01-02")[0]
    assert row["status"] == "in_progress"
    assert row["nature"] == "instrument_to_conclude"
    assert row["classification"] == "unclassified"
    assert (row["deadline"], row["earliest"], row["latest"]) == ("in 2026", "2026-01-01", "2026-12-31")
    assert row["overdue_days"] == "2"


def test_a_negative_figure_keeps_its_sign(reader: Client) -> None:
    made = make.commitment(nature=Nature.TARGET)
    Target.objects.create(commitment=made, indicator="Balance", unit="USD billion", value=Decimal("-1.5"))
    Reading.objects.create(commitment=made, as_of=dt.date(2025, 1, 1), value=Decimal("-1200"))
    row = csv_rows(reader)[0]
    assert (row["target_value"], row["reading_value"], row["target_unit"]) == ("-1.5", "-1200", "USD billion")
