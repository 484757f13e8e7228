"""The admin of themes."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Right
from commitments.models import Commitment, Theme
from relations.admin.named import NamedAdmin


@admin.register(Theme)
class ThemeAdmin(NamedAdmin):
    """Policy fields. Each commitment has one."""

    edit_right = Right.EDIT_REFERENCE_DATA
    list_display = ["name", "slug", "commitment_count"]
    fields = ["name", "slug"]

    def get_queryset(self, request: Any) -> Any:
        visible = Commitment.objects.visible_to(request.user).filter(theme=OuterRef("pk"))
        total = visible.order_by().values("theme").annotate(n=Count("pk")).values("n")
        return super().get_queryset(request).annotate(commitment_total=Coalesce(Subquery(total), 0))

    @admin.display(description=_("commitments"), ordering="commitment_total")
    def commitment_count(self, theme: Any) -> int:
        """The number of commitments with this theme that the person may see."""
        return int(theme.commitment_total)
