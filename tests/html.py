"""Reads pages as people do: their words, tables and links, and their forms as a browser would send them.

A test says what somebody sees or types, and never how the markup is written::

    page = page_of(client.get("/commitments/"))
    assert page.texts("td.ref") == ["KHVN-2024-001"]
    assert page.links("nav")["Meetings"] == "/meetings/"
"""

from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

from lxml import html as lxml_html

_VOID_TYPES = {"submit", "button", "image", "reset"}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[dict[str, Any]] = []
        self.current: dict[str, Any] | None = None
        self.select: str | None = None
        self.multiple = False
        self.option: dict[str, str | None] | None = None
        self.area: str | None = None
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "form":
            self.current = {"id": found.get("id", ""), "data": {}}
            self.forms.append(self.current)
        elif self.current is None:
            return
        elif tag == "input":
            self._input(found)
        elif tag == "select":
            self.select, self.multiple = found.get("name"), "multiple" in found
            if not self.multiple and self.select:
                self.current["data"].setdefault(self.select, [])
        elif tag == "option" and self.select:
            if "selected" in found:
                self.current["data"].setdefault(self.select, []).append(found.get("value") or "")
        elif tag == "textarea":
            self.area, self.text = found.get("name"), ""

    def _input(self, found: dict[str, str | None]) -> None:
        kind, name = found.get("type", "text"), found.get("name")
        if name and kind not in _VOID_TYPES and (kind not in ("checkbox", "radio") or "checked" in found):
            value = found.get("value")
            self.current["data"].setdefault(name, []).append(
                "on" if value is None and kind == "checkbox" else value or ""
            )

    def handle_data(self, data: str) -> None:
        if self.area is not None:
            self.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.current = None
        elif tag == "select":
            self.select = None
        elif tag == "textarea" and self.area is not None and self.current is not None:
            self.current["data"][self.area] = [
                self.text.replace("\r\n", "\n").removeprefix("\n").replace("\n", "\r\n")
            ]
            self.area = None


@dataclass(frozen=True)
class Page:
    """A page, or what ``select`` found in it; every question takes a CSS selector."""

    tree: lxml_html.HtmlElement

    def select(self, selector: str) -> list["Page"]:
        """Every element that ``selector`` fits, in the order of the page."""
        return [Page(found) for found in self.tree.cssselect(selector)]

    def one(self, selector: str) -> "Page":
        """The only element that ``selector`` fits."""
        [found] = self.select(selector)
        return found

    @property
    def text(self) -> str:
        """The words, in one line."""
        return " ".join(self.tree.text_content().split())

    def texts(self, selector: str) -> list[str]:
        """The words of each element that ``selector`` fits."""
        return [found.text for found in self.select(selector)]

    def links(self, selector: str = "") -> dict[str, str]:
        """Where the links within ``selector`` lead, by their words; of two with the same words the last."""
        return {link.text: link["href"] for link in self.select(f"{selector} a[href]")}

    def __getitem__(self, attribute: str) -> str:
        return self.tree.attrib[attribute]


def page_of(response: Any) -> Page:
    """The page of an answer."""
    return Page(lxml_html.document_fromstring(response.content.decode()))


def form_of(response: Any, form_id: str = "") -> dict[str, list[str]]:
    """The fields of the form ``form_id`` of a page (else of the last form on it), by name, as lists."""
    reader = _Reader()
    reader.feed(response.content.decode())
    forms = [each for each in reader.forms if each["id"] == form_id] if form_id else reader.forms
    assert forms, f"no form {form_id!r} on the page"
    return {name: values for name, values in forms[-1]["data"].items() if values}


def text_of(response: Any) -> str:
    """The words of a page, in one line."""
    reader = _Words()
    reader.feed(response.content.decode())
    return " ".join(" ".join(reader.words).split())


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in ("script", "style", "head")

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in ("script", "style", "head")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.words.append(data)
