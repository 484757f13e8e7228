"""The numbers of sessions in a text: "21st session", "phiên họp lần thứ 21", "XXI sesión", "សម័យប្រជុំលើកទី២១"."""

import re

from core.documents.labels import from_roman
from core.english_words import ORDINALS
from core.search.folding import fold

_MEETING = (
    r"(?:session|meeting|round|conference|edition|summit|reunion|conferencia|sommet|sessao|reuniao|cimeira|cupula"
    r"|sesion|cumbre)"
)
_ORDINAL = r"(?:st|nd|rd|th|eme|ieme|ere|er|re|e|a|o)"
_VIETNAMESE = r"(?:phien hop|ky hop|khoa hop|hoi nghi|cuoc hop|hop)"
_SESSION = re.compile(
    rf"\b(\d{{1,3}})\.?{_ORDINAL}\.?\s+(?:\w+\s+){{0,2}}?{_MEETING}\b"
    rf"|\bsession\s+(?:no\.?\s*)?(\d{{1,3}})\b"
    rf"|\b{_VIETNAMESE}\s+(?:\w+\s+){{0,8}}?lan\s+(?:thu\s+)?(\d{{1,3}})\b"
    r"|\b(?:phien|ky|khoa)\s+hop\s+thu\s+(\d{1,3})\b"
    rf"|\b([ivxl]{{1,7}})\s+{_MEETING}\b"
    rf"|\blan\s+thu\s+([ivxl]{{1,7}})\b"
    r"|លើកទី\s?(\d{1,3})"
)
_ORDINALS = ORDINALS | {"thirtieth": 30, "fortieth": 40, "fiftieth": 50}
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50}
_IN_WORDS = re.compile(
    rf"\b(?:({'|'.join(_TENS)})[- ])?({'|'.join(_ORDINALS)})\s+(?:\w+\s+){{0,2}}?session\b"
)


def sessions_in(text: str) -> list[int]:
    """The numbers of the sessions that ``text`` names, in its order."""
    folded = fold(text)
    found = [
        (match.start(), int(number) if number.isdigit() else from_roman(number))
        for match in _SESSION.finditer(folded)
        if (number := next(filter(None, match.groups()), ""))
    ]
    found += [(match.start(), _in_words(match[1], match[2])) for match in _IN_WORDS.finditer(folded)]
    return [number for _start, number in sorted(found) if number]


def _in_words(tens: str | None, ordinal: str) -> int:
    return _TENS.get(tens or "", 0) + _ORDINALS[ordinal]
