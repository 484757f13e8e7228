"""Base classes for the input of the API: unknown fields are errors, and each error names its field."""

from collections.abc import Callable, Hashable, Mapping
from http import HTTPStatus
from typing import Any, TypeVar

from django.core.validators import URLValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.relations import MANY_RELATION_KWARGS

from core.api.problem_details import Problem, by_field
from core.filters import IsoDateField
from core.form_errors import labelled
from core.texts import plain
from core.web_addresses import WebAddressValidator

T = TypeVar("T")


class StrictSerializer(serializers.Serializer[Any]):
    """A serializer that refuses unknown fields, and reads texts as ``core.texts`` says."""

    def to_internal_value(self, data: Any) -> Any:
        """The parsed values. Raises ``ValidationError``, with an error for each unknown field."""
        unknown = set(data) - set(self.fields) if isinstance(data, Mapping) else set()
        errors: dict[str, Any] = {
            key: [_("There is no field “%(key)s”.") % {"key": key}] for key in sorted(unknown)
        }
        if isinstance(data, Mapping):
            errors |= self._text_errors(data) | self._day_errors(data)
        try:
            parsed = super().to_internal_value(data)
        except serializers.ValidationError as error:
            known = error.detail if isinstance(error.detail, dict) else {"body": error.detail}
            raise serializers.ValidationError({**known, **errors}) from error
        if errors:
            raise serializers.ValidationError(errors)
        return {name: plain(value) for name, value in parsed.items()}

    def _day_errors(self, data: Mapping[str, Any]) -> dict[str, list[str]]:
        """An error for each date in other digits than 0 to 9, which Python reads too."""
        message = IsoDateField.default_error_messages["invalid"]
        return {
            name: [message % {"value": data[name]}]
            for name, field in self.fields.items()
            if isinstance(field, serializers.DateField)
            and isinstance(data.get(name), str)
            and not data[name].isascii()
        }

    def _text_errors(self, data: Mapping[str, Any]) -> dict[str, list[str]]:
        """An error for each text field with another type: a number is not read as its digits."""
        return {
            name: [_("Enter a text.")]
            for name, field in self.fields.items()
            if isinstance(field, serializers.CharField)
            and name in data
            and not isinstance(data[name], str | None)
        }


class ByKeysField(serializers.ManyRelatedField):
    """Records, each named by its key."""

    def to_internal_value(self, data: Any) -> Any:
        """The records, without duplicates. An object is refused: it is not read as the list of its names."""
        if isinstance(data, Mapping):
            self.fail("not_a_list", input_type=type(data).__name__)
        return list(dict.fromkeys(super().to_internal_value(data)))


class ByKeyField(serializers.SlugRelatedField[Any]):
    """A record named by its key. It is looked up once for all items of a request.

    Of records with a method ``visible_to``, one that the ``user`` of the context may not see is not found.
    """

    default_error_messages = {
        "does_not_exist": gettext_lazy("“{value}” was not found."),
        "invalid": gettext_lazy("Enter a key, as text."),
    }

    @classmethod
    def many_init(cls, *args: Any, **kwargs: Any) -> Any:
        """A field for several records, for ``many=True``."""
        options = {name: value for name, value in kwargs.items() if name in MANY_RELATION_KWARGS}
        return ByKeysField(child_relation=cls(*args, **kwargs), **options)

    def get_queryset(self) -> Any:
        """The records that the caller may see."""
        rows: Any = super().get_queryset()
        return rows.visible_to(self.context["user"]) if hasattr(rows, "visible_to") else rows

    def to_internal_value(self, data: Any) -> Any:
        """The record. Fails if the key is not a text or is unknown."""
        if not isinstance(data, str):
            self.fail("invalid")
        if "\x00" in data:  # A database may refuse NUL in a text, and no key has it.
            self.fail("does_not_exist", value=data.replace("\x00", "\ufffd"))
        rows: Any = self.get_queryset()
        find = super().to_internal_value
        return cached_lookup(self.context, (rows.model, self.slug_field, data), lambda: find(data))


class WebAddressField(serializers.URLField):
    """A web address, by the rule of the forms."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        others = [each for each in self.validators if not isinstance(each, URLValidator)]
        self.validators = [*others, WebAddressValidator()]


def cached_lookup(context: Any, key: Hashable, find: Callable[[], T]) -> T:
    """The result of ``find``, cached as ``key`` in the serializer ``context`` of one request."""
    found: dict[Hashable, T] = context.setdefault("found", {})
    if key not in found:
        found[key] = find()
    return found[key]


def parsed(serializer: serializers.BaseSerializer[Any]) -> dict[str, Any]:
    """The values of ``serializer``. Raises ``Problem`` (400) with the errors by field."""
    if not serializer.is_valid():
        raise validation_problem(errors_of(serializer))
    values: dict[str, Any] = serializer.validated_data
    return values


def errors_of(serializer: serializers.BaseSerializer[Any]) -> dict[str, list[str]]:
    """The errors of an invalid serializer, by field."""
    errors: Any = serializer.errors
    return by_field(serializers.ValidationError(errors).get_full_details())


def validation_problem(errors: Mapping[str, list[str]]) -> Problem:
    """400 with the errors by field. ``detail`` is the first of them."""
    name, messages = next(iter(errors.items()))
    return Problem(HTTPStatus.BAD_REQUEST, labelled(name, messages[0]), errors=dict(errors))
