"""Texts in the forms of the admin are read as in all other forms."""

from typing import Any

from django.contrib.admin.options import BaseModelAdmin
from django.db import models
from django.http import HttpRequest

from core.texts import text_form_class


class PlainTexts(BaseModelAdmin):
    """For a ModelAdmin or an inline: a text is stored as ``core.texts`` says."""

    def formfield_for_dbfield(
        self, db_field: "models.Field[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> Any:
        return super().formfield_for_dbfield(db_field, request, **{**text_form_class(db_field), **kwargs})
