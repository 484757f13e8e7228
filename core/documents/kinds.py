"""The kinds of documents: what their names end in, and whether content can be of a kind."""

import re
import unicodedata
from enum import StrEnum, auto
from pathlib import PurePath

from core.documents.problems import Problem, Unreadable


class Kind(StrEnum):
    """A kind of document."""

    TXT = auto()
    CSV = auto()
    DOCX = auto()
    XLSX = auto()
    PPTX = auto()
    ODT = auto()
    ODS = auto()
    PDF = auto()
    PNG = auto()
    JPEG = auto()


SUFFIXES: dict[str, Kind] = {f".{kind}": kind for kind in Kind} | {".jpg": Kind.JPEG}
"""What a name may end in."""

PACKAGES = frozenset({Kind.DOCX, Kind.XLSX, Kind.PPTX, Kind.ODT, Kind.ODS})
"""The kinds that are ZIP archives."""

_PDF, _ZIP = b"%PDF-", b"PK\x03\x04"
_PDF_STARTS_WITHIN = 1024
_SIGNATURES = {Kind.PNG: b"\x89PNG\r\n\x1a\n", Kind.JPEG: b"\xff\xd8\xff"} | dict.fromkeys(PACKAGES, _ZIP)
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NOT_TEXT = (_PDF, _ZIP, _OLD_OFFICE, rb"{\rtf", *_SIGNATURES.values())
_UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_CONTROL = "\x00-\x08\x0e-\x1f"
_CONTROL_BYTE = re.compile(f"[{_CONTROL}]".encode())
_CONTROL_CHARACTER = re.compile(f"[{_CONTROL}]")
_SPACE = re.compile(r"[\t\n\r ]")


def kind_by_name(name: str) -> Kind | None:
    """The kind that the ``name`` of a file says, or ``None``."""
    return SUFFIXES.get(PurePath(name).suffix.lower())


def require_kind(content: bytes, kind: Kind) -> None:
    """Raise ``Unreadable`` if ``content`` cannot be of this ``kind``.

    Of a package only the first bytes are checked: ``core.documents.packages`` looks into it.
    """
    if kind in PACKAGES and content.startswith(_OLD_OFFICE):
        raise Unreadable(Problem.OLD_FORMAT)
    if kind in (Kind.TXT, Kind.CSV):
        _require_text(content)
    elif kind == Kind.PDF:
        if _PDF not in content[:_PDF_STARTS_WITHIN]:
            raise Unreadable(Problem.WRONG_KIND)
    elif not content.startswith(_SIGNATURES[kind]):
        raise Unreadable(Problem.WRONG_KIND)


def _require_text(content: bytes) -> None:
    """Raise ``Unreadable`` if ``content`` is not plain text. Text in an unknown code page is accepted."""
    try:
        text_of(content)
    except Unreadable as error:
        if error.problem != Problem.UNKNOWN_ENCODING:
            raise


def text_of(content: bytes) -> str:
    """The text of a plain file in UTF-8 or UTF-16, with or without a byte order mark.

    Raises ``Unreadable``: a code page is never guessed.
    """
    if content.lstrip().startswith(_NOT_TEXT):
        raise Unreadable(Problem.WRONG_KIND)
    text = _unicode(content)
    if text is None:
        is_binary = content.startswith(_UTF_16_MARKS) or _CONTROL_BYTE.search(content)
        raise Unreadable(Problem.WRONG_KIND if is_binary else Problem.UNKNOWN_ENCODING)
    return text


def text_in_code_page(content: bytes, code_page: str) -> str:
    """The text of a plain file in ``code_page``. Raises ``Unreadable``.

    A code page accepts nearly any bytes, also those of UTF-16, in which every other one is NUL: no database
    takes that in a text.
    """
    if b"\x00" in content:
        raise Unreadable(Problem.WRONG_CODE_PAGE)
    try:
        return content.decode(code_page)
    except UnicodeDecodeError as error:
        raise Unreadable(Problem.WRONG_CODE_PAGE) from error


def _unicode(content: bytes) -> str | None:
    """``content`` as UTF-8 or UTF-16, or ``None``."""
    if content.startswith(_UTF_16_MARKS):
        return _decoded(content, "utf-16")
    text = _decoded(content, "utf-8-sig")
    if text is None and _CONTROL_BYTE.search(content):
        # Spaces and line ends of UTF-16 have a NUL, which a text in a code page never has.
        found = [_decoded(content, encoding) for encoding in ("utf-16-le", "utf-16-be")]
        plausible = [each for each in found if each and _SPACE.search(each) and _is_assigned(each)]
        text = max(plausible, key=lambda each: len(_SPACE.findall(each)), default=None)
    return text


def _decoded(content: bytes, encoding: str) -> str | None:
    """``content`` in ``encoding``, or ``None`` if it is not that or has control characters."""
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return None
    return None if _CONTROL_CHARACTER.search(text) else text


def _is_assigned(text: str) -> bool:
    """Whether every character of ``text`` has a meaning in Unicode."""
    return not any(unicodedata.category(char) in ("Cn", "Co", "Cs") for char in set(text))
