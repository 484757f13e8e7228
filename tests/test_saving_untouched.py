"""A form that is saved without a change writes nothing, whatever line ends and letters its texts have."""

import io
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.base.forms import BaseAuthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.contrib.admin.models import LogEntry
from django.db import models
from django.db.models import Model
from django.urls import get_resolver, reverse

from accounts.models import User
from api.etags import etag_for
from commitments.models import Commitment, Mention, Reading, SavedView, Target, Theme
from commitments.services.assignments import assign
from commitments.services.editing import edit_commitment
from core.texts import TextField
from interchange.register_file.dump import dump_register
from relations.models import (
    Agency,
    Country,
    Mechanism,
    Meeting,
    MeetingSource,
    Participation,
    Person,
    Source,
)
from relations.models.searchable import DERIVED_NAMES
from tests import factories as make
from tests.clients import client_as
from tests.html import form_of

pytestmark = pytest.mark.django_db

PLAIN = "Một dòng.\n\nHai:  việc – còn lại"
NOT_NFC = PLAIN.replace("ò", "o\u0300")
AS_BROWSERS_SEND_IT = NOT_NFC.replace("\n", "\r\n") + " "
EDITED: dict[type[Model], str] = {
    Commitment: "officer",
    Meeting: "officer",
    Source: "officer",
    Agency: "officer",
    Person: "officer",
    Mechanism: "officer",
    Country: "administrator",
    Theme: "administrator",
    User: "administrator",
}
"""The models with a form in the admin, and who may save it."""
ROWS = (Mention, Participation, Target, Reading)
NOT_TEXTS = (forms.PasswordInput, forms.HiddenInput)
NOT_TYPED = {
    "code",
    "password",
    "prefix",
    "reference",
    "search_text",
    "sha256",
    "username",
}


@pytest.fixture(params=[PLAIN, NOT_NFC, AS_BROWSERS_SEND_IT], ids=["plain", "not NFC", "old"])
def pledge(request: pytest.FixtureRequest) -> Commitment:
    """A commitment and all that belongs to it, in which every text that people edit is the parameter."""
    meeting, source = make.meeting(), make.source(PLAIN)
    MeetingSource.objects.create(meeting=meeting, source=source)
    made = make.commitment(mention=make.FirstMention(meeting, source.paragraphs.get(number=1)))
    assign(commitment=made, actor=make.user("officer"), agency=make.agency())
    make.mechanism()
    person = Person.objects.create(slug="who", name="Who", country=make.country())
    Participation.objects.create(meeting=meeting, person=person, office="x", country=person.country)
    Target.objects.create(commitment=made, indicator="x", unit="x", baseline="1.125", value="20000")
    Reading.objects.create(commitment=made, as_of=make.LONG_AGO, value="20.5")
    line = request.param.splitlines()[0] + request.param[len(request.param.rstrip()) :]
    for model in (*EDITED, *ROWS):
        row: Any = model._default_manager.first()
        texts: dict[str, Any] = {
            field.name: request.param if isinstance(field, models.TextField) else line
            for field in model._meta.fields
            if is_typed(field)
        }
        if hasattr(row, "aliases"):
            texts["aliases"] = [line]
        model._default_manager.filter(pk=row.pk).update(**texts)
    return Commitment.objects.get(pk=made.pk)


def is_typed(field: Any) -> bool:
    is_text = type(field) in (models.CharField, models.TextField) and not field.choices
    return is_text and field.name not in NOT_TYPED and not (field.model is Source and field.name == "text")


def state(reader: User) -> Any:
    """All that a save may change: the history, the ETags and the register file."""
    with_history: Any = [model for model in (*EDITED, *ROWS) if hasattr(model, "history")]
    file = io.StringIO()
    dump_register(file)
    etags = [etag_for(reader, each.reference) for each in Commitment.objects.all()]
    return [model.history.count() for model in with_history], etags, file.getvalue()


@pytest.mark.parametrize("model", EDITED, ids=lambda model: model.__name__)
def test_a_form_of_the_admin_that_is_saved_untouched_changes_nothing(
    pledge: Commitment, model: type[Model]
) -> None:
    editor = make.user(EDITED[model], clearance=3)
    row = model._default_manager.exclude(pk=editor.pk if model is User else None).first()
    url = reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_change", args=[row.pk])  # type: ignore[union-attr]
    client, before = client_as(editor), state(editor)
    form_id = f"{model._meta.model_name}_form"
    assert client.post(url, form_of(client.get(url), form_id)).status_code == 302
    assert state(editor) == before
    assert not LogEntry.objects.exists()
    assert model._default_manager.filter(pk=row.pk).values().get() == vars_of(row)  # type: ignore[union-attr]


@pytest.mark.parametrize("model", [each for each in EDITED if each not in (Theme, User)])
def test_an_edit_page_that_is_saved_untouched_changes_nothing(pledge: Commitment, model: type[Model]) -> None:
    editor: Any = make.user(EDITED[model], clearance=3)
    row: Any = model._default_manager.first()
    client, before, url = client_as(editor), state(editor), f"{row.get_absolute_url()}edit/"
    assert client.post(url, form_of(client.get(url))).status_code == 302
    assert state(editor) == before
    assert model._default_manager.filter(pk=row.pk).values().get() == vars_of(row)


@pytest.mark.parametrize("part", ["title", "text", "remarks", "theme", "officer"])
def test_a_field_in_place_that_is_saved_untouched_changes_nothing(pledge: Commitment, part: str) -> None:
    editor = make.user("officer", clearance=3)
    client, before, url = client_as(editor), state(editor), f"{pledge.get_absolute_url()}edit/{part}/"
    assert client.post(url, form_of(client.get(url))).status_code == 302
    assert state(editor) == before


def vars_of(row: Any) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_another_field_is_edited_and_the_texts_stay_as_they_are(pledge: Commitment) -> None:
    client = client_as("officer")
    url = reverse("admin:commitments_commitment_change", args=[pledge.pk])
    data = form_of(client.get(url), "commitment_form") | {"nature": ["event"]}
    assert client.post(url, data).status_code == 302
    found = vars_of(Commitment.objects.get(pk=pledge.pk))
    changed = {name for name, value in vars_of(pledge).items() if found[name] != value}
    assert changed - set(DERIVED_NAMES) == {"nature", "version"}


def test_a_saved_view_that_is_saved_untouched_changes_nothing(pledge: Commitment) -> None:
    owner = make.user("officer")
    view = SavedView.objects.create(owner=owner, name="View", description=pledge.remarks)
    client, url = client_as(owner), reverse("saved_view_edit", args=[view.pk])
    assert client.post(url, form_of(client.get(url))).status_code == 302
    assert SavedView.objects.filter(pk=view.pk).values().get() == vars_of(view)


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("/api/v1/commitments/{}/", ("title", "text", "remarks", "nature", "target")),
        ("/api/v1/sources/{}/", ("title", "note", "text")),
        ("/api/v1/people/{}/", ("name", "aliases")),
        ("/api/v1/meetings/{}/", ("title", "place", "participants", "window")),
    ],
    ids=["commitment", "source", "person", "meeting"],
)
def test_what_the_api_read_can_be_sent_back_and_changes_nothing(
    pledge: Commitment, path: str, names: tuple[str, ...]
) -> None:
    officer = make.user("officer", clearance=3)
    key = {
        "c": pledge.reference,
        "s": Source.objects.get().slug,
        "p": "who",
        "m": Meeting.objects.get().slug,
    }[path[8]]
    client, url = client_as(officer), path.format(key)
    answer, before = client.get(url), state(officer)
    document = {name: value for name, value in answer.json().items() if name in names}
    assert set(document) == set(names)
    document.get("target", {}).pop("readings", None)  # they have an address of their own
    headers = {"If-Match": answer["ETag"]}
    sent = client.patch(url, document, content_type="application/json", headers=headers)
    assert sent.status_code == 200, sent.content
    assert sent["ETag"] == answer["ETag"]
    assert state(officer) == before


def test_every_door_stores_the_same_text(pledge: Commitment) -> None:
    client, officer = client_as("officer"), make.user("officer", clearance=3)
    typed = f"\n {AS_BROWSERS_SEND_IT.replace('Một', 'Mo^t')}\t"
    stored = PLAIN.replace("Một", "Mo^t")
    admin = reverse("admin:commitments_commitment_change", args=[pledge.pk])
    client.post(admin, form_of(client.get(admin), "commitment_form") | {"remarks": [typed]})
    assert Commitment.objects.get(pk=pledge.pk).remarks == stored
    page = reverse("progress", args=[pledge.reference])
    client.post(page, form_of(client.get(page)) | {"achieved": [typed]})
    api = client.post(
        f"/api/v1/commitments/{pledge.reference}/progress/",
        {"achieved": typed},
        content_type="application/json",
    )
    assert api.status_code == 201, api.content
    assert [each.achieved for each in pledge.progress_updates.all()] == [stored, stored]
    edit_commitment(commitment=pledge, actor=officer, fields={"remarks": stored})
    assert Commitment.objects.get(pk=pledge.pk).history.count() == 2


def forms_of_ours(form: type[forms.BaseForm] = forms.BaseForm) -> Iterator[Any]:
    """Every form class of this project."""
    for each in form.__subclasses__():
        if each.__module__.split(".")[0] in {"accounts", "commitments", "pages", "relations"}:
            yield each
        yield from forms_of_ours(each)


def test_every_text_of_every_form_is_read_alike() -> None:
    assert get_resolver().url_patterns  # the modules of all forms are imported
    plain_fields = {
        f"{form.__name__}.{name}"
        for form in forms_of_ours()
        if not issubclass(
            form, BaseAuthenticateForm | ActivateTOTPForm
        )  # codes of the second step are not stored
        for name, field in fields_made_by(form).items()
        if type(field) is forms.CharField
        and not isinstance(field.widget, (forms.PasswordInput, forms.HiddenInput))
    }
    assert plain_fields == set(), "core.texts.TextField reads texts as they are stored"
    texts = {form.__name__ for form in forms_of_ours() if has_text(form)}
    assert {"TransitionForm", "NewCommitmentForm", "DocumentForm", "RegistrationForm", "ReadingForm"} <= texts


def fields_made_by(form: Any) -> dict[str, forms.Field]:
    """The fields of a form. The admin makes those of a model itself; they are tested above."""
    fields: dict[str, forms.Field] = form.declared_fields if "admin" in form.__module__ else form.base_fields
    return fields


def has_text(form: Any) -> bool:
    return any(isinstance(field, TextField) for field in form.base_fields.values())
