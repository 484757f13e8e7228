"""The template filter ``told``."""

from django import template

from core import stored_sentences

register = template.Library()


@register.filter
def told(text: str) -> str:
    """A reason in the language of the reader, if the program itself wrote it."""
    return stored_sentences.told(text)
