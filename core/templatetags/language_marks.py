"""Which writing a text is in, where a page must set it otherwise: Khmer stands taller than Latin."""

import re

from django import template
from django.utils.safestring import SafeString

register = template.Library()

_KHMER = re.compile("[\u1780-\u17ff]")
_IN_KHMER = SafeString('lang="km"')
_BEGINS_IN_KHMER = re.compile("<([a-z][a-z0-9]*)((?:\\s[^<>]*)?)>(?=[^<]*[\u1780-\u17ff])")


@register.filter
def in_script(text: object) -> str:
    """For the tag around ``text``: its language where the letters leave no doubt, nothing for any other."""
    return _IN_KHMER if isinstance(text, str) and _KHMER.search(text) else ""


@register.filter(is_safe=True)
def khmer_marked(markup: str) -> str:
    """``markup``, with the language on every element in whose text, up to the next tag, stands Khmer.

    For what Django's own templates draw in the admin; a template of ours says ``in_script``.
    """
    return _BEGINS_IN_KHMER.sub(_with_language, markup) if _KHMER.search(markup) else markup


def _with_language(begin: re.Match[str]) -> str:
    name, attributes = begin.groups()
    return begin[0] if " lang=" in attributes else f"<{name}{attributes} {_IN_KHMER}>"
