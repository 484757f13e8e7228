"""What every edit page does: it shows the forms, saves them, and shows again what could not be saved."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.requests import SignedInRequest
from commitments.services.errors import NotEditable, RequirementsNotMet
from core.edit_forms import EditForms


@dataclass(frozen=True, slots=True)
class EditPage:
    """The texts of an edit page: its title, the name of the record, where it leads back to, its section.

    ``note`` is a sentence above the form. ``links`` are further pages on which parts are edited, by label.
    """

    title: str
    name: str
    back: str
    section: str
    note: str = ""
    links: tuple[tuple[str, str], ...] = ()


def answer_edit(
    request: SignedInRequest,
    open_forms: Callable[[], EditForms[Any]],
    page: Callable[[Any], EditPage],
) -> HttpResponse:
    """Show the forms, or save them on POST and return to the page of the record.

    ``open_forms`` makes them inside the transaction that saves, so that it can lock the record. If somebody
    else saved meanwhile, or the status does not allow the edit any more, the answer is 409; the input stays.
    """
    with transaction.atomic():
        forms = open_forms()
        texts = page(forms.record)
        status = 200
        if request.method == "POST":
            status = _save(forms)
    if status == 302:  # noqa: PLR2004  (saved)
        messages.success(request, _("Saved.") if forms.has_changed() else _("Nothing was changed."))
        return redirect(texts.back)
    errors = list(forms.error_summary())
    context = {"forms": forms, "page": texts, "errors": errors}
    return render(request, "editing/page.html", context, status=status)


def _save(forms: EditForms[Any]) -> int:
    """Save the forms. Return 302 if they are saved, else the status of the answer that shows them again."""
    if not forms.is_valid():
        return 409 if forms.conflict or getattr(forms.form, "is_refused", False) else 400
    try:
        with transaction.atomic():
            forms.save()
    except RequirementsNotMet as refused:
        _add(forms.form, refused.errors)
    except ValidationError as refused:
        errors: dict[str, list[str]] = (
            refused.message_dict if hasattr(refused, "error_dict") else {NON_FIELD_ERRORS: refused.messages}
        )
        _add(forms.form, errors)
    except NotEditable as refused:
        forms.form.add_error(None, str(refused))
        return 409
    else:
        return 302
    return 400


def _add(form: Any, errors: Mapping[Any, list[str]]) -> None:
    """Add ``errors`` to the fields they name, or to the form if it has no such field."""
    for name, texts in errors.items():
        for text in texts:
            form.add_error(name if name in form.fields else None, text)
