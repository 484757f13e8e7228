"""Makes one text of an uploaded document: plain text, Word, or a PDF that contains text."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.documents.headings import is_in_capitals, unit
from core.documents.labels import labelled
from core.documents.lines import BEGINS_WITH_MONTH, Wrapping
from core.documents.reading import Document, read_document
from core.documents.recognition import DOUBT_MARK
from core.documents.sentences import sentence_ends
from core.lists import listed
from relations.choices import CodePage
from relations.services.paper_structure import SCAN_MARK
from relations.services.side_by_side import side_by_side

_KHMER = re.compile("[\u1780-\u17ff]")
_LONGEST_HEADING = 60
_LONGEST_QUOTED = 80


@dataclass(frozen=True, slots=True)
class ExtractedText:
    """The text of a document, with blank lines between paragraphs, and warnings for the user.

    ``pages`` is how many pages it has. ``next_page`` is where a long scan goes on, counted from 0; 0: it is
    read to its end. ``languages`` are those that stand side by side in it, of which the text is in
    ``language``.
    """

    text: str
    cautions: tuple[str, ...] = ()
    pages: int = 0
    next_page: int = 0
    languages: tuple[str, ...] = ()
    language: str = ""


def extract_text(
    name: str, content: bytes, *, code_page: str = "", first_page: int = 0, language: str = ""
) -> ExtractedText:
    """The text of the file ``name``. A plain text that is not in Unicode is in ``code_page``.

    Of a paper in several languages side by side, the text in ``language`` is read, else in the first one.
    A paragraph that was read from a picture begins with ``SCAN_MARK``.

    Raises ``ValidationError`` where the file cannot be read, or is not what its name says, and
    ``ReadersBusy``.
    """
    document = read_document(name, content, code_page=code_page, first_page=first_page)
    if both := side_by_side(document):
        chosen = language if language in both.languages else both.languages[0]
        found = _extracted(replace(document, parts=both.texts[chosen]))
        return replace(found, languages=both.languages, language=chosen)
    return _extracted(document)


def _extracted(document: Document) -> ExtractedText:
    if document.pages:
        pages = [page.strip() for page in document.parts]
        told = (*_cautions(document, pages), *_left_out(document.left_out))
        text = _continued(pages, document.scanned)
        return ExtractedText(text, told, document.pages, document.next_page)
    cautions = list(_left_out(document.left_out))
    if document.code_page:
        caution = _("The text was read as %(code_page)s. Check the letters with diacritics.")
        cautions.append(caution % {"code_page": CodePage(document.code_page).label})
    return ExtractedText("\n\n".join(filter(None, document.parts)), tuple(cautions))


def _continued(pages: Sequence[str], scanned: Collection[int]) -> str:
    """The pages as one text. A sentence that continues on the next page stays in one paragraph."""
    text, notes = "", list[str]()
    wrapping = Wrapping("\n".join(pages))
    for number, page in enumerate(pages):
        if not page:
            continue
        body, *after = page.split("\n\n[^")
        goes_on = text and _goes_on(text.rpartition("\n\n")[2], body.partition("\n")[0])
        if number in scanned:
            body = marked_as_scanned(body).removeprefix(SCAN_MARK if goes_on else "")
        if not text:
            text = body
        elif goes_on:
            text = wrapping.join(text, body)
        else:
            text += f"\n\n{body}"
        notes.extend(f"[^{each}" for each in after)
    return "\n\n".join([text, *notes])


def marked_as_scanned(text: str) -> str:
    """``text``, each paragraph marked as read from a picture."""
    return "\n\n".join(f"{SCAN_MARK}{block}" for block in text.split("\n\n"))


def with_next_pages(text: str, more: str) -> str:
    """``text`` and the text of the pages after it."""
    if not text or not more:
        return text or more
    last, line = text.rpartition("\n\n")[2], more.partition("\n")[0]
    if _goes_on(last, line.removeprefix(SCAN_MARK)):
        return Wrapping(more).join(text, more.removeprefix(SCAN_MARK))
    return f"{text}\n\n{more}"


def without_scan_marks(text: str) -> str:
    """``text`` without the marks of paragraphs and words that were read from a picture."""
    return re.sub(rf"(?m)^{SCAN_MARK}", "", text).replace(DOUBT_MARK, "") if SCAN_MARK in text else text


def _goes_on(block: str, line: str) -> bool:
    """Whether ``line``, the first of a page, goes on with a sentence of ``block``, the last of another one.

    A capital may be that of a name. After a short block, which may be a heading, it begins a paragraph.
    """
    block = block.removeprefix(SCAN_MARK)
    if (
        sentence_ends(block)
        or line.startswith("#")
        or block.startswith("#")
        or unit(line)
        or is_in_capitals(line)
    ):
        return False
    if found := labelled(line):
        return BEGINS_WITH_MONTH.match(found.text) is not None
    return not line[:1].isupper() or len(block) > _LONGEST_HEADING


def _left_out(lines: Collection[str]) -> Iterator[str]:
    """What to tell about headers and footers."""
    if lines:
        quoted = listed(_("“%(text)s”") % {"text": Truncator(each).chars(_LONGEST_QUOTED)} for each in lines)
        yield _("Left out, since it is a header or a footer: %(lines)s.") % {"lines": quoted}


def _cautions(document: Document, pages: list[str]) -> Iterator[str]:
    first = document.first_page + 1
    if document.scanned:
        yield ngettext(
            "Page %(pages)s is a picture, and was read by a program. Compare it with the paper.",
            "Pages %(pages)s are pictures, and were read by a program. Compare them with the paper.",
            len(document.scanned),
        ) % {"pages": listed(first + each for each in document.scanned)}
    empty = [number for number, page in enumerate(pages, start=first) if not page]
    if empty:
        yield ngettext(
            "No text was found on page %(pages)s.", "No text was found on pages %(pages)s.", len(empty)
        ) % {"pages": listed(empty)}
    if document.scanned and any(_KHMER.search(pages[each]) for each in document.scanned):
        yield _(
            "Khmer is read poorly from pictures: many words will be wrong. It is often quicker to ask for "
            "the file in Word, or to type the text."
        )
    elif any(map(_KHMER.search, pages)):
        yield _(
            "Khmer text from a PDF or a picture often contains errors: compare it with the document, or "
            "paste the text."
        )
