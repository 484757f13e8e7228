"""Deletion in the admin: one record at a time, and only if no other record depends on it."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import NestedObjects
from django.db import models, router
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import pgettext


class SafeDeletion(admin.ModelAdmin):
    """Names the models of the records that prevent a deletion, not the records, which may be classified."""

    def get_actions(self, request: HttpRequest) -> Any:
        """Remove the action that deletes the selected records."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Return what would be deleted, the counts by model, and the models that prevent it."""
        collector = NestedObjects(using=router.db_for_write(self.model))
        collector.collect(objs)
        rows_by_model: dict[Any, Any] = collector.model_objs
        counts = {str(model._meta.verbose_name_plural): len(rows) for model, rows in rows_by_model.items()}
        protected = sorted({str(_model_name(each)) for each in collector.protected})
        return collector.nested(_described), counts, set(), protected


def _model_name(record: models.Model) -> str:
    return str(capfirst(record._meta.verbose_name_plural))


def _described(record: models.Model) -> str:
    return pgettext("kind and name of a record", "%(kind)s: %(name)s") % {
        "kind": capfirst(record._meta.verbose_name),
        "name": record,
    }
