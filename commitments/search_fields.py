"""The field that names a commitment: by its reference, or by words, with what they find while one types."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from commitments.models import Commitment
from commitments.models.commitment import REFERENCE
from commitments.querysets import CommitmentQuerySet
from relations.names import fold_names, search_terms, words_in

MOST_FOUND, MOST_RANKED = 8, 60
"""So many are shown, of so many latest ones."""


def found_by_words(rows: CommitmentQuerySet, words: str) -> list[Commitment]:
    """A few of ``rows`` that match ``words``: those whose title has all of them first, then the latest."""
    terms = search_terms(words)
    if not terms:
        return []
    matching = rows.holding(terms).only("reference", "title", "status", "sort_key")
    latest = list(matching.order_by("-year", "-serial", "prefix")[:MOST_RANKED])

    def is_only_in_text(found: Commitment) -> bool:
        named = fold_names(f"{found.reference} {found.title}")
        return not all(term.excluded or term.is_in(named) for term in terms)

    return sorted(latest, key=is_only_in_text)[:MOST_FOUND]


class CommitmentByReference(forms.ModelChoiceField):
    """A text field for a commitment. A commitment that is not visible is not found.

    While somebody types, the commitments found are listed below it as radio buttons of the same name. Of the
    two values the button's comes last, and wins. Without the script they are listed once the form was sent.
    """

    is_search = True
    found: Iterable[Commitment] = ()
    widget = forms.TextInput(
        attrs={
            "autocomplete": "off",
            "spellcheck": "false",
            "maxlength": 200,
            "hx-get": reverse_lazy("find_commitments"),
            "hx-trigger": "input changed delay:200ms",
            "hx-target": "next .found",
            "hx-sync": "this:replace",
        }
    )
    default_error_messages = {
        "invalid_choice": _("There is no commitment with this reference."),
        "nothing_found": _("No commitment that you can see matches these words."),
        "choose": _("Choose one of the commitments below."),
    }

    def __init__(self, queryset: CommitmentQuerySet, **kwargs: Any) -> None:
        super().__init__(queryset, to_field_name="reference", **kwargs)

    def to_python(self, value: Any) -> Commitment | None:
        """Look up the reference, apart from case, the kind of hyphen, and signs beside it; else the words."""
        if not isinstance(value, str):
            return super().to_python(value)
        reference = " ".join(words_in(value)).upper()
        try:
            return super().to_python(reference)
        except forms.ValidationError:
            if REFERENCE.search(reference):
                raise
        rows: Any = self.queryset
        self.found = found_by_words(rows, value[:200].replace("\x00", ""))
        code = "choose" if self.found else "nothing_found"
        raise forms.ValidationError(self.error_messages[code], code=code)
