"""The names of countries in texts: ``data/countries.txt`` as patterns."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).parent / "data" / "countries.txt"


@dataclass(frozen=True, slots=True)
class CountryNames:
    """How texts name one country."""

    code: str
    names: tuple[str, ...]
    peoples: tuple[str, ...]
    capitals: tuple[str, ...]
    vietnamese: tuple[str, ...]
    vietnamese_capitals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """A place in a text that names a country."""

    start: int
    end: int
    code: str


@cache
def country_names() -> dict[str, CountryNames]:
    """Every country of the table by its code."""
    rows = {}
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            code, *lists = line.split("|")
            names, peoples, capitals, vietnamese, *more = (_several(each) for each in lists)
            rows[code] = CountryNames(code, names, peoples, capitals, vietnamese, more[0] if more else ())
    return rows


def _several(names: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in names.split(",") if name.strip())


@cache
def _pattern(language: str) -> tuple[re.Pattern[str], dict[str, str]]:
    codes: dict[str, str] = {}
    for each in country_names().values():
        english = (*each.names, *each.peoples, *each.capitals)
        vietnamese = (*each.vietnamese, *each.vietnamese_capitals, *each.names)
        for name in english if language == "en" else vietnamese:
            codes.setdefault(name.replace("’", "'"), each.code)
    # A text in Vietnamese may name its own country without the spelling of the table.
    codes.setdefault("Viet Nam", "VN")
    codes.setdefault("Vietnam", "VN")
    longest_first = "|".join(
        re.escape(name).replace(r"\ ", r"\s+") for name in sorted(codes, key=len, reverse=True)
    )
    return re.compile(rf"(?<![\w-])(?:{longest_first})(?![\w])"), codes


def countries_in(text: str, language: str) -> list[Named]:
    """The countries that ``text`` names, in its order. Capital letters count."""
    pattern, codes = _pattern("vi" if language == "vi" else "en")
    return [
        Named(match.start(), match.end(), codes[" ".join(match[0].split())])
        for match in pattern.finditer(text)
    ]


def known_codes() -> Collection[str]:
    """The codes of the table."""
    return country_names().keys()
