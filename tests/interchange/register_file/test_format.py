"""The schemas are complete: every field has a key or a reason, and the documentation page is up to date."""

from collections.abc import Iterator

from django.apps import apps
from django.core.management import call_command

from commitments.documents.schema import EntrySchema, ValueKind, field_of, vocabulary
from interchange.register_file.omitted import OMITTED
from interchange.register_file.sections import HEAD, SECTIONS

SCHEMAS = [HEAD, *(section.schema for section in SECTIONS.values())]


def columns(schema: EntrySchema) -> Iterator[str]:
    for key in schema:
        if key.column:
            yield key.column
        if key.schema:
            yield from columns(key.schema)


def test_every_field_of_the_register_has_a_key_or_a_reason_to_have_none() -> None:
    with_key = {column for schema in SCHEMAS for column in columns(schema)}
    used = set()
    for app in ("relations", "commitments"):
        for model in apps.get_app_config(app).get_models():
            if hasattr(model, "instance_type"):
                continue
            name = model.__name__
            for field in (*model._meta.concrete_fields, *model._meta.many_to_many):
                reasons = {f"{name}.{field.name}", f"*.{field.name}", f"{name}.*"} & OMITTED.keys()
                used |= reasons
                assert (f"{name}.{field.name}" in with_key) != bool(reasons), f"{name}.{field.name}"
    assert used == OMITTED.keys()


def test_every_column_of_a_key_exists() -> None:
    for schema in SCHEMAS:
        for column in columns(schema):
            assert field_of(column) is not None


def test_choices_are_those_of_the_models() -> None:
    schema = SECTIONS["commitments"].schema
    assert vocabulary(schema.key("nature"))[:2] == ("cooperation", "instrument_to_conclude")
    assert vocabulary(schema.key("classification")) == (
        "unclassified",
        "restricted",
        "confidential",
        "secret",
    )


def test_every_list_has_a_schema_for_its_items() -> None:
    def check(schema: EntrySchema) -> None:
        names = [key.name for key in schema]
        assert len(set(names)) == len(names)
        for key in schema:
            assert (key.of is not None) == (key.kind in (ValueKind.LIST, ValueKind.RECORD)), key.name
            if key.schema:
                check(key.schema)

    for schema in SCHEMAS:
        check(schema)


def test_page_of_the_format_is_up_to_date() -> None:
    call_command("register_format", "--check")
