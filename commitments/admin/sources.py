"""The admin of sources, with the mentions that quote each paragraph."""

from typing import Any

from django.contrib import admin
from django.db.models import Prefetch
from django.http import HttpResponse

from commitments.models import Commitment, Mention
from relations.admin.sources import SourceAdmin
from relations.models import Source


@admin.register(Source)
class SourceWithMentionsAdmin(SourceAdmin):
    """The page of a source, with its paragraphs and their mentions below the form."""

    change_form_template = "admin/relations/source/change_form.html"

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
