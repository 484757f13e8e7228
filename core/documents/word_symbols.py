"""The characters of the fonts "Symbol" and "Wingdings", which Word writes as places in the font.

Symbol: the encoding of Adobe's font of that name, as the Unicode Consortium maps it.
"""

_PRIVATE_AREA = 0xF000
_GREEK = dict(zip("ABGDEZHQIKLMNXOPRSTUFCYW", "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ", strict=True)) | dict(
    zip("abgdezhqiklmnxoprstufcywVJj", "αβγδεζηθικλμνξοπρστυφχψωςϑϕ", strict=True)
)
_SYMBOL = {
    0x2D: "−", 0xA2: "′", 0xA3: "≤", 0xA4: "⁄", 0xA5: "∞", 0xAB: "↔", 0xAC: "←", 0xAD: "↑", 0xAE: "→",
    0xAF: "↓", 0xB0: "°", 0xB1: "±", 0xB2: "″", 0xB3: "≥", 0xB4: "×", 0xB5: "∝", 0xB6: "∂", 0xB7: "•",
    0xB8: "÷", 0xB9: "≠", 0xBA: "≡", 0xBB: "≈", 0xBC: "…", 0xC6: "∅", 0xC7: "∩", 0xC8: "∪", 0xCE: "∈",
    0xD0: "∠", 0xD2: "®", 0xD3: "©", 0xD4: "™", 0xD5: "∏", 0xD6: "√", 0xE2: "®", 0xE3: "©", 0xE4: "™",
    0xE5: "∑", 0xF2: "∫",
}  # fmt: skip
_WINGDINGS = {
    0x22: "✂", 0x28: "☎", 0x2A: "✉", 0x6C: "•", 0x6E: "■", 0x71: "□", 0x74: "◆", 0x75: "◆", 0x76: "◆",
    0x9F: "•", 0xA7: "•", 0xA8: "☐", 0xE0: "→", 0xE8: "→", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
}  # fmt: skip


def symbol(font: str, code: str) -> str:
    """The character at the place ``code`` (hexadecimal) of ``font``. An unknown one is "□"."""
    try:
        place = int(code, 16)
    except ValueError:
        return ""
    if place >= _PRIVATE_AREA:
        place -= _PRIVATE_AREA
    if "wingdings" in font.casefold():
        return _WINGDINGS.get(place, "□")
    if font.casefold() != "symbol":
        return chr(place) if 0x20 <= place < 0xD800 else "□"  # noqa: PLR2004  (a character of any other font)
    if place in _SYMBOL:
        return _SYMBOL[place]
    character = chr(place) if 0x20 <= place < 0x7F else "□"  # noqa: PLR2004
    return _GREEK.get(character, character)
