"""Countries, agencies and mechanisms of the shipped register: every number equals its list."""

import datetime as dt

import pytest
from django.test import Client

from core import clock

pytestmark = [pytest.mark.usefixtures("register"), pytest.mark.django_db]


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: dt.date(2026, 1, 16))


@pytest.mark.slow
@pytest.mark.parametrize("as_of", ["", "?as_of=2025-12-08", "?as_of=2027-03-01"])
@pytest.mark.parametrize(
    "path",
    [
        "/mechanisms/joint-committee/",
        "/mechanisms/three-party/",
        "/agencies/vn-mofa/",
        "/agencies/kh-government/",
        "/agencies/cpv/",
        "/countries/KH/",
        "/countries/LA/",
        "/countries/VN/",
        "/countries/TH/",
    ],
)
def test_every_section_has_the_number_of_its_list(path: str, as_of: str, reader: Client) -> None:
    for section in reader.get(f"{path}{as_of}").context["page"].sections:
        assert section.url.startswith("/"), section.key
        answer = reader.get(section.url)
        assert answer.status_code == 200, section.url
        if section.url.startswith("/commitments/"):
            assert answer.context["page"].paginator.count == section.count, section.url
        else:
            whole = answer.context["page"].sections
            assert [(each.key, each.count) for each in whole] == [(section.key, section.count)]


@pytest.mark.slow
@pytest.mark.parametrize("as_of", ["", "?as_of=2025-12-08"])
def test_every_number_of_our_own_country_equals_its_list(as_of: str, reader: Client) -> None:
    partners = reader.get(f"/countries/VN/{as_of}").context["page"].partners
    assert [each.country.code for each in partners] == ["KH", "LA"]
    for partner in partners:
        for name in ("ours", "theirs", "joint", "requested", "review", "overdue"):
            figure = getattr(partner, name)
            context = reader.get(figure.url).context
            shown = context["page"].sections[0].count if name == "joint" else context["page"].paginator.count
            assert shown == figure.n, (partner.country.code, name)


def test_numbers_of_a_session_equal_their_lists(reader: Client) -> None:
    page = reader.get("/mechanisms/joint-committee/").context["page"]
    figures = {each.label: each for each in page.sessions[-1].figures}
    assert {label: each.n for label, each in figures.items()} == {
        "mentioned": 26,
        "new commitments": 8,
        "of these still open": 8,
        "reaffirmed": 12,
        "requested": 0,
        "progress reported": 7,
        "fulfilled": 1,
    }
    for label in ("mentioned", "new commitments", "of these still open"):
        assert reader.get(figures[label].url).context["page"].paginator.count == figures[label].n
