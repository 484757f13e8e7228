"""Makes one text of an uploaded document: plain text, Word, or a PDF that contains text."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.documents.headings import is_in_capitals, unit
from core.documents.kinds import Kind
from core.documents.labels import labelled
from core.documents.lines import BEGINS_WITH_MONTH, Wrapping
from core.documents.problems import Problem
from core.documents.reading import read_document, refusal
from core.documents.sentences import sentence_ends
from core.lists import listed
from relations.choices import CodePage

_KHMER = re.compile("[\u1780-\u17ff]")
_LONGEST_HEADING = 60
_LONGEST_QUOTED = 80


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
        pages = [page.strip() for page in document.parts]
        if not any(pages):
            raise refusal(Problem.ONLY_PICTURES, name)
        return ExtractedText(_continued(pages), (*_cautions(pages), *_left_out(document.left_out)))
    cautions = list(_left_out(document.left_out))
    if document.code_page:
        caution = _("The text was read as %(code_page)s. Check the letters with diacritics.")
        cautions.append(caution % {"code_page": CodePage(document.code_page).label})
    return ExtractedText("\n\n".join(document.parts), tuple(cautions))


def _continued(pages: Sequence[str]) -> str:
    """The pages as one text. A sentence that continues on the next page stays in one paragraph."""
    text, notes = "", list[str]()
    wrapping = Wrapping("\n".join(pages))
    for page in filter(None, pages):
        body, *after = page.split("\n\n[^")
        if not text:
            text = body
        elif _goes_on(text.rpartition("\n\n")[2], body.partition("\n")[0]):
            text = wrapping.join(text, body)
        else:
            text += f"\n\n{body}"
        notes.extend(f"[^{each}" for each in after)
    return "\n\n".join([text, *notes])


def _goes_on(block: str, line: str) -> bool:
    """Whether ``line``, the first of a page, goes on with a sentence of ``block``, the last of another one.

    A capital may be that of a name. After a short block, which may be a heading, it begins a paragraph.
    """
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
