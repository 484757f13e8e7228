"""The reasons why a document cannot be read."""

from enum import StrEnum, auto


class Problem(StrEnum):
    """Why a document cannot be read."""

    EMPTY = auto()
    TOO_LARGE = auto()
    WRONG_KIND = auto()
    OLD_FORMAT = auto()
    UNKNOWN_ENCODING = auto()
    WRONG_CODE_PAGE = auto()
    ENCRYPTED = auto()
    DAMAGED = auto()
    TOO_MANY_PAGES = auto()
    TOO_LARGE_UNPACKED = auto()
    TOO_LONG = auto()
    TOO_MANY_ROWS = auto()
    TOO_MANY_COLUMNS = auto()
    NO_TEXT = auto()
    ONLY_PICTURES = auto()
    OLD_FONT = auto()
    TOO_SLOW = auto()
    TOO_MUCH_MEMORY = auto()
    CRASHED = auto()


class Unreadable(Exception):
    """The document cannot be read. ``problem`` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem
