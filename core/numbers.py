"""Numbers as people type them, in the format of the language. One with two meanings is shown back first."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import get_format
from django.utils.translation import gettext_lazy as _

_SPACES = "\u0020\u00a0\u2009\u202f"


class NumberField(forms.DecimalField):
    """A number in the format of the language. One that could mean another number is shown back first.

    In English “20.000” is 20, but many people write twenty thousand like that. The form is refused with the
    number as it was read, in a form that has one meaning. Sending that again stores it.
    """

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    default_error_messages = {
        "invalid": _("Enter a number in digits."),
        "read": _("“%(typed)s” was read as %(number)s. Save again if this is right, or correct it."),
    }

    def to_python(self, value: Any) -> Any:
        """The number that ``value`` was read as."""
        if not isinstance(value, str) or not value.strip():
            return super().to_python(value)
        number, _is_sure = read_number(value)
        if number is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return number

    def clean(self, value: Any) -> Any:
        """The number. Raises ``ValidationError`` if it could be read in another way."""
        number = super().clean(value)
        if number is not None and isinstance(value, str) and not read_number(value)[1]:
            params = {"typed": value.strip(), "number": written(number)}
            raise ValidationError(self.error_messages["read"], code="read", params=params)
        return number

    def bound_data(self, data: Any, initial: Any) -> Any:
        """What the form shows again: a number with two meanings as it was read."""
        number, is_sure = read_number(data) if isinstance(data, str) else (None, True)
        return data if number is None or is_sure else number

    def prepare_value(self, value: Any) -> Any:
        """A number as a person would type it, without trailing zeros."""
        return written(value) if isinstance(value, Decimal) else value


def read_number(typed: str) -> tuple[Decimal | None, bool]:
    """The number that ``typed`` means in the format of the language, and whether it can mean no other.

    A text that is a number only in the other format, with the point and the comma exchanged, is read so.
    ``None`` if it is a number in neither.
    """
    text = typed.strip().replace("−", "-")
    point = get_format("DECIMAL_SEPARATOR")
    comma = "," if point == "." else "."
    own, other = _number(text, point, comma), _number(text, comma, point)
    if own is None:
        return other, False
    return own, other in (None, own)


def written(number: Decimal) -> str:
    """``number`` in the format of the language and with one meaning only: three places get a zero added."""
    text = f"{number:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    text = text.replace(".", get_format("DECIMAL_SEPARATOR"))
    return text if read_number(text)[1] else f"{text}0"


def _number(text: str, point: str, comma: str) -> Decimal | None:
    whole = rf"\d+|[1-9]\d{{0,2}}(?:[{re.escape(comma)}{_SPACES}]\d{{3}})+"
    found = re.fullmatch(rf"([-+]?)({whole})(?:{re.escape(point)}(\d+))?", text)
    if found is None:
        return None
    sign, digits, places = found.groups()
    plain_digits = re.sub(r"\D", "", digits)
    return Decimal(f"{sign}{plain_digits}.{places or 0}")
