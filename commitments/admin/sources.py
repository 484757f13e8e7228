"""The admin of sources, with the mentions that quote each paragraph."""

from typing import Any

from django.contrib import admin
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse

from commitments.level_forms import RaisedCommitments, with_raising
from commitments.models import Commitment, Mention
from relations.admin.sources import SourceAdmin, SourceForm
from relations.models import Source


class SourceWithLevelForm(RaisedCommitments, SourceForm):
    """A source. Before it is classified higher, the form names the commitments that it raises."""


@admin.register(Source)
class SourceWithMentionsAdmin(SourceAdmin):
    """The page of a source, with its paragraphs and their mentions below the form."""

    change_form_template = "admin/relations/source/change_form.html"
    form = SourceWithLevelForm

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Ask whether commitments are raised where there can be any."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or not self.has_change_permission(request, obj):
            return fieldsets
        return with_raising(fieldsets, "classification")

    def render_change_form(
        self, request: Any, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if context["original"] is not None:
            visible = Commitment.objects.visible_to(request.user)
            mentions = Mention.objects.filter(commitment__in=visible).select_related("commitment", "meeting")
            context["paragraphs"] = (
                context["original"]
                .paragraphs.order_by("number")
                .prefetch_related(Prefetch("mentions", mentions, to_attr="visible_mentions"))
            )
        return super().render_change_form(request, context, *args, **kwargs)
