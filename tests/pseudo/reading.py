"""What a person sees or hears of a page, what of it never went through gettext, and what has no language."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser

from lxml import html as lxml_html

from core.uploads import ACCEPTED
from tests.pseudo.language import accented

SEEN_ATTRIBUTES = {
    "alt",
    "aria-description",
    "aria-label",
    "aria-roledescription",
    "aria-valuetext",
    "hx-confirm",
    "hx-prompt",
    "label",
    "placeholder",
    "summary",
    "title",
}
TOLD_BY_SCRIPTS = {
    "data-body",
    "data-close",
    "data-dialog",
    "data-elsewhere",
    "data-example",
    "data-go",
    "data-introduction",
    "data-label",
    "data-office",
    "data-offline",
    "data-told",
    "data-announcement",
}
"""Texts that a style sheet or a script shows. Of other ``data-`` attributes, those with two words count."""
BUTTONS = {"submit", "button", "reset"}
SILENT = {"script", "style", "template"}
VOID = {"input", "img", "br", "hr", "meta", "link", "use", "path"}
NOT_PROSE = {
    "kbd": "a key of the keyboard",
    "code": "a parameter, a code or an address, as programs write it",
    "textarea": "what somebody typed",
}
MONO = "mono"
"""The class of what is set as programs write it: parameters of an address, keys of a second step."""
NOT_ENGLISH = {
    r"\b[A-Z]{4,}-\d{4}-\d{3,}\b": "a reference, such as KHVN-2024-018",
    r"\b(?:KH|VN|LA|XX)\b": "an ISO code of a country of the test world",
    r"\bhttps?://\S+": "an address",
    r"\S+@\S+\.\w+": "an e-mail address",
    r"“[a-z_]+”|\"[^\"]*\"": "a name that came from outside, quoted",
    r"^(?:[a-z_]+, )*[a-z_]+: ": "the parameters of an address, before what is wrong with them",
    rf"(?<={accented('Possible')}: )[a-z_, ]+": "what a parameter takes, as programs write it",
    r"(?i:\bsha-?256\b)": "the name of a method",
    r"\b[0-9a-f]{12,64}\b": "the fingerprint of a text",
    rf"\b(?:{'|'.join(ending.lstrip('.') for ending in ACCEPTED)})\b": "the ending of a file's name",
    r"^rtl,ltr$": "the direction of writing, as HTML names it",
    r"^[A-Z]\w+(?:/[\w+-]+)+$": "a time zone, as the IANA database names it",
    r"\bYYYY-MM-DD\b": "how ISO 8601 writes a day",
}
THIRD_PARTY = {
    r"^(?:True|False|None)$": "Django's admin names its icons by the value, in Python's words",
    r"\bmd5\b|\b[\w/+]+\*{4,}": "how Django's admin shows that a password is kept",
    r"^User-group relationship": "Django names the rows behind a many-to-many relation once, when it starts",
    r"\bUser_groups object\b": "the same rows, one by one",
    r"^Whether the user will be able to authenticate.*": "Django joins this help when it starts",
    r"^If disabled, the current password for this user.*": "the same help",
    rf"(?<={accented('got')} )list\b": "REST framework names a type as Python does",
    r"\bExpecting property name.*": "what Python's reader of JSON says",
}
_EXEMPT = re.compile("|".join([*NOT_ENGLISH, *THIRD_PARTY]))
_WORD = re.compile(r"[A-Za-z]{2,}")
_TWO_WORDS = re.compile(r"[A-Za-z]{2,}[,;:]? [A-Za-z]{2,}")


@dataclass(frozen=True, slots=True)
class Seen:
    """A text of a page, and the element or attribute in which it stands."""

    place: str
    text: str


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.seen: list[Seen] = []
        self.open: list[str] = []
        self.place = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        for name, value in found.items():
            is_told = name.startswith("data-") and (name in TOLD_BY_SCRIPTS or _TWO_WORDS.search(value))
            is_button = name == "value" and tag == "input" and found.get("type") in BUTTONS
            if name in SEEN_ATTRIBUTES or is_told or is_button:
                self.seen.append(Seen(f"{tag}[{name}]", value))
        if tag in VOID:
            return
        if tag in SILENT or tag in NOT_PROSE or MONO in found.get("class", "").split():
            self.open.append(tag)
        elif not self.open:
            self.place = tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.open and self.open[-1] == tag:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if not self.open and data.strip():
            self.seen.append(Seen(self.place, " ".join(data.split())))


def seen_on(markup: str) -> list[Seen]:
    """The texts of a page, in order: those between its tags and those in its attributes."""
    reader = _Reader()
    reader.feed(markup)
    return reader.seen


def is_english(text: str) -> bool:
    """Whether ``text`` holds a word in plain letters that no exemption explains."""
    return bool(_WORD.search(_EXEMPT.sub("", text)))


def english_on(markup: str) -> Iterator[Seen]:
    """The texts of a page that never went through gettext."""
    return (seen for seen in seen_on(markup) if is_english(seen.text))


_GREEK = re.compile("[\u0370-\u03ff\u1f00-\u1fff]{2}")
_ALONE = {"title", "option", "textarea", "script", "style"}
"""What cannot contain an element, or is laid out by itself."""


def unmarked_on(markup: str) -> Iterator[Seen]:
    """The names and notes of a page that are in no element with their language.

    Everything that people typed is Greek. The element would also have the direction of a text in Hebrew.
    """
    for element in lxml_html.document_fromstring(markup).iter() if markup.strip() else ():
        if not isinstance(element.tag, str) or element.tag in _ALONE:
            continue
        texts = [element.text, *(child.tail for child in element)]
        if not any(text and _GREEK.search(text) for text in texts):
            continue
        if not element.xpath("ancestor-or-self::*[@lang and not(self::html)]"):
            yield Seen(f"{element.tag}.{element.get('class', '')}", " ".join(element.text_content().split()))
