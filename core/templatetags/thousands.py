"""Numbers in the format of all pages: 12,345."""

from django import template
from django.utils.formats import number_format

register = template.Library()


@register.filter
def grouped(value: int) -> str:
    """``value`` with grouped thousands, in the format of the language."""
    return number_format(value, force_grouping=True)
