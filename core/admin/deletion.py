"""Deleting in the admin: one record at a time, and nothing that anything else rests on."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import NestedObjects
from django.db import models, router
from django.http import HttpRequest
from django.utils.text import capfirst


class CarefulDeletion(admin.ModelAdmin):
    """Says what stands in the way of a deletion by its kind alone: its name may be for other eyes."""

    def get_actions(self, request: HttpRequest) -> Any:
        """Deleting is decided record by record, never by the list."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What would go, how many of each kind, and what forbids it."""
        collector = NestedObjects(using=router.db_for_write(self.model))
        collector.collect(objs)
        counted: dict[Any, Any] = collector.model_objs
        counts = {str(model._meta.verbose_name_plural): len(rows) for model, rows in counted.items()}
        protected = sorted({str(_kind(each)) for each in collector.protected})
        return collector.nested(_described), counts, set(), protected


def _kind(each: models.Model) -> str:
    return str(capfirst(each._meta.verbose_name_plural))


def _described(each: models.Model) -> str:
    return f"{capfirst(each._meta.verbose_name)}: {each}"
