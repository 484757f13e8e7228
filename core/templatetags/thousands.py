"""Numbers as every page writes them: 12,345."""

from django import template
from django.utils.formats import number_format

register = template.Library()


@register.filter
def grouped(value: int) -> str:
    """``value`` with its thousands apart, as the language writes them."""
    return number_format(value, force_grouping=True)
