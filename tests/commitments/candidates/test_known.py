"""The commitments of the register, as the reader compares them, and a source of it that is read."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments.candidates.known import every_commitment, known_commitments, known_people
from commitments.models import Commitment
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]


def test_what_is_compared() -> None:
    known = {each.reference: each for each in known_commitments(Commitment.objects.all(), ["KH", "VN"])}
    scholarships = known["KHVN-2024-027"]
    assert (scholarships.theme, scholarships.nature) == ("education-training", "support")
    assert scholarships.obligated == ("VN",)
    assert any("scholarships" in quote for quote in scholarships.quotes)
    assert known_people()["Hun Manet"] == "KH"


def test_only_what_is_between_the_countries_is_compared() -> None:
    rows = every_commitment(Commitment.objects.all())
    assert len(known_commitments(rows)) == 77
    assert known_commitments(rows, ["IN", "JP"]) == []
    assert all(each.reference.startswith("KHLAVN") for each in known_commitments(rows, ["LA", "VN"]))


def test_only_what_may_be_seen_is_compared() -> None:
    nobody = make.user()
    assert known_commitments(Commitment.objects.visible_to(nobody), ["KH", "VN"]) == []


def test_queries_do_not_grow_with_commitments() -> None:
    def queries(most: int) -> int:
        some = Commitment.objects.order_by("pk").values("pk")[:most]
        with CaptureQueriesContext(connection) as captured:
            known_commitments(Commitment.objects.filter(pk__in=some))
        return len(captured)

    assert queries(3) == queries(30) == 3


def test_a_source_is_read_between_the_countries_of_its_meeting() -> None:
    out = StringIO()
    call_command("read_source", "note-2025-12-09-jc21", "--json", stdout=out)
    found = json.loads(out.getvalue())["candidates"]
    [session] = [each for each in found if "22nd session" in each["quote"]]
    assert session["obligated"] == ["KH", "VN"]
    assert (session["nature"], session["kind"]) == ("event", "reaffirmed")
    assert session["deadline"]["latest"] == "2026-12-31"
    assert session["matches"][0]["reference"] == "KHVN-2025-023"


def test_the_command_tells_what_it_found_in_words() -> None:
    out = StringIO()
    call_command("read_source", "note-2025-12-09-jc21", stdout=out)
    assert "commitment (agreed to): They agreed to promote border trade" in out.getvalue()
    assert "candidates between KH, VN." in out.getvalue()
