"""Pages of the admin that are called by what they show."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst


class TitledPages(admin.ModelAdmin):
    """“Meetings” and “Joint Committee, 21st session”, not “Select meeting to change”."""

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """A list is called by what it lists."""
        title = str(capfirst(self.opts.verbose_name_plural))
        return super().changelist_view(request, {"title": title, "subtitle": None, **(extra_context or {})})

    def render_change_form(
        self, request: Any, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """A record is called by its name."""
        if context.get("original") is not None:
            context |= {"title": str(context["original"]), "subtitle": None}
        return super().render_change_form(request, context, *args, **kwargs)
