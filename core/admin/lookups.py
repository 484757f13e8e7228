"""Which conditions the address of a list in the admin may state."""

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import get_fields_from_path
from django.contrib.admin.views.main import SEARCH_VAR
from django.http import HttpRequest

_LONGEST_KEY = 18
"""The digits of the largest key that every database holds."""


def _is_too_large(value: str) -> bool:
    return value.isdecimal() and len(value) > _LONGEST_KEY


class OfferedLookups(admin.ModelAdmin):
    """Allows only the conditions that the list itself offers, and those in ``allowed_lookups``.

    Django allows a condition on any field of the record and on any relation of one step. The length of the
    list would then tell, letter by letter, a value that no page shows, and facts about records that the
    person may not see. Any other condition is a 400.
    """

    allowed_lookups: ClassVar[Sequence[str]] = ()
    """The conditions in links to this list, such as ``owner__id__exact``."""

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        return lookup in {*self.allowed_lookups, *self._offered_lookups(request)}

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The list. A key that no database can hold is an error of the address, which the list tells."""
        names = (name for name in request.GET if name != SEARCH_VAR)
        if any(_is_too_large(value) for name in names for value in request.GET.getlist(name)):
            raise IncorrectLookupParameters
        return super().get_changelist_instance(request)

    def _offered_lookups(self, request: HttpRequest | None) -> Iterator[str]:
        if self.date_hierarchy:
            yield from (f"{self.date_hierarchy}__{part}" for part in ("year", "month", "day"))
        for each in self.get_list_filter(request):  # type: ignore[arg-type]
            if isinstance(each, type):
                yield str(each.parameter_name)  # type: ignore[attr-defined]
                continue
            name: Any = each[0] if isinstance(each, (list, tuple)) else each
            field: Any = get_fields_from_path(self.model, name)[-1]
            key = f"{name}__{field.target_field.name}" if field.is_relation else name
            yield from (name, f"{key}__exact", f"{name}__isnull")
