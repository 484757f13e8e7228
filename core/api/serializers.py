"""Input of the API, strict about what it does not know, with every fault at its field."""

from collections.abc import Callable, Hashable, Mapping
from http import HTTPStatus
from typing import Any, TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.relations import MANY_RELATION_KWARGS

from core.api.problem_details import Problem, by_field

T = TypeVar("T")


class StrictSerializer(serializers.Serializer[Any]):
    """Refuses a key that it does not know, by name."""

    def to_internal_value(self, data: Any) -> Any:
        """Parse, and add a fault for each unknown key to the others."""
        unknown = set(data) - set(self.fields) if isinstance(data, Mapping) else set()
        faults: dict[str, Any] = {
            key: [_("There is no field “%(key)s”.") % {"key": key}] for key in sorted(unknown)
        }
        faults |= self._no_texts(data) if isinstance(data, Mapping) else {}
        try:
            parsed = super().to_internal_value(data)
        except serializers.ValidationError as error:
            known = error.detail if isinstance(error.detail, dict) else {"body": error.detail}
            raise serializers.ValidationError({**known, **faults}) from error
        if faults:
            raise serializers.ValidationError(faults)
        return parsed

    def _no_texts(self, data: Mapping[str, Any]) -> dict[str, list[str]]:
        """Where a text is due and something else is given: a number is not read as its digits."""
        return {
            name: [_("Give a text.")]
            for name, field in self.fields.items()
            if isinstance(field, serializers.CharField)
            and name in data
            and not isinstance(data[name], str | None)
        }


class SeveralByKey(serializers.ManyRelatedField):
    """Several records, each named by its key."""

    def to_internal_value(self, data: Any) -> Any:
        """The records, each once however often it is named; an object in place of a list is refused, not read
        as the list of its names."""
        if isinstance(data, Mapping):
            self.fail("not_a_list", input_type=type(data).__name__)
        return list(dict.fromkeys(super().to_internal_value(data)))


class ByKey(serializers.SlugRelatedField[Any]):
    """A record named by its key; looked up once for all the items of one request."""

    default_error_messages = {
        "does_not_exist": gettext_lazy("“{value}” was not found."),
        "invalid": gettext_lazy("Give a key, as text."),
    }

    @classmethod
    def many_init(cls, *args: Any, **kwargs: Any) -> Any:
        """Several of them, with ``many=True``."""
        shared = {name: value for name, value in kwargs.items() if name in MANY_RELATION_KWARGS}
        return SeveralByKey(child_relation=cls(*args, **kwargs), **shared)

    def to_internal_value(self, data: Any) -> Any:
        """The record; refuses a key that is not a text or not known."""
        if not isinstance(data, str):
            self.fail("invalid")
        if "\x00" in data:  # no text has it, and a database may refuse to look for it
            self.fail("does_not_exist", value=data.replace("\x00", "\ufffd"))
        rows: Any = self.get_queryset()
        look = super().to_internal_value
        return looked_up(self.context, (rows.model, self.slug_field, data), lambda: look(data))


def looked_up(context: Any, where: Hashable, look: Callable[[], T]) -> T:
    """What ``look`` finds, kept in the ``context`` of the serializers of one request as ``where``."""
    found: dict[Hashable, T] = context.setdefault("found", {})
    if where not in found:
        found[where] = look()
    return found[where]


def parsed(serializer: serializers.BaseSerializer[Any]) -> dict[str, Any]:
    """The values of ``serializer``; raises ``Problem`` (400) with the faults field by field."""
    if not serializer.is_valid():
        raise faulty(faults_of(serializer))
    values: dict[str, Any] = serializer.validated_data
    return values


def faults_of(serializer: serializers.BaseSerializer[Any]) -> dict[str, list[str]]:
    """The faults of a serializer that is not valid, field by field."""
    errors: Any = serializer.errors
    return by_field(serializers.ValidationError(errors).get_full_details())


def faulty(errors: Mapping[str, list[str]]) -> Problem:
    """400 with the faults field by field; the first is told in words."""
    name, messages = next(iter(errors.items()))
    return Problem(HTTPStatus.BAD_REQUEST, f"{name}: {messages[0]}", errors=dict(errors))
