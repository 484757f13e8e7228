"""The definition of the format is whole: every column has a key or a reason, and the page is not stale."""

from collections.abc import Iterator

from django.apps import apps
from django.core.management import call_command

from interchange.register_file.format import EntrySchema, ValueKind, field_of, vocabulary
from interchange.register_file.omitted import LEFT_OUT
from interchange.register_file.sections import HEAD, SECTIONS

SHAPES = [HEAD, *(section.shape for section in SECTIONS.values())]


def columns(shape: EntrySchema) -> Iterator[str]:
    for key in shape:
        if key.column:
            yield key.column
        if key.shape:
            yield from columns(key.shape)


def test_every_column_of_the_register_has_a_key_or_a_reason_to_have_none() -> None:
    with_key = {column for shape in SHAPES for column in columns(shape)}
    used = set()
    for app in ("relations", "commitments"):
        for model in apps.get_app_config(app).get_models():
            if hasattr(model, "instance_type"):
                continue
            name = model.__name__
            for field in (*model._meta.concrete_fields, *model._meta.many_to_many):
                reasons = {f"{name}.{field.name}", f"*.{field.name}", f"{name}.*"} & LEFT_OUT.keys()
                used |= reasons
                assert (f"{name}.{field.name}" in with_key) != bool(reasons), f"{name}.{field.name}"
    assert used == LEFT_OUT.keys()


def test_every_column_that_is_named_exists() -> None:
    for shape in SHAPES:
        for column in columns(shape):
            assert field_of(column) is not None


def test_vocabularies_are_those_of_the_models() -> None:
    shape = SECTIONS["commitments"].shape
    assert vocabulary(shape.key("nature"))[:2] == ("cooperation", "instrument_to_conclude")
    assert vocabulary(shape.key("classification")) == ("unclassified", "restricted", "confidential", "secret")


def test_every_list_says_what_it_holds() -> None:
    def check(shape: EntrySchema) -> None:
        names = [key.name for key in shape]
        assert len(set(names)) == len(names)
        for key in shape:
            assert (key.of is not None) == (key.kind in (ValueKind.LIST, ValueKind.RECORD)), key.name
            if key.shape:
                check(key.shape)

    for shape in SHAPES:
        check(shape)


def test_page_of_the_format_is_not_stale() -> None:
    call_command("register_format", "--check")
