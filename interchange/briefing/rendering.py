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
from interchange.briefing import marking
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


def _run(template: bytes, contexts: list[dict[str, Any]], sought: str = "") -> str:
    request = {
        "template": base64.b64encode(template).decode(),
        "contexts": contexts,
        "marking": sought,
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
            case "hidden":
                yield _hidden(fault["detail"], fault["why"])
            case "covered":
                yield _(
                    "A picture or a shape lies in front of the text and may cover the classification. Put it "
                    "in line with the text, or behind the text."
                )
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


def _hidden(place: str, why: str) -> str:
    """Why nobody would read the classification, and what to do."""
    reasons = {
        marking.COLOUR: _(
            "Its colour is too pale, or comes from the theme: make it automatic, or choose a standard colour."
        ),
        marking.SIZE: _("It is too small or cut off: give it at least 6 points, and no fixed height."),
        marking.PLACE: _("It may lie outside of the page: remove its frame, its position and its indent."),
        marking.INVISIBLE: _(
            "It is hidden, in a font of symbols or in a text box: make it plain text of a paragraph."
        ),
        marking.CHANGING: _("It is the result of a field, which Word replaces: write it as plain text."),
    }
    if place == marking.HEADER:
        sentence = _("A header contains the classification, but nobody can rely on seeing it. %(reason)s")
    else:
        sentence = _("A footer contains the classification, but nobody can rely on seeing it. %(reason)s")
    return sentence % {"reason": reasons[why]}


def _unknown(name: str) -> str:
    near = get_close_matches(name, NAMES, n=3)
    if not near:
        return _("There is no placeholder “%(name)s”.") % {"name": name}
    sentence = _("There is no placeholder “%(name)s”. Near it are %(near)s.")
    return sentence % {"name": name, "near": all_of(f"“{each}”" for each in near)}
