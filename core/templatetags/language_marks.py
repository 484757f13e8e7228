"""Marks the language of a text in Khmer script, which needs a larger line height than Latin script."""

import re

from django import template
from django.utils.safestring import SafeString

register = template.Library()

_KHMER = re.compile("[\u1780-\u17ff]")
_IN_KHMER = SafeString('lang="km"')
_BEGINS_IN_KHMER = re.compile("<([a-z][a-z0-9]*)((?:\\s[^<>]*)?)>(?=[^<]*[\u1780-\u17ff])")


@register.filter
def in_script(text: object) -> str:
    """The ``lang`` attribute for an element around ``text`` if it has Khmer letters; otherwise ""."""
    return _IN_KHMER if isinstance(text, str) and _KHMER.search(text) else ""


@register.filter(is_safe=True)
def khmer_marked(markup: str) -> str:
    """``markup`` with a ``lang`` attribute on every element whose own text has Khmer letters.

    This is for Django's own templates of the admin. Other templates use ``in_script``.
    """
    return _BEGINS_IN_KHMER.sub(_with_language, markup) if _KHMER.search(markup) else markup


def _with_language(begin: re.Match[str]) -> str:
    name, attributes = begin.groups()
    return begin[0] if " lang=" in attributes else f"<{name}{attributes} {_IN_KHMER}>"
