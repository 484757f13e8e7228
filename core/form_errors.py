"""What is wrong with forms, for the summary above them."""

from collections.abc import Iterable, Iterator

from django import forms


def faults_in(each_of: Iterable[forms.BaseForm]) -> Iterator[tuple[str, str]]:
    """Every message with the ``id`` of the control it stands at, if it stands at one."""
    for form in each_of:
        for message in form.non_field_errors():
            yield ("", str(message))
        for bound in form:
            for message in bound.errors:
                yield (bound.id_for_label, f"{bound.label}: {message}")
