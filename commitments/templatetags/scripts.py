"""Which writing a text is in, where a page must set it otherwise: Khmer stands taller than Latin."""

import re

from django import template
from django.utils.safestring import SafeString

register = template.Library()

_KHMER = re.compile("[\u1780-\u17ff]")
_IN_KHMER = SafeString(' lang="km"')


@register.filter
def in_script(text: object) -> str:
    """For the tag around ``text``: its language where the letters leave no doubt, nothing for any other."""
    return _IN_KHMER if isinstance(text, str) and _KHMER.search(text) else ""
