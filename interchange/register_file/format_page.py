"""The documentation page of the register file, generated from its schemas."""

from collections.abc import Iterator

from django.utils.translation import override

from commitments.documents.schema import EntrySchema, Key, ValueKind, vocabulary
from interchange.register_file.edit_schema import EDITED, EDITS
from interchange.register_file.omitted import NOT_IN_THE_FILE, OMITTED
from interchange.register_file.sections import HEAD, SECTIONS

_HEAD = """\
# The register file

Generated from the schemas in `commitments/documents/` by `manage.py register_format`. Edit them there, then
run the command again. `commitments/fixtures/viet-nam-cambodia.yaml` is an example.

    manage.py load_register FILE [--dry-run] [--if-empty]
    manage.py dump_register [FILE]

A load writes the whole file or nothing. If the file has errors, nothing is changed, and every error is
named with its line. A load adds missing entries. It changes values that nobody edited in the register since
the last load. Values that were edited are not changed; they are reported as conflicts. Entries that are not
in the file stay. A load never undoes a status change. A second load of the same file changes nothing.

A dump that is loaded into an empty database gives the same bytes when it is dumped again. A new file can be
read by its owner only, since it has commitments of every classification.

The file is one YAML document in UTF-8, without aliases and tags. A text that YAML would not read as a text
(`no`, `2026`) needs quotes. Sections may come in any order and may be left out. Whatever an entry refers to
must be in the file or in the register.
"""


_EDITS = """\
## `edits`

The field history of an entry: who edited its records, when, and what the values were. Only an entry that is
not in the register yet gets it. If `edits` is left out, the history begins with the load. Each list has the
edits of one kind of record, in the order in which they were made. `entry` has no `row`. The rows of `parties`
are the countries in the lists `parties`, `obligated` and `beneficiaries`, one list after the other.
The second table has the keys of an edit, with those of a mention as an example.

| in | list | keys of `values` |
|---|---|---|"""


def page() -> str:
    """The page, as Markdown."""
    with override("en"):
        return "\n".join([_HEAD, *_sections(), *_edits(), *_omitted()])


def _sections() -> Iterator[str]:
    yield "## The head"
    yield ""
    yield from _table(HEAD)
    for section in SECTIONS.values():
        yield f"## `{section.name}`"
        yield ""
        yield from _table(section.schema)
        yield from _records(section.schema, section.name)


def _records(schema: EntrySchema, path: str) -> Iterator[str]:
    for key in schema:
        if key.schema is not None and key.name != EDITS:
            inner = f"{path}.{key.name}"
            yield f"### `{inner}`"
            yield ""
            yield from _table(key.schema)
            yield from _records(key.schema, inner)


def _edits() -> Iterator[str]:
    yield _EDITS
    for section, kinds in EDITED.items():
        for kind in kinds:
            names = ", ".join(f"`{key.name}`" for key in kind.values)
            yield f"| `{section}` | `{kind.name}` | {names} |"
    yield ""
    example = EDITED["commitments"][-1].edits.schema
    if example is not None:
        yield from _table(example)
        yield from _records(EntrySchema("", tuple(key for key in example if key.name == "deleted")), EDITS)


def _table(schema: EntrySchema) -> Iterator[str]:
    yield "| key | required | value | meaning |"
    yield "|---|---|---|---|"
    for key in schema:
        yield f"| `{key.name}` | {'yes' if key.required else ''} | {_value(key)} | {key.meaning} |"
    yield ""


def _value(key: Key) -> str:
    if key.kind is ValueKind.CHOICE:
        return ", ".join(f"`{word}`" for word in vocabulary(key))
    if key.kind is ValueKind.LINK:
        return f"{SECTIONS[key.links].identity} of an entry in `{key.links}`"
    if key.kind is ValueKind.LIST:
        return f"list: {_value(key.of)}" if isinstance(key.of, Key) else "list of records"
    return str(key.kind.label)


def _omitted() -> Iterator[str]:
    yield "## Fields without a key"
    yield ""
    yield "| field | reason |"
    yield "|---|---|"
    for field, reason in OMITTED.items():
        yield f"| `{field}` | {reason} |"
    yield ""
    yield "## What a backup needs besides the file"
    yield ""
    for each in NOT_IN_THE_FILE:
        yield f"- {each}"
    yield ""
