"""Cached includes, for parts that a page repeats with the same values."""

import re
from collections.abc import Hashable
from functools import lru_cache

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()

_BLANK_LINES = re.compile(r"\n+")
"""What the tags of a template leave behind that show nothing."""
MAX_ENTRIES = 4096
"""The size of the cache. Least recently used entries are evicted."""


@register.simple_tag
def cached_include(part: str, **values: Hashable) -> SafeString:
    """``{% include part with … only %}``, cached by its values, which must be immutable.

    The output must depend on the values and the language alone, not on the user or the time.
    """
    render = _render.__wrapped__ if settings.DEBUG else _render
    return render(part, get_language(), tuple(values.items()))


@lru_cache(maxsize=MAX_ENTRIES)
def _render(part: str, language: str | None, values: tuple[tuple[str, Hashable], ...]) -> SafeString:
    return SafeString(_BLANK_LINES.sub("\n", render_to_string(part, dict(values))))
