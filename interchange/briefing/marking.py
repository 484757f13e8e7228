"""Says where a document does not show its classification on every page, as a reader sees it.

It runs in the process that fills a template, and imports nothing of Django. A template can hide the marking
in many ways, by mistake or on purpose: only what is plainly a visible text of a header or a footer counts.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from docx.oxml.ns import qn

from core.documents.word_package import child, children, local, value_of

HEADER, FOOTER = "header", "footer"
UNMARKED, HIDDEN, COVERED = "unmarked", "hidden", "covered"
"""The faults: no marking, one that cannot be seen, and a drawing that may lie on it."""

COLOUR, SIZE, PLACE, INVISIBLE, CHANGING = "colour", "size", "place", "invisible", "changing"
"""Why a marking cannot be seen, or does not stay."""

_LEAST_SIZE = 12  # half points
_LEAST_LINE = 120  # twips
_LEAST_SCALE = 50  # percent
_LEAST_SPACING = -40  # twips between letters
_MOST_RAISED = 24  # half points
_LEFTMOST = -1440  # twips before the margin
_LEAST_CONTRAST = 1.5
_WHITE = (255, 255, 255)
_HIGHLIGHTS = {
    name: tuple(bytes.fromhex(colour))
    for name, colour in (
        *(("black", "000000"), ("white", "ffffff"), ("darkGray", "808080"), ("lightGray", "c0c0c0")),
        *(("red", "ff0000"), ("green", "00ff00"), ("blue", "0000ff"), ("darkRed", "800000")),
        *(("cyan", "00ffff"), ("magenta", "ff00ff"), ("yellow", "ffff00"), ("darkGreen", "008000")),
        *(
            ("darkCyan", "008080"),
            ("darkMagenta", "800080"),
            ("darkYellow", "808000"),
            ("darkBlue", "000080"),
        ),
    )
}
_SYMBOLS = ("wingdings", "webdings", "symbol", "marlett")
_NOT_TEXT = frozenset(("del", "moveFrom", "p"))
"""What contains runs that are no text of the paragraph. Drawings and text boxes stand within runs."""
_OFF = frozenset(("0", "false", "off", "none"))


@dataclass(slots=True)
class _Format:
    """What holds for a run, from the defaults to its own properties; the last one wins."""

    values: dict[str, Any] = field(default_factory=dict)

    def add(self, properties: Any) -> None:
        for each in properties if properties is not None else ():
            self.values[local(each)] = each

    def is_on(self, name: str) -> bool:
        found = self.values.get(name)
        return found is not None and value_of(found).lower() not in _OFF

    def number(self, name: str, default: int, key: str = "val") -> int:
        return _number(value_of(self.values.get(name), key), default)


def marking_faults(document: Any, marking: str) -> Iterator[dict[str, str]]:
    """Each fault of ``document`` (python-docx) whose every page must show ``marking``, once."""
    styles = _Styles(document)
    even = document.settings.odd_and_even_pages_header_footer
    seen = set()
    for section in document.sections:
        heads, feet = [section.header], [section.footer]
        if section.different_first_page_header_footer:
            heads.append(section.first_page_header)
            feet.append(section.first_page_footer)
        if even:
            heads.append(section.even_page_header)
            feet.append(section.even_page_footer)
        for place, parts in ((HEADER, heads), (FOOTER, feet)):
            misplaced = _is_off_the_page(section, place)
            for part in parts:
                found = PLACE if misplaced else _fault_of(part._element, marking, styles)
                if found is not None:
                    seen.add((HIDDEN if found else UNMARKED, place, found))
                seen.update((COVERED, "", "") for _each in _covering(part._element))
    seen.update((COVERED, "", "") for _each in _covering(document.element.body))
    for fault, detail, why in sorted(seen):
        yield {"fault": fault, "detail": detail, "why": why}


def _is_off_the_page(section: Any, place: str) -> bool:
    distance = section.header_distance if place == HEADER else section.footer_distance
    height = section.page_height
    return distance is not None and height is not None and not 0 <= distance <= height // 2


def _fault_of(part: Any, marking: str, styles: "_Styles") -> str | None:
    """None where ``part`` shows ``marking``, "" where it is not there, else why nobody can see it."""
    reasons = []
    for paragraph in part.iter(qn("w:p")):
        if any(local(each) == "txbxContent" for each in paragraph.iterancestors()):
            continue
        runs = [
            (text, _why_hidden(run, paragraph, styles) or ("" if is_steady else CHANGING))
            for run, text, is_steady in _runs(paragraph)
        ]
        if marking in "".join(text for text, why in runs if not why):
            return None
        if marking in "".join(text for text, _why in runs):
            reasons += [why for _text, why in runs if why]
    if reasons:
        return reasons[0]
    return INVISIBLE if marking in "".join(part.itertext()) else ""


def _runs(parent: Any, *, is_steady: bool = True) -> Iterator[tuple[Any, str, bool]]:
    """The runs under ``parent`` with their texts, and whether Word leaves them as they are.

    The result of a field and the content of a bound control are replaced when the document is opened.
    """
    depth = 0
    for each in parent:
        name = local(each)
        if name == "r":
            text = ""
            for part in each:
                match local(part):
                    case "t":
                        text += part.text or ""
                    case "tab" | "br" | "cr":
                        text += " "
                    case "fldChar":
                        depth += {"begin": 1, "end": -1}.get(value_of(part, "fldCharType"), 0)
            yield each, text, is_steady and depth <= 0
        elif name not in _NOT_TEXT:
            bound = name == "fldSimple" or (
                name == "sdt" and child(child(each, "sdtPr"), "dataBinding") is not None
            )
            yield from _runs(each, is_steady=is_steady and depth <= 0 and not bound)


# -- how a run looks ---------------------------------------------------------------------------------------


class _Styles:
    """The styles of a document by their identifiers, with what they are based on."""

    def __init__(self, document: Any) -> None:
        root = document.styles.element
        self._by_id = {value_of(each, "styleId"): each for each in children(root, "style")}
        self._default = next(
            (
                value_of(each, "styleId")
                for each in self._by_id.values()
                if value_of(each, "type") == "paragraph" and value_of(each, "default") not in ("", *_OFF)
            ),
            "",
        )
        defaults = child(root, "docDefaults")
        self._run_defaults = child(child(defaults, "rPrDefault"), "rPr")
        self._paragraph_defaults = child(child(defaults, "pPrDefault"), "pPr")

    def of_run(self, run: Any, paragraph: Any) -> _Format:
        """The properties of ``run``: defaults, table, paragraph, character style, its own."""
        found, own = _Format(), child(run, "rPr")
        found.add(self._run_defaults)
        for style in (*self._of_tables(paragraph), *self._of_paragraph(paragraph)):
            found.add(child(style, "rPr"))
        for style in self._chain(value_of(child(own, "rStyle"))):
            found.add(child(style, "rPr"))
        found.add(own)
        return found

    def of_paragraph(self, paragraph: Any) -> _Format:
        """The properties of ``paragraph`` itself."""
        found = _Format()
        found.add(self._paragraph_defaults)
        for style in self._of_paragraph(paragraph):
            found.add(child(style, "pPr"))
        found.add(child(paragraph, "pPr"))
        return found

    def _of_paragraph(self, paragraph: Any) -> Iterator[Any]:
        named = value_of(child(child(paragraph, "pPr"), "pStyle"))
        yield from self._chain(named or self._default)

    def _of_tables(self, paragraph: Any) -> Iterator[Any]:
        for table in paragraph.iterancestors(qn("w:tbl")):
            for style in self._chain(value_of(child(child(table, "tblPr"), "tblStyle"))):
                yield from (style, *children(style, "tblStylePr"))

    def _chain(self, name: str) -> Iterator[Any]:
        """The style ``name`` after those that it is based on."""
        found: list[Any] = []
        while name in self._by_id and self._by_id[name] not in found:
            found.append(self._by_id[name])
            name = value_of(child(found[-1], "basedOn"))
        yield from reversed(found)


def _why_hidden(run: Any, paragraph: Any, styles: _Styles) -> str:
    """Why nobody can read the text of ``run``; "" where everybody can."""
    look, block = styles.of_run(run, paragraph), styles.of_paragraph(paragraph)
    if any(look.is_on(name) for name in ("vanish", "specVanish", "webHidden")) or _is_symbols(look):
        return INVISIBLE
    if _is_pale(look, block, paragraph):
        return COLOUR
    small = look.number("sz", 20) < _LEAST_SIZE or look.number("szCs", 20) < _LEAST_SIZE
    narrow = look.number("w", 100) < _LEAST_SCALE or look.number("spacing", 0) < _LEAST_SPACING
    if small or narrow or _is_cut_off(block, paragraph):
        return SIZE
    raised = abs(look.number("position", 0)) > _MOST_RAISED
    return PLACE if raised or _is_moved(block, paragraph) else ""


def _is_symbols(look: _Format) -> bool:
    fonts = look.values.get("rFonts")
    names = (value_of(fonts, each).lower() for each in ("ascii", "hAnsi", "cs", "eastAsia"))
    return any(name.startswith(_SYMBOLS) for name in names)


def _is_cut_off(block: _Format, paragraph: Any) -> bool:
    """Whether the line, or the row of its table, has a fixed height that is too small for letters."""
    exact = value_of(block.values.get("spacing"), "lineRule") == "exact"
    if exact and block.number("spacing", 240, "line") < _LEAST_LINE:
        return True
    for row in paragraph.iterancestors(qn("w:tr")):
        properties = child(row, "trPr")
        height = child(properties, "trHeight")
        if value_of(height, "hRule") == "exact" and _number(value_of(height), 0) < _LEAST_LINE:
            return True
        if child(properties, "hidden") is not None:
            return True
    return False


def _is_moved(block: _Format, paragraph: Any) -> bool:
    """Whether it is positioned by itself, maybe outside of the page."""
    frame = block.values.get("framePr") is not None
    floats = any(
        child(child(table, "tblPr"), "tblpPr") is not None for table in paragraph.iterancestors(qn("w:tbl"))
    )
    indents = {name: block.number("ind", 0, name) for name in ("start", "left", "firstLine", "hanging")}
    first = indents["start"] + indents["left"] + indents["firstLine"] - indents["hanging"]
    right = min(block.number("ind", 0, name) for name in ("end", "right"))
    return frame or floats or first < _LEFTMOST or right < _LEFTMOST


# -- colours -----------------------------------------------------------------------------------------------


def _is_pale(look: _Format, block: _Format, paragraph: Any) -> bool:
    """Whether the text has nearly the colour of what is behind it, or one that the theme decides."""
    if "textFill" in look.values or "textOutline" in look.values:
        return True
    colour = look.values.get("color")
    if value_of(colour, "themeColor"):
        return True
    cells = [child(child(cell, "tcPr"), "shd") for cell in paragraph.iterancestors(qn("w:tc"))]
    shades = [look.values.get("shd"), block.values.get("shd"), *cells]
    if any(value_of(each, "themeFill") or value_of(each) in ("solid",) for each in shades):
        return True
    fill = next((rgb for each in shades if (rgb := _rgb(value_of(each, "fill"))) is not None), _WHITE)
    fill = _HIGHLIGHTS.get(value_of(look.values.get("highlight"))) or fill
    own = _rgb(value_of(colour))
    return own is not None and _contrast(own, fill) < _LEAST_CONTRAST


def _rgb(text: str) -> tuple[int, ...] | None:
    """The colour as three numbers; None for an automatic one."""
    try:
        found = tuple(bytes.fromhex(text))
    except ValueError:
        return None
    return found if len(found) == len(_WHITE) else None


def _contrast(one: tuple[int, ...], two: tuple[int, ...]) -> float:
    """The contrast of two colours as the accessibility guidelines (WCAG) count it, from 1 to 21."""
    low, high = sorted(map(_luminance, (one, two)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: tuple[int, ...]) -> float:
    parts = [each / 255 for each in colour]
    linear = [each / 12.92 if each <= 0.03928 else ((each + 0.055) / 1.055) ** 2.4 for each in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


# -- drawings ----------------------------------------------------------------------------------------------


def _covering(part: Any) -> Iterator[Any]:
    """The drawings in ``part`` that lie in front of the text, without moving it aside."""
    for each in part.iter():
        name = local(each)
        if name == "anchor" and value_of(each, "behindDoc") in ("", *_OFF):
            if child(each, "wrapNone") is not None:
                yield each
        elif "position:absolute" in value_of(each, "style").replace(" ", ""):
            style = value_of(each, "style").replace(" ", "")
            if "z-index:-" not in style and not any(local(inner) == "wrap" for inner in each):
                yield each


def _number(text: str, default: int) -> int:
    try:
        return int(float(text))
    except (OverflowError, ValueError):
        return default
