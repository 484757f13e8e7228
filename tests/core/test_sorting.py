"""The order of names."""

import unicodedata

import pytest

from core.sorting import sort_key


@pytest.mark.parametrize(
    "names",
    [
        ["An Giang", "Ảnh", "az", "Ăn", "Ân", "Bắc Ninh"],
        ["Dak", "Dữ", "Dz", "Đà Nẵng", "Đông", "Em", "Ê-đê", "Êm", "Gia Lai"],
        ["ma", "mà", "mả", "mã", "má", "mạ", "mb"],
        ["co", "cò", "cô", "cố", "cơ", "cp"],
        ["tu", "tú", "tư", "tứ", "tv"],
        ["Hoa Binh", "Hoa Bình", "Hòa Binh", "Hòa Bình", "Hoan"],
        ["COTE", "Cote d'Azur", "Côte d'Ivoire", "Cuba"],
        ["Aland", "Åland", "Albania", "Œuvre", "Of", "Øresund", "Oslo"],
        ["border", "Border 2", "“Border” gate", "borders"],
        ["Zug", "Ελλάδα", "Игорь", "Йорк", "Россия", "ភ្នំពេញ", "北京"],
    ],
)
def test_names_are_in_the_order_of_a_reader(names: list[str]) -> None:
    assert sorted(reversed(names), key=sort_key) == names
    decomposed = [unicodedata.normalize("NFD", name) for name in names]
    assert sorted(reversed(decomposed), key=sort_key) == decomposed
