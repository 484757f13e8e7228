"""Parts of pages that look alike again and again are drawn once."""

from collections.abc import Hashable
from functools import lru_cache

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()

MOST_KEPT = 4096
"""Drawings that a process keeps; those longest out of use give way."""


@register.simple_tag
def drawn(part: str, **values: Hashable) -> SafeString:
    """``{% include part with … only %}``, remembered by its values: for frozen ones in a list of many rows.

    What is drawn must follow from the values and the language alone: no person, no clock.
    """
    draw = _draw.__wrapped__ if settings.DEBUG else _draw
    return draw(part, get_language(), tuple(values.items()))


@lru_cache(maxsize=MOST_KEPT)
def _draw(part: str, language: str | None, values: tuple[tuple[str, Hashable], ...]) -> SafeString:
    return render_to_string(part, dict(values))
