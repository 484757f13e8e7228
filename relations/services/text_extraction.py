"""Makes one text of an uploaded document: plain text, Word, or a PDF that contains text."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.documents.kinds import Kind
from core.documents.problems import Problem
from core.documents.reading import read_document, refusal
from core.lists import listed
from relations.choices import CodePage

_PAGE_NUMBER = re.compile(r"(?:page|trang|ទំព័រ)?\s*\d{1,4}(?:\s*(?:/|of|của)\s*\d{1,4})?", re.I)
_DASHES = "-–— \t"
_KHMER = re.compile("[\u1780-\u17ff]")
_SENTENCE_END = re.compile(r"[.!?:;…។][\"”’»)\]]*$")
_SENTENCE_END_WITHIN = 20


@dataclass(frozen=True, slots=True)
class ExtractedText:
    """The text of a document, with blank lines between paragraphs, and warnings for the user."""

    text: str
    cautions: tuple[str, ...] = ()


def extract_text(name: str, content: bytes, *, code_page: str = "") -> ExtractedText:
    """The text of the file ``name``. A plain text that is not in Unicode is in ``code_page``.

    Raises ``ValidationError`` where the file cannot be read, or is not what its name says, and
    ``ReadersBusy``.
    """
    document = read_document(name, content, code_page=code_page)
    if document.kind == Kind.PDF:
        pages = [_without_page_number(page) for page in document.parts]
        if not any(pages):
            raise refusal(Problem.ONLY_PICTURES, name)
        return ExtractedText(_continued(pages), tuple(_cautions(pages)))
    cautions = []
    if document.code_page:
        caution = _("The text was read as %(code_page)s. Check the letters with diacritics.")
        cautions.append(caution % {"code_page": CodePage(document.code_page).label})
    return ExtractedText("\n\n".join(document.parts), tuple(cautions))


def _without_page_number(page: str) -> str:
    """The lines of a page, without a page number in the first or last line."""
    lines = page.strip().split("\n")
    for end in (0, -1):
        if lines and _PAGE_NUMBER.fullmatch(lines[end].strip(_DASHES)):
            lines.pop(end)
    return "\n".join(lines).strip()


def _continued(pages: Iterable[str]) -> str:
    """The pages as one text. A sentence that continues on the next page stays in one paragraph."""
    parts: list[str] = []
    for page in filter(None, pages):
        if parts:
            ends = _SENTENCE_END.search(parts[-1][-_SENTENCE_END_WITHIN:])
            parts.append("\n\n" if page[0].isupper() or page[0].isdigit() or ends else "\n")
        parts.append(page)
    return "".join(parts)


def _cautions(pages: list[str]) -> Iterator[str]:
    empty = [number for number, page in enumerate(pages, start=1) if not page]
    if empty:
        yield ngettext(
            "No text was found on page %(pages)s.", "No text was found on pages %(pages)s.", len(empty)
        ) % {"pages": listed(empty)}
    if any(map(_KHMER.search, pages)):
        yield _(
            "Khmer text from a PDF often contains errors: compare it with the document, or paste the text."
        )
