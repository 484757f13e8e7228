"""How a plain text reads in each code page, for a person who chooses the one that is right."""

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from itertools import islice

from django.utils.text import Truncator

from core.documents.kinds import text_in_code_page
from core.documents.problems import Unreadable
from relations.choices import CodePage

_MOST_SHOWN, _LONGEST_LINE = 3, 160
_SAMPLE_LINES, _SAMPLE_BYTES = 200, 50_000
_BESIDE_ASCII = re.compile(r"[^\x00-\x7f]")


@dataclass(frozen=True, slots=True)
class CodePageReading:
    """The first lines of a text with letters beyond ASCII, as all of ``code_pages`` read them."""

    code_pages: tuple[CodePage, ...]
    lines: tuple[str, ...]

    @property
    def code_page(self) -> CodePage:
        """The code page to choose: with any of the others the text is the same."""
        return self.code_pages[0]

    @property
    def labels(self) -> list[str]:
        """The names of the code pages."""
        return [str(each.label) for each in self.code_pages]


def readings_of(content: bytes) -> list[CodePageReading]:
    """Every way in which ``content`` reads, the most plausible first. It is never chosen by itself."""
    used, sample = bytes(set(content)), _sample(content)
    same: dict[str, list[CodePage]] = defaultdict(list)
    for code_page in CodePage:
        try:
            same[text_in_code_page(used, code_page)].append(code_page)
        except Unreadable:
            continue
    found = [
        (unicodedata.normalize("NFC", sample.decode(code_pages[0], "replace")), code_pages)
        for code_pages in same.values()
    ]
    found.sort(key=lambda each: _oddities(each[0]))  # stable: code pages are in the order of their use
    return [CodePageReading(tuple(code_pages), tuple(_lines(text))) for text, code_pages in found]


def _sample(content: bytes) -> bytes:
    """The first lines of ``content`` that are not plain ASCII."""
    lines = (line for line in content.splitlines() if not line.isascii())
    return b"\n".join(islice(lines, _SAMPLE_LINES))[:_SAMPLE_BYTES]


def _lines(text: str) -> list[str]:
    lines = (line.strip() for line in text.splitlines() if line.strip())
    return [Truncator(line).chars(_LONGEST_LINE) for line in islice(lines, _MOST_SHOWN)]


def _oddities(text: str) -> float:
    """The share of words that no language would write so: signs or several scripts within a word."""
    words = [word for word in re.findall(r"\S+", text) if _BESIDE_ASCII.search(word)]
    return sum(map(_is_odd, words)) / max(len(words), 1)


def _is_odd(word: str) -> bool:
    inner = word.strip("“”‘’„‚«»‹›…–—•·.,;:!?()[]\"'")
    scripts = {unicodedata.name(each, "?").partition(" ")[0] for each in inner if each.isalpha()}
    signs = any(unicodedata.category(each)[0] in "SPC" and not each.isascii() for each in inner)
    capitals_inside = any(a.islower() and b.isupper() for a, b in zip(inner, inner[1:], strict=False))
    loose_marks = any(unicodedata.name(each, "").startswith("COMBINING") for each in inner)
    return len(scripts) > 1 or signs or capitals_inside or loose_marks
