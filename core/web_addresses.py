"""Web addresses of documents, on the internet and on an intranet: one rule for forms, the API and files."""

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import DomainNameValidator, URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

_LETTERS = rf"a-z0-9_{DomainNameValidator.ul}"
_LABEL = rf"[{_LETTERS}](?:[{_LETTERS}-]{{0,61}}[{_LETTERS}])?"
_NOT_A_NUMBER = r"(?![0-9]+\.?(?:[:/?#]|\Z))"
_HOST = rf"(?:{_LABEL}\.)*{_NOT_A_NUMBER}{_LABEL}\.?"


class WebAddressValidator(URLValidator):
    """Accepts an http or https address. Its host may be a single word, and may have underscores.

    Django's rule, which it extends, takes neither. An address has no user name and no password, unless
    ``credentials`` is set.
    """

    regex = re.compile(
        r"[a-z]+://(?:[^\s:@/]+(?::[^\s:@/]*)?@)?"
        rf"(?:{URLValidator.ipv4_re}|{URLValidator.ipv6_re}|{_HOST})(?::[0-9]{{1,5}})?(?:[/?#]\S*)?\Z",
        re.IGNORECASE,
    )
    message = _("Enter a web address, such as https://example.org/minutes or http://server/minutes.")
    schemes = ["http", "https"]

    def __init__(self, schemes: Sequence[str] | None = None, *, credentials: bool = False) -> None:
        super().__init__(schemes=schemes)
        self.credentials = credentials

    def __call__(self, value: Any) -> None:
        """Raise ``ValidationError`` if ``value`` is not a web address."""
        super().__call__(value)
        if not self.credentials and "@" in urlsplit(value).netloc:
            raise ValidationError(
                _("Enter the address without a user name and a password."), code="credentials"
            )


class WebAddressFormField(forms.URLField):
    """A form field for a web address. An address without a scheme is https."""

    default_validators = [WebAddressValidator()]

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"assume_scheme": "https"} | kwargs)


class WebAddressField(models.URLField):
    """A column for a web address."""

    default_validators = [WebAddressValidator()]

    def formfield(self, **kwargs: Any) -> Any:
        """A ``WebAddressFormField``."""
        return super().formfield(**{"form_class": WebAddressFormField} | kwargs)

    def deconstruct(self) -> Any:
        """The column is that of a ``URLField``, so a change of the rule needs no migration."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.URLField", args, kwargs
