"""How a source is cited: which document, of what day, which paragraph."""

from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from commitments.querysets import AsOf
from commitments.reports.links import on_day
from relations.models import Paragraph, Source


@dataclass(frozen=True, slots=True)
class Citation:
    """A document or a place in it, and the way there."""

    title: str
    url: str


def cite_source(source: Source) -> str:
    """The document in short: “Note for file of 13 Jul 2024”."""
    kind = capfirst(source.get_kind_display())
    if source.published_on is None:
        return kind
    return _("%(kind)s of %(day)s") % {"kind": kind, "day": date_format(source.published_on)}


def cite(paragraph: Paragraph, as_of: AsOf | None = None) -> Citation:
    """A paragraph in short: “Note for file of 13 Jul 2024, § 23”; the way there keeps the day of the page."""
    place = _("%(source)s, §\u00a0%(number)d") % {
        "source": cite_source(paragraph.source),
        "number": paragraph.number,
    }
    url = paragraph.get_absolute_url()
    return Citation(place, on_day(url, as_of) if as_of else url)
