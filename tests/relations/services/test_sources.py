"""Adding and editing a source. Its text is numbered, and cited paragraphs never change."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from relations.models import Source
from relations.services import paragraph_splitting
from relations.services.sources import change_source, create_source
from tests import factories as make
from tests.api.conftest import post
from tests.clients import client_as
from tests.html import form_of, text_of

pytestmark = pytest.mark.django_db
FACTS = {"title": "Biên bản", "kind": "agreed_minutes"}


def paragraphs(source: Source) -> list[tuple[int, str]]:
    return [(each.number, each.text) for each in source.paragraphs.order_by("number")]


def test_a_source_is_added_with_paragraphs_checksum_and_basis() -> None:
    report = make.source()
    made = create_source(
        actor=make.user("officer"), fields=FACTS, text="Hai bên nhất trí.\n\nHọ gặp nhau.", based_on=[report]
    )
    assert made.slug == "bien-ban"
    assert paragraphs(made) == [(1, "Hai bên nhất trí."), (2, "Họ gặp nhau.")]
    assert made.is_unaltered
    assert list(made.based_on.all()) == [report]


@pytest.mark.parametrize("role", ["reviewer", "reader", "focal_point", "administrator"])
def test_other_roles_are_refused(role: str) -> None:
    actor, held = make.user(role), make.source()
    with pytest.raises(PermissionDenied):
        create_source(actor=actor, fields=FACTS)
    with pytest.raises(PermissionDenied):
        change_source(actor=actor, source=held, fields={"title": "Other"})
    assert list(Source.objects.values_list("title", flat=True)) == [held.title]


def test_an_invalid_text_saves_nothing() -> None:
    with pytest.raises(ValidationError) as refused:
        create_source(actor=make.user("officer"), fields=FACTS, text="1. \n\n2. Two.\n")
    assert list(refused.value.message_dict) == ["text"]
    assert not Source.objects.exists()


def test_a_change_of_other_fields_does_not_touch_the_text() -> None:
    held = make.source()
    Source.objects.filter(pk=held.pk).update(text="1. Altered.\n")
    changed = change_source(actor=make.user("officer"), source=held, fields={"title": "New title"})
    changed.refresh_from_db()
    assert (changed.title, changed.text, changed.sha256) == ("New title", "1. Altered.\n", held.sha256)
    same = change_source(actor=make.user("officer"), source=held, fields={}, text="1. Altered.\n")
    assert (same.sha256, same.version) == (held.sha256, changed.version)


def test_a_text_that_would_change_a_cited_paragraph_changes_nothing() -> None:
    held = make.source("One.\n\nTwo.")
    make.commitment(mention=make.FirstMention(make.meeting(), held.paragraphs.get(number=2)))
    with pytest.raises(ValidationError) as refused:
        change_source(
            actor=make.user("officer"), source=held, fields={"title": "New title"}, text="1. One.\n"
        )
    assert list(refused.value.message_dict) == ["text"]
    held.refresh_from_db()
    assert held.title != "New title"
    assert paragraphs(held) == [(1, "One."), (2, "Two.")]


def test_the_basis_is_replaced_and_is_never_the_source_itself() -> None:
    officer, held, one, other = make.user("officer"), make.source(), make.source(), make.source()
    held.based_on.add(one)
    change_source(actor=officer, source=held, fields={}, based_on=[other])
    assert list(held.based_on.all()) == [other]
    with pytest.raises(ValidationError) as refused:
        change_source(actor=officer, source=held, fields={}, based_on=[held])
    assert list(refused.value.message_dict) == ["based_on"]
    with pytest.raises(ValidationError) as refused:
        change_source(actor=officer, source=held, fields={"title": ""}, key="other")
    assert set(refused.value.message_dict) == {"title", "slug"}


def test_a_text_of_too_many_paragraphs_is_an_error_of_the_text_everywhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(paragraph_splitting, "MAX_PARAGRAPHS", 2)
    officer, told = (
        client_as("officer"),
        "The text has more than 2 paragraphs. Split it into several sources.",
    )
    three = "One.\n\nTwo.\n\nThree."
    for text in (three, "1. One.\n\n2. Two.\n\n3. Three."):
        body = {"key": "a", "kind": "other", "title": "A", "text": text}
        assert post(officer, "/api/v1/sources/", body).json()["errors"] == {"text": [told]}
    held = make.source("One.")
    for page in ("/admin/relations/source/add/", f"/admin/relations/source/{held.pk}/change/"):
        form = form_of(officer.get(page), "source_form") | {"title": "A", "kind": "other", "text": three}
        assert told in text_of(officer.post(page, form))
    new = "/meetings/record/?meeting=new"
    assert told in text_of(officer.post(new, form_of(officer.get(new)) | {"document-text": three}))
    assert [paragraphs(each) for each in Source.objects.all()] == [[(1, "One.")]]
    create_source(actor=make.user("officer"), fields=FACTS, text="One.\n\nTwo.")


PAPER = (
    "AGREED MINUTES\n\nI. TRADE\n\n1. They publish the tariff.\n\n2. They open a market.\n\n"
    "II. VISAS\n\n1. They lower the fee."
)
LABELS = [("", "heading"), ("I", "heading"), ("I.1", "paragraph"), ("I.2", "paragraph"), ("II", "heading")]


def borne(source: Source) -> list[tuple[str | None, str]]:
    return [(each.label, each.role) for each in source.paragraphs.order_by("number")]


def test_a_paper_is_read_alike_by_the_service_the_api_and_the_admin() -> None:
    made = create_source(actor=make.user("officer"), fields=FACTS, text=PAPER)
    expected = [*LABELS, ("II.1", "paragraph")]
    assert borne(made) == expected
    officer = client_as("officer")
    body = {"key": "by-api", "kind": "other", "title": "By the API", "text": PAPER}
    assert post(officer, "/api/v1/sources/", body | {"despite": [made.slug]}).status_code == 201
    form = form_of(officer.get("/admin/relations/source/add/"), "source_form")
    officer.post(
        "/admin/relations/source/add/",
        form | {"title": "By the admin", "slug": "by-admin", "kind": "other", "text": PAPER},
    )
    held = make.source("Other.", slug="changed")
    change_source(actor=make.user("officer"), source=held, fields={}, text=PAPER)
    for slug in ("by-api", "changed", "by-admin"):
        assert borne(Source.objects.get(slug=slug)) == expected, slug


def test_a_text_that_begins_with_1_keeps_its_numbers_even_where_they_begin_again() -> None:
    text = "1. Trade:\n1. a tariff;\n2. a market.\n\n2. Visas."
    made = create_source(actor=make.user("officer"), fields=FACTS, text=text)
    assert made.text == f"{text}\n"
    assert {label for label, _role in borne(made)} == {None}


def test_the_same_paper_again_changes_nothing() -> None:
    made = create_source(actor=make.user("officer"), fields=FACTS, text=PAPER)
    again = change_source(actor=make.user("officer"), source=made, fields={}, text=PAPER)
    assert (again.version, again.sha256) == (made.version, made.sha256)
    stored = change_source(actor=make.user("officer"), source=made, fields={}, text=made.text)
    assert borne(stored)[:5] == LABELS
