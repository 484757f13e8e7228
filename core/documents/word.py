"""The text of a Word document, as Word shows it. Run in a process of its own.

Automatic numbers stand before their paragraph. A heading begins with ``# ``, a footnote with ``[^1] ``;
``[^1]`` in the text is its mark.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from core.documents.child import Extract, answer
from core.documents.kinds import Kind
from core.documents.old_fonts import is_old, refuse_old_fonts
from core.documents.packages import kind_of, require_readable
from core.documents.problems import Problem, Unreadable
from core.documents.tables import is_head, row_text
from core.documents.word_numbering import Lists, lists_of
from core.documents.word_package import WordParts, child, children, local, value_of
from core.documents.word_symbols import symbol

_CHARACTERS = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "softHyphen": "", "ptab": " "}
"""What an element is in the text. A line break stays one: it may part the items of a list."""
_BREAKS_OF_PAGES = ("page", "column")
_IGNORED = frozenset(
    ("moveFrom", "Fallback", "del", "delText", "instrText", "pPr", "rPr", "tblPr", "trPr", "tcPr")
)
"""Text that was deleted or moved away, copies for older programs, fields, and properties."""
_NOTES = {"footnoteReference": "footnotes", "endnoteReference": "endnotes"}
_FEW_COLUMNS = ({2}, {3})
"""The numbers of columns of a table that may have a language in each column."""
_OFF = ("0", "false", "off", "none")


@dataclass(frozen=True, slots=True)
class _Style:
    """What a style adds: its list and level, whether its text is hidden, whether it is a heading."""

    based_on: str = ""
    number: str | None = None
    level: int | None = None
    is_hidden: bool | None = None
    is_heading: bool = False
    font: str = ""


def paragraphs(content: bytes) -> Extract:
    """The paragraphs that are not empty, with all tracked changes accepted. Raises ``Unreadable``.

    Each element is visited once, however deep tables and text boxes are nested.
    """
    with ZipFile(BytesIO(content)) as package:
        require_readable(package)
        if kind_of(package) != Kind.DOCX:
            raise Unreadable(Problem.WRONG_KIND)
        reader = _Reader(WordParts(package))
        parts, left_out = tuple(reader.blocks()), tuple(reader.left_out())
        refuse_old_fonts(reader.old_letters)
        return Extract(parts, left_out, beside=tuple(reader.beside))


def _is_on(properties: Any, name: str) -> bool | None:
    """Whether the switch ``name`` is on in ``properties``. None: it is not there."""
    switch = child(properties, name)
    return None if switch is None else value_of(switch) not in _OFF


@dataclass(slots=True)
class _Reader:
    """Reads the parts of one document in order."""

    parts: WordParts
    styles: dict[str, _Style] = field(init=False)
    usual_style: str = field(init=False)
    """The style of a paragraph that names none."""
    lists: Lists = field(init=False)
    notes: dict[tuple[str, str], Any] = field(init=False)
    _noted: list[tuple[str, str]] = field(default_factory=list)
    _joined: str = ""
    """The text of a paragraph whose mark was deleted: it goes on in the next one."""
    beside: list[tuple[int, int, tuple[str, ...]]] = field(default_factory=list)
    """The tables of a few columns: from which paragraph to before which one, and their columns as texts."""
    old_letters: int = 0
    """How many letters are in fonts from before Unicode."""
    _count: int = 0
    """How many paragraphs were found."""
    _depth: int = 0
    """In how many cells the reader is."""

    def __post_init__(self) -> None:
        styles = self.parts.part("styles")
        self.styles = dict(_styles(styles))
        usual = (value_of(each, "styleId") for each in children(styles, "style") if _is_usual(each))
        self.usual_style = next(usual, "")
        self.lists = lists_of(self.parts.part("numbering"))
        self.notes = {
            (kind, value_of(note, "id")): note
            for kind in _NOTES.values()
            for note in (self.parts.part(kind) if self.parts.part(kind) is not None else ())
        }

    def blocks(self) -> Iterator[str]:
        """The paragraphs of the text in order, the rows of its tables, its footnotes."""
        body = child(self.parts.main, "body")
        for block in self._blocks(body if body is not None else ()):
            if block:
                self._count += 1
                yield block
        if self._joined:
            yield self._joined

    def left_out(self) -> Iterator[str]:
        """The texts of the headers and footers."""
        seen: set[str] = set()
        for kind in ("header", "footer"):
            for part in self.parts.parts(kind):
                text = " ".join(" ".join(self._text(part, [])).split())
                if any(map(str.isalpha, text)) and text not in seen:
                    seen.add(text)
                    yield text

    def _blocks(self, parent: Any) -> Iterator[str]:
        """The paragraphs in ``parent`` in order, at any depth. A row of a table is one paragraph."""
        for element in parent:
            name = local(element)
            if name == "p":
                yield from self._paragraph(element)
            elif name == "tbl":
                yield from self._table(element)
            elif name not in _IGNORED:
                yield from self._blocks(element)

    def _paragraph(self, paragraph: Any) -> Iterator[str]:
        """The text of ``paragraph``, its footnotes, then the paragraphs of the text boxes in it."""
        boxes: list[Any] = []
        properties = child(paragraph, "pPr")
        style = value_of(child(properties, "pStyle"))
        text = _in_lines("".join(self._text(paragraph, boxes, style=style)))
        mark = child(properties, "rPr")
        if text and (child(mark, "del") is not None or child(mark, "moveFrom") is not None):
            self._joined += f"{text} "
        elif text or self._joined:
            text, self._joined = f"{self._joined}{text}", ""
            yield self._labelled(text, properties, style)
        yield from self._taken_notes()
        for box in boxes:
            yield from self._blocks(box)

    def _labelled(self, text: str, properties: Any, style: str) -> str:
        number, level = self._list_of(properties, style)
        label = self.lists.label(number, level) if number else ""
        is_heading = (
            any(each.is_heading for each in self._chain(style)) or child(properties, "outlineLvl") is not None
        )
        return f"{'# ' if is_heading and label != '•' else ''}{f'{label} {text}' if label else text}"

    def _list_of(self, properties: Any, style: str) -> tuple[str, int]:
        """The list and the level of a paragraph: its own, else those of its style."""
        own = child(properties, "numPr")
        number = value_of(child(own, "numId")) if own is not None else ""
        level = value_of(child(own, "ilvl")) if own is not None else ""
        if not number:
            for name in self._names(style):
                found = self.styles[name]
                if found.number is not None:
                    number = found.number
                    definition = self.lists.numbers.get(number, ("", {}, {}))[0]
                    linked = self.lists.styles.get(name)
                    if linked and linked[0] == definition:
                        level = level or str(linked[1])
                    level = level or str(found.level or 0)
                    break
        return ("" if number == "0" else number), int(level) if level.isdecimal() and len(level) == 1 else 0

    def _names(self, style: str) -> Iterator[str]:
        """``style`` and the styles on which it is based."""
        seen: set[str] = set()
        while style in self.styles and style not in seen:
            seen.add(style)
            yield style
            style = self.styles[style].based_on

    def _chain(self, style: str) -> Iterator[_Style]:
        return (self.styles[name] for name in self._names(style))

    def _is_hidden(self, run: Any, paragraph_style: str) -> bool:
        properties = child(run, "rPr")
        own = _is_on(properties, "vanish")
        if own is not None:
            return own
        for style in (value_of(child(properties, "rStyle")), paragraph_style):
            hidden = next((each.is_hidden for each in self._chain(style) if each.is_hidden is not None), None)
            if hidden is not None:
                return hidden
        return False

    def _text(self, parent: Any, boxes: list[Any], *, style: str = "") -> Iterator[str]:
        """The characters in ``parent``. Text boxes are put into ``boxes``, footnotes into ``_noted``."""
        for element in parent:
            name = local(element)
            if name == "t":
                yield element.text or ""
            elif name in _CHARACTERS:
                yield " " if value_of(element, "type") in _BREAKS_OF_PAGES else _CHARACTERS[name]
            elif name == "sym":
                yield symbol(value_of(element, "font"), value_of(element, "char"))
            elif name in _NOTES:
                yield self._note_mark(_NOTES[name], value_of(element, "id"))
            elif name == "txbxContent":
                boxes.append(element)
            elif name == "r":
                if not self._is_hidden(element, style):
                    self._count_old_letters(element, style)
                    yield from self._text(element, boxes, style=style)
            elif name not in _IGNORED:
                yield from self._text(element, boxes, style=style)

    def _count_old_letters(self, run: Any, paragraph_style: str) -> None:
        properties = child(run, "rPr")
        font = value_of(child(properties, "rFonts"), "ascii")
        styles = (value_of(child(properties, "rStyle")), paragraph_style or self.usual_style)
        chains = (each.font for name in styles for each in self._chain(name))
        if is_old(font or next(filter(None, chains), "")):
            self.old_letters += sum(len(each.text or "") for each in children(run, "t"))

    def _note_mark(self, kind: str, key: str) -> str:
        if (kind, key) not in self.notes or (kind, key) in self._noted:
            return ""
        self._noted.append((kind, key))
        return f"[^{len(self._noted)}]"

    def _taken_notes(self) -> Iterator[str]:
        """The footnotes whose marks were read since the last call."""
        for number, key in enumerate(self._noted, start=1):
            note = self.notes.pop(key, None)
            if note is not None:
                text = " ".join(" ".join(self._blocks(note)).split())
                if text:
                    yield f"[^{number}] {text}"

    def _table(self, table: Any) -> Iterator[str]:
        """Each row as one paragraph. Where the first row is the head, its words stand before the cells."""
        whole = [[self._cell(cell) for cell in _nearest(row, "tc")] for row in _nearest(table, "tr")]
        rows = [[" ".join(" ".join(cell).split()) for cell in row] for row in whole]
        start = self._count
        first = next(iter(_nearest(table, "tr")), None)
        has_head = first is not None and (
            child(child(first, "trPr"), "tblHeader") is not None or (len(rows) > 1 and is_head(rows[0]))
        )
        heads = rows[0] if has_head else []
        for number, row in enumerate(rows):
            yield row_text(row, heads if number else [])
            yield from self._taken_notes()
        if not self._depth and self._count > start and {len(row) for row in whole} in _FEW_COLUMNS:
            columns = zip(*whole, strict=True)
            texts = tuple("\n\n".join(part for cell in column for part in cell) for column in columns)
            self.beside.append((start, self._count, texts))

    def _cell(self, cell: Any) -> list[str]:
        self._depth += 1
        parts = list(filter(None, self._blocks(cell)))
        self._depth -= 1
        return parts


def _in_lines(text: str) -> str:
    """``text`` without repeated spaces, with its own line breaks."""
    return "\n".join(filter(None, (" ".join(line.split()) for line in text.split("\n"))))


def _nearest(parent: Any, name: str) -> Iterator[Any]:
    """The elements ``name`` below ``parent`` that are not inside another one."""
    for each in parent:
        if local(each) == name:
            yield each
        elif local(each) not in _IGNORED:
            yield from _nearest(each, name)


def _is_usual(style: Any) -> bool:
    return value_of(style, "type") == "paragraph" and value_of(style, "default") in ("1", "true")


def _styles(part: Any) -> Iterator[tuple[str, _Style]]:
    for style in children(part, "style"):
        properties = child(style, "pPr")
        numbered = child(properties, "numPr")
        name = value_of(child(style, "name")).casefold()
        level = value_of(child(numbered, "ilvl")) if numbered is not None else ""
        yield (
            value_of(style, "styleId"),
            _Style(
                based_on=value_of(child(style, "basedOn")),
                number=value_of(child(numbered, "numId")) or None if numbered is not None else None,
                level=int(level) if level.isdecimal() and len(level) == 1 else None,
                is_hidden=_is_on(child(style, "rPr"), "vanish"),
                font=value_of(child(child(style, "rPr"), "rFonts"), "ascii"),
                is_heading=name in ("title", "subtitle") or name.startswith("heading "),
            ),
        )


if __name__ == "__main__":
    answer(paragraphs)
