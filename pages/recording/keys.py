"""The keys of the page on which a text is recorded: one table for the help and for the script."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import pgettext_lazy

from commitments.choices import MentionKind


@dataclass(frozen=True, slots=True)
class Key:
    """The ``keys`` that carry out ``action``, a function of ``static/recording/deciding.js``.

    ``keys`` are values of ``KeyboardEvent.key``, separated by blanks. ``shown`` is how the help writes them,
    where it is another way. ``argument`` is passed to the function.
    """

    action: str
    keys: str
    label: Any
    shown: str = ""
    argument: str = ""

    @property
    def caps(self) -> list[str]:
        """What is written on the keys."""
        return (self.shown or self.keys).split()


KEYS = (
    Key("next", "ArrowDown j", pgettext_lazy("keyboard shortcut", "Next paragraph"), shown="↓ j"),
    Key("previous", "ArrowUp k", pgettext_lazy("keyboard shortcut", "Previous paragraph"), shown="↑ k"),
    Key("undecided", "g", pgettext_lazy("keyboard shortcut", "Next undecided paragraph")),
    Key(
        "worded",
        "w",
        pgettext_lazy("keyboard shortcut", "Next undecided paragraph with a wording such as “agreed”"),
    ),
    Key(
        "mention",
        "1 2 3 4 5 6 7 8 9",
        pgettext_lazy("keyboard shortcut", "Mention of the commitment with that number"),
        shown="1–9",
    ),
    *(
        Key("kind", key, kind.label, argument=kind.value)
        for key, kind in (
            ("a", MentionKind.MADE),
            ("r", MentionKind.REAFFIRMED),
            ("q", MentionKind.REQUESTED),
            ("p", MentionKind.PROGRESS),
            ("f", MentionKind.FULFILLED),
        )
    ),
    Key("search", "m", pgettext_lazy("keyboard shortcut", "Search for the commitment")),
    Key("create", "n", pgettext_lazy("keyboard shortcut", "New commitment")),
    Key(
        "nothing",
        "x",
        pgettext_lazy("keyboard shortcut", "Nothing in this paragraph, or in those selected"),
    ),
    Key(
        "candidate",
        "c",
        pgettext_lazy("keyboard shortcut", "Next passage that the reader of texts proposes"),
        argument="commitment",
    ),
    Key(
        "candidate",
        "v",
        pgettext_lazy("keyboard shortcut", "Next passage that only reports on a commitment"),
        argument="report",
    ),
    Key(
        "passage",
        "y",
        pgettext_lazy("keyboard shortcut", "Accept the passage as proposed"),
        argument="[data-accept]",
    ),
    Key(
        "passage",
        "Y",
        pgettext_lazy("keyboard shortcut", "Accept the passage as a new commitment"),
        argument="[data-accept-new]",
    ),
    Key("change", "e", pgettext_lazy("keyboard shortcut", "Open the proposal for change")),
    Key(
        "passage",
        "d",
        pgettext_lazy("keyboard shortcut", "Refuse the passage: it is not proposed again"),
        argument="[data-refuse]",
    ),
    Key("split", "t", pgettext_lazy("keyboard shortcut", "Split the passage in two")),
    Key(
        "passage",
        "l",
        pgettext_lazy("keyboard shortcut", "Join the passage with the next one of the paragraph"),
        argument="[data-join]",
    ),
    Key("read", "R", pgettext_lazy("keyboard shortcut", "Have the text read, or read again")),
    Key("undo", "u", pgettext_lazy("keyboard shortcut", "Undo the decision on this paragraph")),
    Key("select", "Space", pgettext_lazy("keyboard shortcut", "Select this paragraph or not")),
    Key(
        "extend",
        "Shift+ArrowDown",
        pgettext_lazy("keyboard shortcut", "Select this paragraph and go to the next one"),
        shown="Shift+↓",
    ),
    Key(
        "many",
        "h",
        pgettext_lazy("keyboard shortcut", "Nothing in what looks like a heading"),
        argument="headings",
    ),
    Key(
        "many",
        "X",
        pgettext_lazy("keyboard shortcut", "Nothing in everything still undecided"),
        argument="rest",
    ),
    Key(
        "many",
        "z",
        pgettext_lazy("keyboard shortcut", "Undo the last “nothing” in several paragraphs"),
        argument="undo",
    ),
    Key("enter", "Enter", pgettext_lazy("keyboard shortcut", "Go to the controls of this paragraph")),
    Key("summary", "s", pgettext_lazy("keyboard shortcut", "Summary")),
    Key("help", "?", pgettext_lazy("keyboard shortcut", "Show these shortcuts")),
)
"""Every key, in the order of the help. Digits choose among the commitments that are shown."""
