"""Columns that keep the first value of another field of the same row."""

from typing import Any

from django.db import models


class _FirstValue:
    """Gets the value of the field ``of`` when the row is added, unless the row is added with its versions."""

    attname: str

    def __init__(self, *args: Any, of: str, **kwargs: Any) -> None:
        self.of = of
        super().__init__(*args, **{**kwargs, "editable": False})

    def deconstruct(self) -> Any:
        """As Django needs it for migrations."""
        name, path, args, kwargs = super().deconstruct()  # type: ignore[misc]
        return name, path, args, {**kwargs, "of": self.of}

    def pre_save(self, instance: Any, add: bool) -> Any:
        """The first value: today's, if the row is new and has one version."""
        if add and instance.version == 1:
            setattr(instance, self.attname, getattr(instance, self.of))
        return getattr(instance, self.attname)


class FirstText(_FirstValue, models.TextField):
    """The first value of a text."""


class FirstChars(_FirstValue, models.CharField):
    """The first value of a short text or a choice."""
