"""Texts as they are stored: lines end with ``\\n``, characters are in NFC, blanks at both ends are removed.

Characters that embed or override a direction are removed as well: one in a title can make another text look
reversed, wherever the title stands. ``core/language_marks.py`` isolates those that a file brings.

A browser ends lines with ``\\r\\n`` and some keyboards send decomposed characters: without this, a text would
change each time a form is saved. Every form and every input of the API reads texts by ``plain_text``.
The loader of the register file does not: it stores a text as it is written in the file.
"""

from typing import Any

from django import forms
from django.db import models
from django.forms.boundfield import BoundField

from core.normal_forms import normalized

DIRECTING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Embeddings, overrides and isolates of a direction, and what ends them. Mere marks are not among them."""


def with_plain_lines(text: str) -> str:
    """``text`` with ``\\n`` at the end of lines, in NFC, without ``DIRECTING`` characters."""
    text = text.translate(dict.fromkeys(map(ord, DIRECTING)))
    return normalized("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def plain_text(text: str) -> str:
    """``text`` as it is stored when somebody typed it."""
    return with_plain_lines(text).strip()


def plain(value: Any) -> Any:
    """``value`` with each text in it, also in a list, as it is stored; anything else as it is."""
    if isinstance(value, str):
        return plain_text(value)
    return [plain(each) for each in value] if isinstance(value, list) else value


def is_changed(stored: Any, given: Any) -> bool:
    """Whether ``given`` is another value than ``stored``, and not the same text with other line ends."""
    return bool(stored != given and plain(stored) != plain(given))


class TextField(forms.CharField):
    """A text, read by ``plain_text``. A text that was not edited keeps its stored characters."""

    def to_python(self, value: Any) -> Any:
        """The text as it is stored."""
        return super().to_python(plain(value))

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether the text was edited."""
        return super().has_changed(plain(initial), data)

    def _clean_bound_field(self, bf: BoundField) -> Any:
        value = super()._clean_bound_field(bf)  # type: ignore[misc]
        return value if is_changed(bf.initial, value) else bf.initial


def form_field(field: "models.Field[Any, Any]", **kwargs: Any) -> Any:
    """The form field of a model field, for ``formfield_callback``: a text gets a ``TextField``."""
    return field.formfield(**text_form_class(field), **kwargs)


def text_form_class(field: "models.Field[Any, Any]") -> dict[str, Any]:
    """The argument ``form_class`` for a model field that people type a text into; empty for other fields."""
    is_text = type(field) in (models.CharField, models.TextField) and not field.choices
    return {"form_class": TextField} if is_text else {}
