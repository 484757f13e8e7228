"""Marks the words of a search in a text."""

from functools import lru_cache

from django import template
from django.utils.safestring import SafeString

from commitments.reports import search_snippets
from core.search.query import Term
from relations.names import search_terms

register = template.Library()


@register.filter
def highlight(text: str | None, words: str | None) -> SafeString:
    """``text``, escaped, with matches of the search ``words`` marked."""
    return search_snippets.highlight(text or "", _terms(words or ""))


@lru_cache(maxsize=64)
def _terms(words: str) -> tuple[Term, ...]:
    return search_terms(words)
