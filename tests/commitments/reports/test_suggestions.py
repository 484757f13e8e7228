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


# -- numbers -----------------------------------------------------------------------------------------------


def test_another_session_is_not_suggested_and_the_same_one_is_first() -> None:
    twenty_second = make.commitment(
        title="Hold the 22nd session of the Joint Committee", text="Convene the Joint Committee."
    )
    review = make.commitment(title="Review the work of the Joint Committee", text="Review it every year.")
    found = titles("They agreed to hold the 21st session of the Joint Committee in Hanoi.")
    assert found == [review.title]
    assert (
        titles("Viet Nam hosts the twenty-second session of the Joint Committee.")[0] == twenty_second.title
    )
    assert (
        titles("Hai bên nhất trí tổ chức phiên họp lần thứ 22 của Ủy ban hỗn hợp.")[0] == twenty_second.title
    )
    assert twenty_second.title not in titles("La 21e session de la commission mixte se tiendra à Hanoï.")


def test_a_promise_of_another_amount_is_not_suggested() -> None:
    twenty = make.commitment(title="Raise bilateral trade to USD 20 billion", text="Raise trade.")
    eighteen = make.commitment(title="Raise bilateral trade to USD 18 billion", text="Raise trade.")
    assert titles("They agreed to raise bilateral trade to USD 18 billion.") == [eighteen.title]
    assert titles("Hai bên nhất trí đưa kim ngạch thương mại lên 20 tỷ USD.") == [twenty.title]
    assert titles("They agreed to raise bilateral trade to USD 200 billion.") == []


def test_a_figure_that_is_reported_is_no_other_promise() -> None:
    make.commitment(title="Grant scholarships", text="Offer places to students.")
    target = make.commitment(title="Raise bilateral trade to USD 20 billion", text="Raise trade.")
    assert titles("Bilateral trade came to USD 12 billion in the year.") == [target.title]


# -- what gets no suggestion -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "The Minister thanked the Cambodian side for the warm welcome at the border gate.",
        "The talks were held at the border gate in a friendly atmosphere.",
        "Đoàn Việt Nam cảm ơn sự đón tiếp của cửa khẩu.",
        "Les ministres ont remercié le poste frontière pour son hospitalité.",
    ],
)
def test_a_courtesy_gets_no_suggestion(text: str) -> None:
    make.commitment(title="Grant scholarships", text="Offer places to students.")
    make.commitment(title="Manage border gates", text="Manage the gates of the border.")
    assert titles("The border gate was opened.")[0] == "Manage border gates"
    assert titles(text) == []


def test_a_meeting_without_countries_gets_no_suggestion() -> None:
    make.commitment(title="Open the gate at Moc Bai", text="Gate.")
    assert titles("the gate at Moc Bai") == ["Open the gate at Moc Bai"]
    assert titles("the gate at Moc Bai", codes=()) == []


# -- languages -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Hai bên nhất trí hoàn thành phân giới cắm mốc biên giới đất liền.",
        "Hai ben nhat tri hoan thanh phan gioi cam moc bien gioi.",
        "ភាគីទាំងពីរបញ្ចប់ការខណ្ឌសីមាព្រំដែនគោក",
        "Les deux parties achèveront la démarcation de la frontière terrestre.",
        "As partes concluirão a demarcação da fronteira terrestre.",
        "Las partes concluirán la demarcación de la frontera terrestre.",
    ],
)
def test_a_paragraph_finds_an_entry_in_another_language(text: str) -> None:
    entries = [
        "Complete the demarcation of the land border",
        "Hoàn thành phân giới biên giới đất liền",
        "Grant scholarships to students",
    ]
    for title in entries:
        make.commitment(title=title, text=title)
    assert set(titles(text)) == set(entries[:2])


def test_names_are_found_in_any_script() -> None:
    mofa = make.agency("MOFA", aliases=["ក្រសួងការបរទេស"])
    make.commitment(title="Exchange archives", text="Exchange archives.", agencies=(mofa,))
    make.commitment(title="Grant scholarships", text="Offer places to students.")
    assert titles("ក្រសួងការបរទេសបានជួបប្រជុំ") == ["Exchange archives"]
