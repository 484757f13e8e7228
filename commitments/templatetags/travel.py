"""Links that stay on the day of the page while somebody looks at the register as it stood."""

from django import template

from commitments.querysets import AsOf
from commitments.reports import addresses

register = template.Library()


@register.filter
def on_day(url: str, when: AsOf) -> str:
    """``url`` on the day of the page; as it is where the page shows today."""
    return addresses.on_day(url, when)
