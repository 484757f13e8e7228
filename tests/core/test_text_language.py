"""The language of a text."""

import pytest

from core.text_language import language_of


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Foreign Minister Lê Hoài Trung met Prak Sokhonn in Tân Nam and they signed the minutes."),
        ("vi", "Bộ trưởng hai nước đã ký biên bản."),
        ("vi", "Bo truong hai nuoc da ky bien ban cua phien hop"),
        ("km", "រដ្ឋមន្ត្រី MFAIC បានជួបគ្នានៅរាជធានីភ្នំពេញ"),
        ("fr", "Les ministres ont signé le procès-verbal de la session."),
        ("pt", "Os ministros assinaram a ata da sessão."),
        ("es", "Los ministros firmaron el acta de la sesión."),
        ("it", "I ministri hanno firmato il verbale della sessione."),
        ("lo", "ລັດຖະມົນຕີ"),
        ("", "Стороны договорились о сотрудничестве."),
        ("", "Phnom Penh 2025"),
        ("", "12.5"),
        ("", ""),
    ],
)
def test_a_language_is_told_by_letters_and_frequent_words(language: str, text: str) -> None:
    assert language_of(text) == language


def test_the_expected_language_decides_between_equals() -> None:
    assert language_of("Se informa") == ""
    assert language_of("de la", expected="fr") == "fr"
    assert language_of("de la", expected="tr") == ""
