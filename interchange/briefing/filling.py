"""Fills a Word template in a process of its own: ``python -m interchange.briefing.filling``.

It reads a request as JSON and writes the document, or what is wrong with the template. It imports nothing of
Django and reads no settings: a template can reach only what the request contains. Values are never templates.
"""

import base64
import datetime as dt
import io
import json
import re
import zipfile
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import PackageNotFoundError
from docxtpl import DocxTemplate
from jinja2 import ChainableUndefined, TemplateError, TemplateSyntaxError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml import etree
from markupsafe import Markup, escape

from core.documents.child import Extract, answer
from core.documents.word_package import local, value_of
from interchange.briefing.limits import CPU_SECONDS, FILLED, REFUSED, WALL_SECONDS
from interchange.briefing.marking import marking_faults
from interchange.briefing.scripts import mark_scripts

_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_PROPERTIES = ("author", "comments", "subject", "title")
_LONGEST_PROPERTY = 255
_AS_TYPED = {"{_": "{&#95;", "_}": "&#95;}"}
"""docxtpl turns ``{_{`` into ``{{`` at the end, also where somebody typed it."""


def _plain(value: Any) -> Any:
    """``value`` as it is written into the document: never read as XML, and never as a template."""
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    text = str(escape(_NOT_IN_XML.sub("", value)))
    for typed, written in _AS_TYPED.items():
        text = text.replace(typed, written)
    return Markup(text)  # noqa: S704  (escaped above)


class _Collected(ChainableUndefined):
    """A placeholder without a value. It is empty, and its name is kept."""

    names: set[str] = set()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self._undefined_name is not None:
            self.names.add(str(self._undefined_name))


def _environment() -> ImmutableSandboxedEnvironment:
    return ImmutableSandboxedEnvironment(autoescape=True, finalize=_plain, undefined=_Collected)


def fill(content: bytes) -> Extract:
    """Answer the request in ``content``: a ``template`` in base64, and the ``contexts`` to fill it with.

    With ``marking``, the template is only checked: no name is unknown with any of the contexts, and with the
    first one every header and every footer shows ``marking``. Otherwise the document must show its
    classification, whatever the template made of it.
    """
    request = json.loads(content, object_hook=lambda found: _Record(**found))
    template = base64.b64decode(request.template)
    contexts = [vars(each) for each in request.contexts]
    try:
        if request.marking:
            faults = list(_faults(template, contexts, request.marking))
            return Extract((REFUSED, json.dumps(faults))) if faults else Extract((FILLED, ""))
        document = _filled(template, contexts[0])
        faults = list(marking_faults(Document(io.BytesIO(document)), contexts[0]["classification"]))
        if faults:
            return Extract((REFUSED, json.dumps(faults)))
    except FromOutside as error:
        return Extract((REFUSED, json.dumps([{"fault": "outside", "detail": error.what}])))
    except (TemplateError, SecurityError, TypeError, ValueError, ArithmeticError) as error:
        return Extract((REFUSED, json.dumps([_fault_of(error)])))
    return Extract((FILLED, base64.b64encode(document).decode()))


class _Record(SimpleNamespace):
    """The values of one thing, by name. It has no methods that a template could call."""


class FromOutside(ValueError):
    """The document would fetch something from outside when it is opened. ``what`` names it."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class _Template(DocxTemplate):
    """A template whose properties, such as the title, are cut to the length that Word allows."""

    def render_properties(self, context: dict[str, Any], jinja_env: Any = None) -> None:
        """Fill the properties of the document. It is as old as the briefing, not as its template."""
        properties = self.docx.core_properties
        for name in _PROPERTIES:
            filled = jinja_env.from_string(getattr(properties, name)).render(context)
            setattr(properties, name, Markup(filled).unescape()[:_LONGEST_PROPERTY])  # noqa: S704
        properties.created = properties.modified = dt.datetime.now(dt.UTC)
        properties.last_modified_by, properties.revision = "", 1


def _filled(template: bytes, context: dict[str, Any]) -> bytes:
    document = _Template(io.BytesIO(template))
    document.render(context, _environment(), autoescape=True)
    mark_scripts(document.docx.element.body)
    for relation in document.docx.part.rels.values():
        if relation.reltype in (RELATIONSHIP_TYPE.HEADER, RELATIONSHIP_TYPE.FOOTER):
            mark_scripts(relation.target_part.element)
    written = io.BytesIO()
    document.save(written)
    _refuse_outside(written)
    return written.getvalue()


_FETCHING = ("aFChunk", "attachedTemplate", "oleObject", "subDocument")
"""Kinds of relation that bring in another document, whatever it is."""
_FIELDS = frozenset(
    (
        *("=", "AUTHOR", "COMMENTS", "CREATEDATE", "DATE", "DOCPROPERTY", "EQ", "HYPERLINK", "IF", "INDEX"),
        *("KEYWORDS", "LISTNUM", "NOTEREF", "NUMCHARS", "NUMPAGES", "NUMWORDS", "PAGE", "PAGEREF"),
        *("PRINTDATE", "QUOTE", "REF", "REVNUM", "SAVEDATE", "SECTION", "SECTIONPAGES", "SEQ", "STYLEREF"),
        *("SUBJECT", "SYMBOL", "TC", "TIME", "TITLE", "TOC", "XE"),
    )
)
"""The fields that read only the document itself. Others fetch a picture, a text or data, or run a program."""


def _refuse_outside(document: io.BytesIO) -> None:
    """Raise ``FromOutside`` where opening ``document`` would fetch something: its address may tell a content.

    The document is looked at, not its template: a template can write a field piece by piece.
    """
    with zipfile.ZipFile(document) as package:
        for name in package.namelist():
            content = package.read(name) if name.endswith((".rels", ".xml")) else b""
            if name.endswith(".rels"):
                for each in etree.fromstring(content, _parser()):
                    kind = each.get("Type", "").rpartition("/")[2]
                    if kind in _FETCHING or (each.get("TargetMode") == "External" and kind != "hyperlink"):
                        raise FromOutside(kind)
            elif any(word in content for word in (b"instrText", b"fldSimple")):
                for field in _fields(etree.fromstring(content, _parser())):
                    if field not in _FIELDS:
                        raise FromOutside(field)


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)


def _fields(part: Any) -> Iterator[str]:
    """The first word of each field in a part. That of a field which another one makes is empty."""
    instructions: list[str | None] = [""]  # of the fields that are open; None once it was told
    for element in part.iter():
        name, mark = local(element), value_of(element, "fldCharType")
        if name == "fldSimple":
            yield _first_word(value_of(element, "instr"))
        elif name == "instrText" and instructions[-1] is not None:
            instructions[-1] += element.text or ""
        elif name == "fldChar" and mark == "begin":
            if len(instructions) > 1 and instructions[-1] is not None and not instructions[-1].strip():
                yield ""
            instructions.append("")
        elif name == "fldChar" and len(instructions) > 1:
            if instructions[-1] is not None:
                yield _first_word(instructions[-1])
                instructions[-1] = None
            if mark == "end":
                instructions.pop()
    if instructions[0]:  # outside of any field
        yield _first_word(instructions[0])


def _first_word(text: str) -> str:
    words = text.split()
    return "" if not words else "=" if words[0].startswith("=") else words[0].upper()


# -- the check of an uploaded template ---------------------------------------------------------------------


def _faults(template: bytes, contexts: list[dict[str, Any]], marking: str) -> Iterator[dict[str, str]]:
    """What is wrong with ``template``: unknown placeholders, and pages without the classification."""
    try:
        first, *_others = (_filled(template, context) for context in contexts)
        declared = DocxTemplate(io.BytesIO(template)).get_undeclared_template_variables(
            _environment(), contexts[0]
        )
    except (zipfile.BadZipFile, KeyError, PackageNotFoundError):
        yield {"fault": "damaged", "detail": ""}
        return
    for name in sorted(_Collected.names | set(declared)):
        yield {"fault": "unknown", "detail": name}
    yield from marking_faults(Document(io.BytesIO(first)), marking)


def _fault_of(error: Exception) -> dict[str, str]:
    """The error of a template, with the words around it."""
    if isinstance(error, TemplateSyntaxError | TemplateError):
        lines = [line.strip() for line in getattr(error, "docx_context", ())]
        near = next((line for line in lines if "{" in line), "")
        return {"fault": "syntax", "detail": str(error.message or error), "near": near[:200]}
    return {"fault": "syntax", "detail": str(error), "near": ""}


if __name__ == "__main__":
    answer(fill, cpu_seconds=CPU_SECONDS, wall_seconds=WALL_SECONDS, most_characters=None)
