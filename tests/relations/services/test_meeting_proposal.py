"""What is proposed for a meeting from the text that records it."""

import datetime as dt

import pytest

from relations.models import Mechanism, Person
from relations.services.meeting_proposal import MeetingProposal, propose_meeting
from tests import factories as make

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 1, 16)


def proposal(text: str) -> MeetingProposal:
    return propose_meeting(text, user=make.user("officer"), people=Person.objects.order_by("pk"), today=TODAY)


def test_a_heading_is_the_title_and_a_sentence_is_not() -> None:
    assert (
        proposal("Minutes of the talks\non water\n\n1. Both sides met.").title
        == "Minutes of the talks on water"
    )
    assert proposal("# Minutes of the talks\n\n1. They met.").title == "Minutes of the talks"
    assert proposal("Both sides met and agreed.\n\nThey parted.").title == ""
    assert proposal("1. Water\n\nText").title == ""
    assert proposal(f"{'long ' * 60}\n\nText").title == ""
    assert proposal("").title == ""


def test_the_first_day_that_has_come_is_the_day_of_the_meeting() -> None:
    found = proposal("The next session is on 3 May 2026. Signed on 8-9 December 2025; see 1 June 2024.")
    assert found.days is not None
    assert (found.days.first, found.days.last) == (dt.date(2025, 12, 8), dt.date(2025, 12, 9))


def test_a_known_place_is_found_without_diacritics_with_its_country() -> None:
    make.meeting(dt.date(2024, 7, 13), place="Hà Nội", country=make.country("VN"))
    found = proposal("Talks in Ha Noi")
    assert (found.place, found.country and found.country.code) == ("Hà Nội", "VN")
    assert proposal("Talks in Ha Noise").place == ""


def test_a_new_place_is_what_stands_before_the_day() -> None:
    assert proposal("The sides met in Siem Reap on 3 May 2025.").place == "Siem Reap"
    assert proposal("Hai bên gặp nhau tại Đà Lạt, ngày 3 tháng 5 năm 2025.").place == "Đà Lạt"
    assert proposal("The sides met on 3 May 2025.").place == ""


def test_a_mechanism_is_found_by_name_or_acronym_with_its_session() -> None:
    committee = Mechanism.objects.create(slug="water", name="Joint Water Committee", acronym="JWC")
    Mechanism.objects.create(slug="other", name="Committee")
    found = proposal("Minutes of the 21st Session of the Joint Water Committee\n\nText")
    assert (found.mechanism, found.session) == (committee, 21)
    assert proposal("The JWC met.").mechanism == committee
    assert proposal("A jwc met in its 21st session.").mechanism is None
    assert proposal("A jwc met in its 21st session.").session is None


def test_people_are_those_whose_full_name_stands_in_the_text() -> None:
    country = make.country("KH")
    sokhonn = Person.objects.create(slug="a", name="Prak Sokhonn", country=country)
    hoa = Person.objects.create(slug="b", name="Đỗ Văn Hòa", aliases=["Do Hoa"], country=country)
    Person.objects.create(slug="c", name="Sok", country=country)
    assert proposal("Do Hoa met Prak Sokhonn and Mr Sok.").people == (hoa, sokhonn)
    assert proposal("do van hoa alone").people == (hoa,)
