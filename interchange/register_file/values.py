"""Reads one value as the kind of its key. The result can be stored as JSON."""

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import yaml
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from commitments.documents.building import instant, number
from commitments.documents.schema import Key, ValueKind, max_length_of, vocabulary
from commitments.models.commitment import REFERENCE
from commitments.services.references import format_reference, prefix_of
from core.web_addresses import WebAddressValidator
from interchange.register_file.yaml_reading import Scalar

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_SLUG = re.compile(r"[-a-zA-Z0-9_]+")
_CODE = re.compile(r"[A-Z]{2}")
_WHOLE = re.compile(r"[1-9]\d{0,9}")
_NUMBER = re.compile(r"[-+]?\d{1,18}(\.\d{1,6})?")
# Earlier versions took these too in every form, and what was written to a file can be loaded.
_validate_address = WebAddressValidator(["http", "https", "ftp", "ftps"], credentials=True)
_DIGEST = re.compile(r"([0-9a-f]{64})?")
_FILE = re.compile(r"(?!/)(?!(.*/)?\.\.(/|$))[^\\\0]+")
_ACCOUNT = re.compile(r"[\w.@+-]{1,150}")
_NOT_TEXT = re.compile("[\0\ud800-\udfff]")
_LARGEST = 2_147_483_647
_resolve: Any = yaml.resolver.Resolver().resolve
_STRING = "tag:yaml.org,2002:str"
_EMPTY = frozenset({"", "~", "null", "Null", "NULL"})


class InvalidValue(ValueError):
    """The value is not valid for its key. The message says why."""


def is_text(written: str) -> bool:
    """Whether YAML reads ``written`` as a text if it has no quotes."""
    return bool(_resolve(yaml.ScalarNode, written, (True, False)) == _STRING)


def is_empty(scalar: Scalar) -> bool:
    """Whether the value is empty or null."""
    return scalar.plain and scalar.text in _EMPTY


def value_of(scalar: Scalar, key: Key) -> str | int | float:
    """Return the value of ``scalar`` for ``key``. Raises ``InvalidValue``."""
    return _READERS[key.kind](scalar, key)


def split_reference(reference: str) -> tuple[str, int, int]:
    """Return prefix, year and serial of a reference. Raises ``ValueError`` if it is malformed."""
    found = REFERENCE.fullmatch(reference)
    if found is None:
        raise ValueError(reference)
    prefix, year, serial = found["prefix"], int(found["year"]), int(found["serial"])
    codes = [prefix[at : at + 2] for at in range(0, len(prefix), 2)]
    in_order = prefix_of(set(codes)) == prefix and len(codes) > 1
    if not in_order or not 1 <= serial <= _LARGEST or format_reference(prefix, year, serial) != reference:
        raise ValueError(reference)
    return prefix, year, serial


def _text(scalar: Scalar, key: Key) -> str:
    if scalar.plain and not is_text(scalar.text):
        message = _("must be a text; put it in quotes, since YAML does not read %(value)s as one")
        raise InvalidValue(message % {"value": scalar.text})
    return _checked(scalar.text, key)


def _checked(text: str, key: Key) -> str:
    most = max_length_of(key)
    if most is not None and len(text) > most:
        raise InvalidValue(
            _("has %(length)d characters; at most %(most)d are allowed") % {"length": len(text), "most": most}
        )
    if found := _NOT_TEXT.search(text):
        raise InvalidValue(_("has the character U+%(code)04X, which is not text") % {"code": ord(found[0])})
    return text


def _matching(matches: Callable[[str], object]) -> Callable[[Scalar, Key], str]:
    def read(scalar: Scalar, key: Key) -> str:
        if not matches(scalar.text):
            # Translators: kind is for example "country code, ISO 3166-1 alpha-2".
            message = _("“%(value)s” is not a valid %(kind)s")
            raise InvalidValue(message % {"value": scalar.text, "kind": key.kind.label})
        return _checked(scalar.text, key)

    return read


def _link(scalar: Scalar, key: Key) -> str:
    return scalar.text


def _is_address(text: str) -> bool:
    try:
        _validate_address(text)
    except ValidationError:
        return False
    return True


def _choice(scalar: Scalar, key: Key) -> str:
    words = vocabulary(key)
    if scalar.text not in words:
        message = _("“%(value)s” is not one of: %(words)s")
        raise InvalidValue(message % {"value": scalar.text, "words": ", ".join(words)})
    return scalar.text


def _reference(scalar: Scalar, key: Key) -> str:
    try:
        split_reference(scalar.text)
    except ValueError:
        message = _(
            "“%(value)s” is not a reference: the codes of at least two parties in alphabetical order, a year "
            "and a serial of at least three digits, as in AABB-2026-014"
        )
        raise InvalidValue(message % {"value": scalar.text}) from None
    return _checked(scalar.text, key)


def _day(scalar: Scalar, key: Key) -> str:
    try:
        if not _DAY.fullmatch(scalar.text):
            raise ValueError(scalar.text)
        return dt.date.fromisoformat(scalar.text).isoformat()
    except ValueError:
        raise InvalidValue(_("“%(value)s” is not a date, YYYY-MM-DD") % {"value": scalar.text}) from None


def _instant(scalar: Scalar, key: Key) -> str:
    try:
        moment = dt.datetime.fromisoformat(scalar.text)
        if moment.tzinfo is None:
            raise ValueError(scalar.text)
        return instant(moment)
    except (ValueError, OverflowError):
        message = _("“%(value)s” is not a time with a time zone, as in 2026-01-16T08:30:00Z")
        raise InvalidValue(message % {"value": scalar.text}) from None


def _whole(scalar: Scalar, key: Key) -> int:
    if not scalar.plain or not _WHOLE.fullmatch(scalar.text) or int(scalar.text) > _LARGEST:
        raise InvalidValue(_("“%(value)s” is not a whole number from 1") % {"value": scalar.text})
    return int(scalar.text)


def _number(scalar: Scalar, key: Key) -> int | float | str:
    if not scalar.plain or not _NUMBER.fullmatch(scalar.text):
        message = _("“%(value)s” is not a number with at most 18 digits before the point and 6 after it")
        raise InvalidValue(message % {"value": scalar.text})
    return number(Decimal(scalar.text)) or 0


def _true(scalar: Scalar, key: Key) -> bool:
    if not scalar.plain or scalar.text != "true":
        raise InvalidValue(_("must be true, or be left out"))
    return True


_READERS: dict[ValueKind, Callable[[Scalar, Key], str | int | float]] = {
    ValueKind.TEXT: _text,
    ValueKind.KEY: _matching(_SLUG.fullmatch),
    ValueKind.CODE: _matching(_CODE.fullmatch),
    ValueKind.REFERENCE: _reference,
    ValueKind.DAY: _day,
    ValueKind.INSTANT: _instant,
    ValueKind.WHOLE: _whole,
    ValueKind.NUMBER: _number,
    ValueKind.TRUE: _true,
    ValueKind.CHOICE: _choice,
    ValueKind.ADDRESS: _matching(_is_address),
    ValueKind.DIGEST: _matching(_DIGEST.fullmatch),
    ValueKind.FILE: _matching(_FILE.fullmatch),
    ValueKind.ACCOUNT: _matching(_ACCOUNT.fullmatch),
    ValueKind.LINK: _link,
}
