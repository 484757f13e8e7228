"""The errors of forms, for the summary above them."""

from collections.abc import Iterable, Iterator

from django import forms
from django.utils.translation import pgettext


def errors_in(each_of: Iterable[forms.BaseForm]) -> Iterator[tuple[str, str]]:
    """Each error as the ``id`` of its control and its message with the field's label.

    An error of the whole form has "" in place of the ``id``.
    """
    for form in each_of:
        for message in form.non_field_errors():
            yield ("", str(message))
        for bound in form:
            for message in bound.errors:
                yield (bound.id_for_label, labelled(bound.label, message))


def labelled(label: object, message: object) -> str:
    """An error with the name of the field, or of the parameter, that it belongs to."""
    return pgettext("error of a field", "%(label)s: %(error)s") % {"label": label, "error": message}
