"""The template of each kind of document: the shipped one, in the language of the page or in English."""

from pathlib import Path

from django.utils.translation import get_language

_SHIPPED = Path(__file__).parent / "templates"
_FALLBACK = "en"


def shipped(kind: str, language: str = "") -> bytes:
    """The template that comes with the program for ``kind``: "pack", "note" or "reply"."""
    language = language or get_language() or _FALLBACK
    for code in (language, language.partition("-")[0], _FALLBACK):
        path = _SHIPPED / code / f"{kind}.docx"
        if code.replace("-", "").isalnum() and path.is_file():
            return path.read_bytes()
    raise FileNotFoundError(kind)


def in_force(kind: str) -> bytes:
    """The template to use now."""
    return shipped(kind)
