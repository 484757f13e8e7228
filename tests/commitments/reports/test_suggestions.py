"""The commitments suggested for a paragraph."""

import pytest

from commitments.models import Commitment
from commitments.reports.suggestions import suggestion_index
from commitments.services.wording import stems_of
from tests import factories as make

pytestmark = pytest.mark.django_db
ALL = Commitment.objects.all()


def titles(text: str, codes=("KH", "VN"), **kwargs) -> list[str]:
    return [each.title for each in suggestion_index(ALL, codes).for_paragraph(text, **kwargs)]


def test_shared_words_in_any_form_make_a_suggestion_and_no_shared_words_make_none() -> None:
    make.commitment(title="Cooperate against online fraud", text="Fight fraud on the net.")
    gates = make.commitment(title="Manage border gates", text="Manage the gates of the border.")
    make.commitment(title="Grant scholarships", text="Offer places to students.")
    assert titles("They spoke of the management of a border gate.") == ["Manage border gates"]
    assert titles("Xyz abc.") == []
    assert titles("They spoke of the border gate.", exclude={gates.pk}) == []


def test_without_diacritics_and_without_spaces() -> None:
    make.commitment(title="Mở cửa khẩu quốc tế Tân Nam", text="Mở cửa khẩu.")
    make.commitment(title="ពង្រឹងកិច្ចសហប្រតិបត្តិការពាណិជ្ជកម្ម", text="ពាណិជ្ជកម្ម")
    assert titles("cua khau Tan Nam") == ["Mở cửa khẩu quốc tế Tân Nam"]
    assert titles("ភាគីទាំងពីរពង្រឹងកិច្ចសហប្រតិបត្តិការ") == ["ពង្រឹងកិច្ចសហប្រតិបត្តិការពាណិជ្ជកម្ម"]


def test_only_visible_commitments_between_the_countries_that_met() -> None:
    make.commitment(title="Open the gate at Moc Bai", codes=("KH", "VN"), text="Gate.")
    make.commitment(title="Open the gate at Lao Bao", codes=("LA", "VN"), text="Gate.")
    make.commitment(title="Open the gate of all", codes=("KH", "LA", "VN"), text="Gate.")
    make.commitment(title="Open the secret gate", classification=2, text="Gate.")
    assert set(titles("the gate", ("LA", "VN"))) == {"Open the gate at Lao Bao", "Open the gate of all"}
    seen = suggestion_index(Commitment.objects.visible_to(make.user("officer")), ("KH", "VN"))
    assert {each.title for each in seen.for_paragraph("the gate")} == {
        "Open the gate at Moc Bai",
        "Open the gate of all",
    }


def test_mentioned_commitments_rank_lower_and_there_are_at_most_five() -> None:
    make.commitment(title="Grant scholarships", text="Offer places to students.")
    commitments = [make.commitment(title=f"Open gate {n}", text="Open the gate.") for n in range(7)]
    before = titles("open the gate")
    assert len(before) == 5
    first = next(each for each in commitments if each.title == before[0])
    assert titles("open the gate", mentioned={first.pk})[0] != first.title


def test_stems_leave_out_stop_words() -> None:
    assert stems_of("The two sides agreed to cooperate with Việt Nam") == {"cooper", "vietna"}
