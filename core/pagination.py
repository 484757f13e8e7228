"""Pagination, for pages and the API alike."""

from typing import Any

from django.core.paginator import EmptyPage, Page, Paginator
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

PAGE_SIZE = 50
MAX_PAGE_SIZE = 500


def page_of(rows: Any, *, number: int | None, size: int | None) -> Page[Any]:
    """Page ``number`` (from 1) of ``rows``. Raises ``Http404`` past the end; the first page always exists."""
    try:
        return Paginator(rows, size or PAGE_SIZE).page(number or 1)
    except EmptyPage as error:
        raise no_page(number) from error


def no_page(number: int | None) -> Http404:
    """The answer past the last page."""
    return Http404(_("There is no page %(number)s.") % {"number": number})


def page_url(request: HttpRequest, number: int) -> str:
    """The absolute URL of another page of the same list."""
    query = request.GET.copy()
    query["page"] = str(number)
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
