"""The documentation page of the workflow, made from the workflow table."""

from collections.abc import Iterator

from django.utils.translation import override

from commitments.choices import CLOSED, MEANINGS, OPEN, Nature, Status
from commitments.workflow import (
    TRANSITIONS,
    ActorRule,
    NoteRule,
    TargetRule,
    Transition,
    TransitionName,
    first_statuses,
)

HEAD = """\
# The status workflow

Made from `commitments/workflow.py` by `manage.py workflow_diagram`; edit the table there, then run it again.
[The rules](rules.md#transitions) say what some transitions need beside a note, and when they are refused.

## Diagram
"""


def page() -> str:
    """The page as Markdown: the diagram, the statuses and the transitions."""
    with override("en"):
        tables = ["## Statuses", "", *_statuses(), "", "## Transitions", "", *_transitions(), ""]
        return "\n".join([HEAD, "```mermaid", *_diagram(), "```", "", *tables])


def _diagram() -> Iterator[str]:
    yield "stateDiagram-v2"
    for status in Status:
        yield f'    state "{status.label}" as {status}'
    for nature in (Nature.COOPERATION, Nature.PRINCIPLE):
        for status in first_statuses(nature):
            if nature != Nature.PRINCIPLE or status not in first_statuses(Nature.COOPERATION):
                yield f"    [*] --> {status}: {TransitionName.REGISTER}"
    for row in TRANSITIONS.values():
        for source in sorted(row.sources, key=list(Status).index):
            for target in _targets(row, source):
                yield f"    {source} --> {target}: {row.name}"
    for status in Status:
        if status in CLOSED:
            yield f"    {status} --> [*]"


def _targets(row: Transition, source: Status) -> list[Status]:
    match row.target:
        case TargetRule.OUTCOME:
            return [status for status in Status if status in CLOSED]
        case TargetRule.BEFORE_REVIEW:
            return [status for status in Status if status in TRANSITIONS[TransitionName.SUBMIT].sources]
        case TargetRule.BEFORE_LAST_CHANGE | TargetRule.LAST_OPEN:
            return []  # left out, since they would cross all other lines; the table names their targets
        case _:
            return [Status(row.target)]


def _statuses() -> Iterator[str]:
    yield "| status | group | meaning |"
    yield "|---|---|---|"
    for status in Status:
        yield f"| `{status}` | {'open' if status in OPEN else 'closed'} | {MEANINGS[status]} |"


def _transitions() -> Iterator[str]:
    yield "| transition | from | to | who | note | dated |"
    yield "|---|---|---|---|---|---|"
    for row in TRANSITIONS.values():
        sources = ", ".join(f"`{status}`" for status in Status if status in row.sources) or "–"
        for status, nature in sorted(row.not_from):
            sources += f" (`{status}` not for a {nature.label})"
        if row.natures != frozenset(Nature):
            sources += "; only " + ", ".join(str(each.label) for each in Nature if each in row.natures)
        target = f"`{row.target}`" if isinstance(row.target, Status) else row.target.value
        if row.name == TransitionName.REGISTER:
            target = "`requested` or `agreed`; `standing` for a principle"
        who = ", ".join(sorted(str(role.label).lower() for role in row.roles))
        if row.actor != ActorRule.ANYONE:
            who += f"; {row.actor.value}"
        note = {NoteRule.REQUIRED: "yes", NoteRule.OPTIONAL: "optional"}.get(row.note, row.note.value)
        dated = "the day it is made" if row.dated_today else "when it occurred"
        yield f"| `{row.name}` | {sources} | {target} | {who} | {note} | {dated} |"
