"""Citations of sources: the document, its date and the paragraph."""

from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from commitments.querysets import AsOf
from commitments.reports.links import on_day
from relations.models import Paragraph, Source


@dataclass(frozen=True, slots=True)
class Citation:
    """A document or a paragraph of it, with its URL.

    ``withdrawn_because`` is the reason why evidence was withdrawn; "" unless it was.
    """

    title: str
    url: str
    withdrawn_because: str = ""


def cite_source(source: Source) -> str:
    """The short name of a document: “Note for file no. 123/QH of 13 Jul 2024”."""
    kind = capfirst(source.get_kind_display())
    if source.number:
        # Translators: a kind of document and its number in the registry, such as “Note for file no. 123/QH”.
        kind = pgettext("document", "%(kind)s no. %(number)s") % {"kind": kind, "number": source.number}
    if source.published_on is None:
        return kind
    # Translators: a document and its date, such as “Note for file of 13 Jul 2024”.
    return _("%(kind)s of %(day)s") % {"kind": kind, "day": date_format(source.published_on)}


def cite_version(paragraph: Paragraph, version: int, as_of: AsOf | None = None) -> Citation:
    """A paragraph as it read when something was based on it; the page of its versions if it was corrected."""
    if version >= paragraph.version:
        return cite(paragraph, as_of)
    # Translators: a paragraph of a document that was corrected later.
    title = _("%(place)s, §\u00a0%(number)s, version %(version)d, corrected since") % {
        "place": cite_source(paragraph.source),
        "number": paragraph.first_citation if version == 1 else paragraph.citation,
        "version": version,
    }
    return Citation(title, paragraph.get_versions_url())


def cite(paragraph: Paragraph, as_of: AsOf | None = None) -> Citation:
    """A paragraph in short: “Note for file of 13 Jul 2024, § 23”. Its URL keeps the date ``as_of``."""
    # Translators: a paragraph of a document or of a meeting.
    title = pgettext("paragraph", "%(place)s, §\u00a0%(number)s") % {
        "place": cite_source(paragraph.source),
        "number": paragraph.citation,
    }
    url = paragraph.get_absolute_url()
    return Citation(title, on_day(url, as_of) if as_of else url)
