"""Figures of targets and readings: every digit is kept, and a typed number is never stored as another one."""

import io
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Max, Min
from django.test import Client
from django.urls import reverse

from commitments.models import Commitment, Reading, Target
from interchange.register_file.dump import dump_register
from tests import factories as make
from tests.clients import client_as
from tests.html import form_of, text_of

pytestmark = pytest.mark.django_db
LONG = "123456789012345678.123457"


@pytest.fixture
def pledge() -> Commitment:
    made = make.commitment()
    Target.objects.create(commitment=made, indicator="Trade", unit="USD", baseline=LONG, value=f"-{LONG}")
    return made


@pytest.fixture
def officer() -> Client:
    return client_as("officer")


def admin_form(client: Client, pledge: Commitment) -> tuple[str, dict[str, Any]]:
    url = reverse("admin:commitments_commitment_change", args=[pledge.pk])
    return url, form_of(client.get(url), "commitment_form")


def test_every_digit_is_kept(pledge: Commitment, officer: Client) -> None:
    target = Target.objects.get()
    assert (target.baseline, target.value) == (Decimal(LONG), -Decimal(LONG))
    assert Target.history.get().baseline == Decimal(LONG)  # type: ignore[attr-defined]
    path = f"/api/v1/commitments/{pledge.reference}/"
    assert officer.get(path).json()["target"]["baseline"] == LONG
    file = io.StringIO()
    dump_register(file)
    assert f"baseline: {LONG}" in file.getvalue()
    sent = officer.post(f"{path}readings/", {"value": LONG}, content_type="application/json")
    assert (sent.status_code, Reading.objects.get().value) == (201, Decimal(LONG))
    url, data = admin_form(officer, pledge)
    assert data["target-0-baseline"] == [LONG]
    assert officer.post(url, data | {"target-0-unit": ["EUR"]}).status_code == 302
    assert Target.objects.get().baseline == Decimal(LONG)


def test_figures_are_sorted_and_compared_as_numbers(pledge: Commitment) -> None:
    values = ["9", "10", "-2", LONG, f"{LONG[:-1]}8", "0.5"]
    for day, value in enumerate(values, start=1):
        Reading.objects.create(commitment=pledge, as_of=f"2026-01-{day:02d}", value=value)
    in_order = [Decimal(value) for value in ("-2", "0.5", "9", "10", LONG, f"{LONG[:-1]}8")]
    assert list(Reading.objects.order_by("value").values_list("value", flat=True)) == in_order
    assert Reading.objects.filter(value__gt=Decimal(LONG)).count() == 1
    assert Reading.objects.filter(value=10).count() == 1
    least_and_most = Reading.objects.aggregate(least=Min("value"), most=Max("value"))
    assert least_and_most == {"least": -2, "most": Decimal(f"{LONG[:-1]}8")}


@pytest.mark.parametrize(("typed", "read", "stored"), [("20.000", "20", "20"), ("20,5", "20.5", "20.5")])
def test_a_reading_with_two_meanings_is_shown_back_before_it_is_kept(
    typed: str, read: str, stored: str, pledge: Commitment, officer: Client
) -> None:
    url = reverse("readings", args=[pledge.reference])
    refused = officer.post(url, form_of(officer.get(url)) | {"value": typed})
    assert refused.status_code == 400
    assert f"“{typed}” was read as {read}." in text_of(refused)
    assert not Reading.objects.exists()
    shown = form_of(refused)
    assert shown["value"] == [read]
    assert officer.post(url, shown).status_code == 302
    assert Reading.objects.get().value == Decimal(stored)


def test_a_target_in_the_admin_is_shown_back_before_it_is_kept(pledge: Commitment, officer: Client) -> None:
    url, data = admin_form(officer, pledge)
    refused = officer.post(url, data | {"target-0-value": ["1.500,25"], "target-0-baseline": ["20.000"]})
    words = text_of(refused)
    assert "“1.500,25” was read as 1500.25." in words
    assert "“20.000” was read as 20." in words
    assert Target.objects.get().value == -Decimal(LONG)
    assert officer.post(url, form_of(refused, "commitment_form")).status_code == 302
    target = Target.objects.get()
    assert (target.baseline, target.value) == (20, Decimal("1500.25"))


def test_the_api_takes_a_json_number_as_it_is(pledge: Commitment, officer: Client) -> None:
    path = f"/api/v1/commitments/{pledge.reference}/readings/"
    assert officer.post(path, {"value": 20.125}, content_type="application/json").status_code == 201
    assert Reading.objects.get().value == Decimal("20.125")
