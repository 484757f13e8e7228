"""The guesses from the wording of a paragraph, in each language that has formulas."""

import pytest

from commitments.choices import Modality
from commitments.formulas import FORMULAS, NEGATIONS, NOT_FORMULAS, REPORTS
from commitments.reports.modality import title_of, wording_of

LANGUAGES = {
    "en": [
        ("They agreed to open the gate and hoped for more.", "agreed", "reaffirmed"),
        ("They hoped that it would be agreed.", "hoped", "requested"),
        ("Viet Nam stands ready to help.", "stands_ready", "reaffirmed"),
        ("He called on Cambodia to act.", "called_on", "requested"),
        ("They did not agree on a date.", "", "reaffirmed"),
        ("They spoke of the political will of both sides.", "", "reaffirmed"),
        ("They disagreed.", "", "reaffirmed"),
        ("The two sides welcomed the opening of the gate.", "welcomed", "progress"),
        ("The Minister informed the delegation that the road has been completed.", "", "progress"),
        ("The Minister reported on the road and asked for more help with it.", "requested", "requested"),
    ],
    "vi": [
        ("Hai bên nhất trí đẩy mạnh hợp tác.", "agreed", "reaffirmed"),
        ("Hai ben nhat tri day manh hop tac.", "agreed", "reaffirmed"),
        ("Thủ tướng đề nghị phía Campuchia quan tâm.", "suggested", "requested"),
        ("Việt Nam sẵn sàng hỗ trợ.", "stands_ready", "reaffirmed"),
        ("Việt Nam sẽ cấp 100 suất học bổng.", "will", "reaffirmed"),
        ("Hai bên tái khẳng định tình hữu nghị truyền thống.", "affirmed", "reaffirmed"),
        ("Phía Campuchia thông báo tuyến đường đã hoàn thành.", "", "progress"),
        ("Tuyến đường đáp ứng yêu cầu phát triển của hai nước.", "", "reaffirmed"),
        ("Hai bên chưa nhất trí về thời gian họp.", "", "reaffirmed"),
        ("Nền móng quan hệ giữa hai nước rất vững chắc.", "", "reaffirmed"),
    ],
    "km": [
        ("ភាគីទាំងពីរបានឯកភាពគ្នា", "agreed", "reaffirmed"),
        ("ភាគីទាំងពីរនឹងអនុវត្តកិច្ចព្រមព្រៀង។", "will", "reaffirmed"),
        ("ភាគីកម្ពុជាបានស្នើសុំឱ្យវៀតណាមជួយ", "requested", "requested"),
        ("ភាគីទាំងពីរបានបញ្ជាក់ពីមិត្តភាព", "affirmed", "reaffirmed"),
        ("ភាគីកម្ពុជាបានរាយការណ៍អំពីផ្លូវថ្មី", "", "progress"),
        ("សហប្រតិបត្តិការជាមួយនឹងប្រទេសជិតខាង", "", "reaffirmed"),
    ],
    "fr": [
        ("Les deux parties se félicitent.", "welcomed", "progress"),
        ("Les ministres sont convenus d’ouvrir la route.", "agreed", "reaffirmed"),
        ("Les deux parties ont réaffirmé leur amitié.", "affirmed", "reaffirmed"),
        ("Les parties renforceront leur coopération.", "will", "reaffirmed"),
        ("La session se tiendra à Paris et le Viet Nam l’organisera.", "will", "reaffirmed"),
        ("À la demande du Cambodge, la réunion a eu lieu à Paris.", "", "reaffirmed"),
        ("Le ministre a demandé l’appui de la France.", "requested", "requested"),
        ("Le ministre a informé les délégations que la route a été achevée.", "", "progress"),
        ("Ils ont tenu une réunion sur le front social.", "", "reaffirmed"),
    ],
    "pt": [
        ("Os chefes de governo congratularam-se pela assinatura.", "welcomed", "progress"),
        ("As duas partes concordaram em criar uma comissão.", "agreed", "reaffirmed"),
        ("As duas partes nao concordaram com a data.", "", "reaffirmed"),
        ("O Brasil apoiará a formação de quadros.", "will", "reaffirmed"),
        ("Ambas as partes reafirmaram a amizade entre os povos.", "affirmed", "reaffirmed"),
        ("A sessão realizar-se-á no Brasil.", "will", "reaffirmed"),
        ("O ministro solicitou apoio para as escolas.", "requested", "requested"),
        ("O ministro informou que a ponte foi concluída.", "", "progress"),
        ("Reuniram-se para debater a cooperacao para o desenvolvimento.", "", "reaffirmed"),
    ],
    "es": [
        ("Los ministros se reunieron en Madrid.", "", "reaffirmed"),
        ("Las dos partes celebrarán una reunión.", "will", "reaffirmed"),
        ("Ambas partes acordaron la creación de una comisión.", "agreed", "reaffirmed"),
        ("Ambas partes reiteraron su amistad.", "affirmed", "reaffirmed"),
        ("El ministro pidió apoyo para las escuelas.", "requested", "requested"),
        ("El ministro informó de que la obra fue concluida.", "", "progress"),
    ],
}
"""Paragraphs with their modality and the kind of a later mention."""


@pytest.mark.parametrize(
    ("language", "text", "modality", "kind"),
    [(language, *case) for language, cases in LANGUAGES.items() for case in cases],
)
def test_the_first_formula_of_the_language_decides(
    language: str, text: str, modality: str, kind: str
) -> None:
    wording = wording_of(text)
    assert (wording.language, wording.modality, wording.kind) == (language, modality, kind)


@pytest.mark.parametrize(
    "text",
    [
        "Trade grew.",
        "",
        "I ministri si sono riuniti a Roma e hanno concordato, se possibile, una data.",
        "Kedua pihak akan memperkuat kerja sama dengan negara tetangga.",
        "Стороны договорились о сотрудничестве.",
    ],
)
def test_no_proposal_in_a_language_without_formulas(text: str) -> None:
    assert wording_of(text).modality == ""
    assert wording_of(text).kind == "reaffirmed"


def test_the_language_of_the_source_decides_only_if_the_text_does_not_tell() -> None:
    unclear = "La route sera longue."
    assert wording_of(unclear).modality == ""
    assert wording_of(unclear, language="fr").modality == "will"
    assert wording_of("Los ministros se reunieron en Madrid.", language="vi").modality == ""


def test_each_language_has_every_table_and_every_modality() -> None:
    assert set(FORMULAS) == set(REPORTS) == set(NOT_FORMULAS) == set(NEGATIONS) == set(LANGUAGES)
    assert all(set(table) == set(Modality) for table in FORMULAS.values())


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("They agreed to prevent smuggling. They met.", "Prevent smuggling"),
        ("The two sides hoped that trade reaches USD 10.4 billion.", "Trade reaches USD 10.4 billion"),
        ("They committed themselves to better roads.", "Better roads"),
        (
            "They agreed to open a second\nrail link before June 2027.",
            "Open a second rail link before June 2027",
        ),
        ("They agreed to open\r\na post\n \nIn Moc Bai", "Open a post"),
        ("Hai bên nhất trí mở cửa khẩu.", "Hai bên nhất trí mở cửa khẩu"),
        ("ភាគីទាំងពីរបានឯកភាពគ្នា។", "ភាគីទាំងពីរបានឯកភាពគ្នា"),
    ],
)
def test_the_first_title(text: str, title: str) -> None:
    assert title_of(text) == title


def test_a_long_title_is_cut() -> None:
    assert len(title_of("They agreed to " + "build and " * 60)) <= 120
