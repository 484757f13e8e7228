"""Makes the document: fills a template in a process of its own, and tells what is wrong with a template."""

import base64
import json
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from django.utils.translation import gettext as _

from core.documents.child import Extract
from core.documents.problems import Unreadable
from core.documents.read_ahead import read_outside
from core.documents.reading import run_now
from core.lists import all_of
from interchange.briefing.limits import FILLED, WALL_SECONDS
from interchange.briefing.placeholders import NAMES, empty, sample

_MODULE = "interchange.briefing.filling"
MARKING = "THE-CLASSIFICATION"
"""The classification in the sample: it must appear in every header and every footer."""


class TemplateRefused(Exception):
    """The template cannot be used. ``faults`` are sentences, each about one thing that is wrong."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__(" ".join(faults))
        self.faults = faults


def filled(template: bytes, context: dict[str, Any]) -> bytes:
    """The document in Word's format. Raises ``TemplateRefused`` and ``ReadersBusy``."""
    return base64.b64decode(_run(template, [context]))


def check_template(template: bytes, kind: str) -> None:
    """Fill ``template`` with sample data. Raises ``TemplateRefused`` with all faults, and ``ReadersBusy``."""
    _run(template, [sample(kind) | {"classification": MARKING}, empty(kind)], MARKING)


def _run(template: bytes, contexts: list[dict[str, Any]], marking: str = "") -> str:
    request = {
        "template": base64.b64encode(template).decode(),
        "contexts": contexts,
        "marking": marking,
    }
    try:
        outcome, said = read_outside(_MODULE, json.dumps(request).encode(), _run_now).parts
    except Unreadable as error:
        raise TemplateRefused([_("The template takes too much time or memory, or is damaged.")]) from error
    if outcome != FILLED:
        raise TemplateRefused(list(_in_words(json.loads(said))))
    return str(said)


def _run_now(module: str, content: bytes) -> Extract:
    return run_now(module, content, seconds=WALL_SECONDS)


def _in_words(faults: list[dict[str, str]]) -> Iterator[str]:
    for fault in faults:
        match fault["fault"]:
            case "unknown":
                yield _unknown(fault["detail"])
            case "unmarked" if fault["detail"] == "header":
                yield _("A header lacks the placeholder {{ classification }}.")
            case "unmarked":
                yield _("A footer lacks the placeholder {{ classification }}.")
            case "outside":
                sentence = _(
                    "The template brings in something from outside the document (%(what)s). Put the picture "
                    "or the text itself into it, and remove linked files, templates and objects."
                )
                yield sentence % {"what": fault["detail"] or _("a field within a field")}
            case "damaged":
                yield _("The file is damaged, or is no Word document. Save it as .docx.")
            case _ if fault.get("near"):
                sentence = _("An instruction is wrong near “%(near)s”: %(detail)s")
                yield sentence % {"near": fault["near"], "detail": fault["detail"]}
            case _:
                yield _("An instruction is wrong: %(detail)s") % {"detail": fault["detail"]}


def _unknown(name: str) -> str:
    near = get_close_matches(name, NAMES, n=3)
    if not near:
        return _("There is no placeholder “%(name)s”.") % {"name": name}
    sentence = _("There is no placeholder “%(name)s”. Near it are %(near)s.")
    return sentence % {"name": name, "near": all_of(f"“{each}”" for each in near)}
