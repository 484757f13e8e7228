"""Lists of names in a template: ``{{ names|listed }}``."""

from django import template

from core import lists

register = template.Library()
register.filter("listed", lists.listed)
register.filter("all_of", lists.all_of)
register.filter("one_of", lists.one_of)
