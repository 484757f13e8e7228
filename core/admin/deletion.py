"""Deletion in the admin: one record at a time, and only if no other record depends on it."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import NestedObjects
from django.db import models, router
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext


class SafeDeletion(admin.ModelAdmin):
    """Says that other records prevent a deletion, but not which: the person may not be allowed to see any."""

    def get_actions(self, request: HttpRequest) -> Any:
        """Remove the action that deletes the selected records."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Return the records and the rows of their pages, their numbers by model, and whether any is kept.

        Other rows that the database would delete too, such as those of somebody's bulk action, are not shown.
        """
        collector = NestedObjects(using=router.db_for_write(self.model))
        collector.collect(objs)
        collected: dict[Any, Any] = dict(collector.model_objs)
        shown = (self.model, *(inline.model for inline in self.get_inline_instances(request)))
        rows_by_model = {model: collected[model] for model in shown if model in collected}
        counts = {str(model._meta.verbose_name_plural): len(rows) for model, rows in rows_by_model.items()}
        deleted = [_described(row) for rows in rows_by_model.values() for row in rows]
        return deleted, counts, set(), [_("Other records")] if collector.protected else []


def _described(record: models.Model) -> str:
    return pgettext("kind and name of a record", "%(kind)s: %(name)s") % {
        "kind": capfirst(record._meta.verbose_name),
        "name": record,
    }
