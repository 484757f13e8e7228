"""What is found: well, odd or wrong, each with what to do."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad it is. Only what is wrong keeps the site from working as it should."""

    WELL = "ok"
    ODD = "warning"
    WRONG = "error"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found in an ``area``, and what to do about it."""

    area: str
    level: Level
    found: str
    advice: str = ""


def well(area: str, found: str) -> Finding:
    """Nothing is to do."""
    return Finding(area, Level.WELL, found)


def odd(area: str, found: str, advice: str) -> Finding:
    """The site works; somebody should look at it."""
    return Finding(area, Level.ODD, found, advice)


def wrong(area: str, found: str, advice: str) -> Finding:
    """The site does not work as it should."""
    return Finding(area, Level.WRONG, found, advice)


Area = Callable[[], Iterator[Finding]]

_added: list[Area] = []


def area(look: Area) -> Area:
    """Let ``manage.py doctor`` ask ``look`` too. An app has such functions in its module ``doctor``."""
    _added.append(look)
    return look


def added_areas() -> list[Area]:
    """What apps have added, in the order in which their modules were imported."""
    return list(_added)
