"""The documentation page of the register file, made from the definition of its format."""

from collections.abc import Iterator

from django.utils.translation import override

from interchange.register_file.format import EntrySchema, Key, ValueKind, vocabulary
from interchange.register_file.omitted import BESIDE, LEFT_OUT
from interchange.register_file.sections import HEAD, SECTIONS

_HEAD = """\
# The register file

Made from `interchange/register_file/` by `manage.py register_format`; edit the definition there, then run
it again. `commitments/fixtures/viet-nam-cambodia.yaml` is the example.

    manage.py load_register FILE [--dry-run] [--if-empty]
    manage.py dump_register [FILE]

A load takes all of the file or nothing: a file with faults changes nothing, and every fault is named with its
line. It adds what is missing, changes what nobody edited here since the last load, and names the rest as
conflicts, which stay as they are. What the file does not hold is left. A status is never taken back. A second
load changes nothing.

A dump of a register, loaded into an empty database, is dumped as the same bytes. A new file is readable for
its owner alone, since it holds commitments of every classification.

The file is UTF-8 and one YAML document, without aliases and tags. A text that YAML would read as something
else (`no`, `2026`) stands in quotes. Sections may come in any order and may be left out; what is named must
be in the file or in the register already.
"""


def page() -> str:
    """The page, as Markdown."""
    with override("en"):
        return "\n".join([_HEAD, *_sections(), *_left_out()])


def _sections() -> Iterator[str]:
    yield "## The head"
    yield ""
    yield from _table(HEAD)
    for section in SECTIONS.values():
        yield f"## `{section.name}`"
        yield ""
        yield from _table(section.shape)
        yield from _records(section.shape, section.name)


def _records(shape: EntrySchema, path: str) -> Iterator[str]:
    for key in shape:
        if key.shape is not None:
            inner = f"{path}.{key.name}"
            yield f"### `{inner}`"
            yield ""
            yield from _table(key.shape)
            yield from _records(key.shape, inner)


def _table(shape: EntrySchema) -> Iterator[str]:
    yield "| key | required | holds | meaning |"
    yield "|---|---|---|---|"
    for key in shape:
        yield f"| `{key.name}` | {'yes' if key.required else ''} | {_holds(key)} | {key.says} |"
    yield ""


def _holds(key: Key) -> str:
    if key.kind is ValueKind.CHOICE:
        return ", ".join(f"`{word}`" for word in vocabulary(key))
    if key.kind is ValueKind.LINK:
        return f"{SECTIONS[key.links].identity} of an entry of `{key.links}`"
    if key.kind is ValueKind.LIST:
        return f"list: {_holds(key.of)}" if isinstance(key.of, Key) else "list of records"
    return str(key.kind.label)


def _left_out() -> Iterator[str]:
    yield "## What has no key"
    yield ""
    yield "| column | why |"
    yield "|---|---|"
    for column, why in LEFT_OUT.items():
        yield f"| `{column}` | {why} |"
    yield ""
    yield "## What a backup needs beside the file"
    yield ""
    for each in BESIDE:
        yield f"- {each}"
    yield ""
