"""Numbers that link to the rows which they count."""

from django import template
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def linked(n: int, url: str) -> SafeString | str:
    """``n`` as a link to the list at ``url``, which shows exactly ``n`` rows; 0 is no link."""
    if not n:
        return number_format(n)
    return format_html('<a href="{}" data-count="{}">{}</a>', url, n, number_format(n))
