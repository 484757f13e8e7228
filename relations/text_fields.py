"""Form fields for names and for numbered texts, on the pages and in the admin."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.texts import TextField, plain, plain_text
from relations.choices import SourceKind
from relations.models import Source
from relations.services.sources import numbered_paper, record_paper


class NamesField(TextField):
    """Other names of a record, one per line."""

    widget = forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"})

    def __init__(self, *, encoder: Any = None, decoder: Any = None, **kwargs: Any) -> None:
        kwargs["help_text"] = kwargs.get("help_text") or _("One name per line, as others write it.")
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Return the names as lines."""
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        """Return the lines as names, without duplicates."""
        lines = value.splitlines() if isinstance(value, str) else value or []
        return list(dict.fromkeys(filter(None, map(plain_text, lines))))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.to_python(data) != plain(initial or []))


class NumberedText(TextField):
    """Text in numbered paragraphs, or a paper with its own labels, which is read when it is saved."""

    widget = forms.Textarea(attrs={"rows": 24, "class": "vLargeTextField source-text"})

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        numbered_paper(text)  # refuses what cannot be read
        return text

    def has_changed(self, initial: Any, data: Any) -> bool:
        return numbered_paper(initial or "").text != numbered_paper(self.to_python(data)).text


def checked_text(source: Source, text: str) -> str:
    """``text`` as the new text of ``source``.

    Raises ``ValidationError`` for invalid paragraphs, and for changes of cited ones.
    """
    stored = Source.objects.filter(pk=source.pk).first()
    try:
        with transaction.atomic():
            record_paper(source=stored or Source(slug="-", title="-", kind=SourceKind.OTHER), text=text)
            transaction.set_rollback(True)  # only checks: the writer has the rules
    except ValidationError as error:
        raise ValidationError(error.messages) from error
    return text
