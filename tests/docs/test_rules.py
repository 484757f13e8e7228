"""The tables of docs/rules.md and docs/operations.md say what the program does: each against its code."""

import ast
import re
from pathlib import Path

import django_filters
import pytest
from django.conf import settings
from django.core.management import get_commands, load_command_class
from django.core.management.base import BaseCommand
from django.test import Client
from django.utils.module_loading import import_string

from accounts.choices import Clearance, Role
from accounts.permissions import RIGHTS
from commitments.choices import (
    CLOCK_RUNS,
    CLOSED,
    NO_CLOCK,
    OPEN,
    STATUSES_OF,
    MentionKind,
    Nature,
    State,
    Status,
)
from commitments.filtersets import ORDERINGS, CommitmentFilterSet
from commitments.models import Commitment
from commitments.querysets import ACTIVITIES
from commitments.reports import fulfilment
from commitments.services import errors, transitions
from commitments.workflow import (
    CORRECTABLE,
    DELIVERED,
    PROPOSABLE_FROM_REQUEST,
    TRANSITIONS,
    first_statuses,
    outcomes,
)
from core import filters
from core.append_only import guarded_models
from core.pagination import MAX_PAGE_SIZE, PAGE_SIZE
from tests import factories as make
from tests.docs.pages import files, name, names, table, text_of

RULES, OPERATIONS = "docs/rules.md", "docs/operations.md"


def section(title: str) -> str:
    """The text of docs/rules.md under the heading ``title``, up to the next heading."""
    (found,) = re.findall(rf"^#+ {title}\n(.*?)(?=^#|\Z)", text_of(RULES), re.MULTILINE | re.DOTALL)
    return found


def bullet(title: str, beginning: str) -> str:
    """The point of the section ``title`` that begins so."""
    points = re.split(r"^- ", section(title), flags=re.MULTILINE)[1:]
    (found,) = [point for point in points if point.startswith(beginning)]
    return found


# -- roles, rights, visibility ---------------------------------------------------------------------------


def test_rights_by_role() -> None:
    columns = {str(role.label).lower(): role for role in Role}
    rows = table(RULES, "right", "allows to", *columns)
    told = {name(row["right"]): {role for head, role in columns.items() if row[head]} for row in rows}
    assert {row[head] for row in rows for head in columns} == {"yes", ""}
    assert told == {right.name: set(roles) for right, roles in RIGHTS.items()}


def test_classifications_in_their_order() -> None:
    said = bullet("Visibility", "A commitment has one of four classifications")
    assert names(said) == [str(level.label) for level in Clearance]


# -- statuses, transitions, outcomes ---------------------------------------------------------------------


def test_groups_of_statuses() -> None:
    rows = table(RULES, "group", "statuses", "meaning")
    told = {row["group"]: set(names(row["statuses"])) for row in rows}
    assert told == {
        "open": set(OPEN),
        "closed": set(CLOSED),
        "clock runs": set(CLOCK_RUNS),
        "no clock": set(NO_CLOCK),
    }
    assert told["open"] == STATUSES_OF[State.OPEN]
    assert told["closed"] == STATUSES_OF[State.CLOSED]
    assert told["open"] | told["closed"] == set(Status)


def test_what_transitions_take_beside_a_note() -> None:
    rows = table(RULES, "transition", "takes", "rule")
    told = {name(row["transition"]): set(row["takes"].split(", ")) for row in rows}
    taken = {
        str(key): {
            *(["outcome"] if row.takes_outcome else []),
            *(["delivery day"] if row.takes_delivery else []),
        }
        for key, row in TRANSITIONS.items()
    }
    assert told == {key: takes for key, takes in taken.items() if takes}


def test_what_correct_undoes() -> None:
    first, *_others = bullet("Transitions", "`correct` undoes").split(". It never")
    assert names(first) == ["correct", *(key for key in TRANSITIONS if key in CORRECTABLE)]


def test_transitions_that_are_dated_the_day_they_are_made() -> None:
    said = bullet("Order of days", "`confirm`")
    assert names(said) == [key for key, row in TRANSITIONS.items() if row.dated_today]


def test_how_each_nature_begins_and_ends() -> None:
    rows = table(RULES, "nature", "can be registered as", "can end as", "can be upheld as standing")
    told = {
        nature: (
            names(row["can be registered as"]),
            names(row["can end as"]),
            row["can be upheld as standing"],
        )
        for row in rows
        for nature in names(row["nature"])
    }
    assert told == {
        nature: (
            list(first_statuses(nature)),
            list(outcomes(nature, Status.AGREED)),
            "yes" if nature in TRANSITIONS["uphold"].natures else "",  # type: ignore[index]
        )
        for nature in Nature
    }
    assert sum(len(names(row["nature"])) for row in rows) == len(Nature)


def test_how_a_request_can_end() -> None:
    (said,) = re.findall(r"^A commitment that is still.*$", section("Outcomes"), re.MULTILINE)
    assert names(said) == ["requested", *(status for status in Status if status in PROPOSABLE_FROM_REQUEST)]


def test_what_an_outcome_needs() -> None:
    rows = table(RULES, "outcome", "needs")
    told = {name(row["outcome"]): set(names(row["needs"])) for row in rows}
    kinds = transitions._MENTIONS_THAT_PROVE
    assert told == {**{status: set(kinds[status]) for status in DELIVERED}, Status.SUPERSEDED: set()}
    assert set().union(*told.values()) <= set(MentionKind)


# -- refusals --------------------------------------------------------------------------------------------

REFUSALS = {
    "Commitment.DoesNotExist": Commitment.DoesNotExist(),
    "UnknownTransition": errors.UnknownTransition("x"),
    "NotYours": errors.NotYours("no"),
    "IllegalTransition": errors.IllegalTransition("no", status=Status.AGREED),
    "RequirementsNotMet": errors.RequirementsNotMet({"note": ["missing"]}),
}


def test_refusals_have_their_status_codes() -> None:
    rows = table(RULES, "order", "status code", "exception", "reason")
    assert [row["order"] for row in rows] == [str(number) for number in range(1, len(rows) + 1)]
    assert {name(row["exception"]) for row in rows} == set(REFUSALS)
    answer = import_string(settings.REST_FRAMEWORK["EXCEPTION_HANDLER"])
    for row in rows:
        assert answer(REFUSALS[name(row["exception"])], {}).status_code == int(row["status code"]), row


def test_refusals_stand_in_the_order_in_which_the_writer_names_them() -> None:
    """The order itself is tried in tests/commitments/services/test_transitions.py."""
    rows = table(RULES, "order", "status code", "exception", "reason")
    said = transitions.apply_transition.__doc__ or ""
    promised = names(said.replace("``", "`").split("changing nothing:")[1])
    written = [name(row["exception"]).replace("NotYours", "PermissionDenied") for row in rows]
    assert promised == written
    assert issubclass(errors.NotYours, errors.PermissionDenied)


# -- days, figures, append-only --------------------------------------------------------------------------


def test_what_counts_as_having_happened() -> None:
    rows = table(RULES, "what happened", "its day")
    assert [(name(row["what happened"]), name(row["its day"])) for row in rows] == list(ACTIVITIES)


def test_figures_by_status() -> None:
    told = {name(row["figure"]): names(row["counts"]) for row in table(RULES, "figure", "counts")}
    assert list(told) == [str(figure) for figure in fulfilment.labels()]
    under_review, *claims = told.pop("claimed")
    assert under_review == Status.UNDER_REVIEW
    of_status = {status: figure for figure, statuses in told.items() for status in statuses}
    for status in Status:
        if status != Status.UNDER_REVIEW:
            assert fulfilment.figure_of(status, "", "") == of_status.get(status), status
    for came_from in OPEN - {Status.UNDER_REVIEW}:
        for proposed in CLOSED:
            expected = "claimed" if proposed in claims else of_status.get(came_from)
            counted = fulfilment.figure_of(Status.UNDER_REVIEW, came_from, proposed)
            assert counted == (None if came_from in NO_CLOCK else expected), (came_from, proposed)


def test_statuses_in_no_figure() -> None:
    told = [name for row in table(RULES, "figure", "counts") for name in names(row["counts"])]
    left_out = [*names(bullet("Figures", "`requested`")), *names(bullet("Figures", "`not_fulfilled`"))]
    assert {*left_out, *told} == set(Status)
    assert not set(left_out) & set(told)


def test_rows_that_the_database_refuses_to_change() -> None:
    rows = table(RULES, "row", "refused")
    told = {name(row["row"]): tuple(row["refused"].split(", ")) for row in rows}
    assert told == {model.__name__: model.frozen_against for model in guarded_models()}


# -- filters ---------------------------------------------------------------------------------------------

KINDS: dict[type[django_filters.Filter], str] = {
    filters.DayFilter: "a day",
    filters.CountFilter: "a number",
    filters.BooleanFilter: "true or false",
    django_filters.CharFilter: "words",
}


def what_it_takes(parameter: str, given: django_filters.Filter) -> str:
    """The words of the column *takes* for a filter."""
    for kind, words in KINDS.items():
        if isinstance(given, kind):
            return words
    if key := given.extra.get("to_field_name"):
        return "a code" if key == "code" else "a key"
    return "an order" if parameter == "ordering" else "a choice"


def is_repeatable(given: django_filters.Filter) -> bool:
    return isinstance(given, django_filters.MultipleChoiceFilter | django_filters.ModelMultipleChoiceFilter)


def test_filter_parameters() -> None:
    rows = table(RULES, "parameter", "takes", "repeatable", "finds")
    assert {row["repeatable"] for row in rows} == {"yes", ""}
    told = [(name(row["parameter"]), row["takes"], row["repeatable"] == "yes") for row in rows]
    assert told == [
        (parameter, what_it_takes(parameter, given), is_repeatable(given))
        for parameter, given in CommitmentFilterSet.base_filters.items()
    ]


def test_filters_that_find_what_has_none() -> None:
    rows = table(RULES, "parameter", "takes", "repeatable", "finds")
    told = {name(row["parameter"]) for row in rows if "none" in names(row["finds"])}
    assert told == {
        parameter
        for parameter, given in CommitmentFilterSet.base_filters.items()
        if given.extra.get("null_label")
    }


def test_rows_on_a_page() -> None:
    (row,) = [
        row
        for row in table(RULES, "parameter", "takes", "repeatable", "finds")
        if name(row["parameter"]) == "page_size"
    ]
    assert row["finds"] == f"Rows on a page: 1 to {MAX_PAGE_SIZE}, and {PAGE_SIZE} unless given."


def test_orders() -> None:
    assert [name(row["name"]) for row in table(RULES, "name", "sorts by")] == list(ORDERINGS)


def presentation(place: str) -> set[str]:
    rows = table(RULES, "parameter", "where", "chooses")
    return {name(row["parameter"]) for row in rows if place in row["where"]}


@pytest.mark.django_db
def test_presentation_parameters_of_the_list(client: Client) -> None:
    client.force_login(make.user("reader"))
    answer = client.get("/commitments/")
    assert answer.context["filterset"].also_known == presentation("the list")


def test_presentation_parameters_of_the_api() -> None:
    """The OpenAPI document, which a test of its own holds to the code, names every parameter."""
    document = text_of("docs/openapi.yml")
    (operation,) = re.findall(r"operationId: commitments_list\n(.*?)operationId:", document, re.DOTALL)
    named = set(re.findall(r"in: query\n +name: (\w+)", operation))
    assert named - set(CommitmentFilterSet.base_filters) == presentation("the API")
    assert named >= set(CommitmentFilterSet.base_filters)


# -- settings and commands -------------------------------------------------------------------------------


def program() -> list[str]:
    """The modules of the program: no tests, no scripts, no benchmarks."""
    apart = ("tests/", "scripts/", "bench/")
    return [path for path in files() if path.endswith(".py") and not path.startswith(apart)]


def read_from_the_environment(path: str) -> dict[str, str | None]:
    """The variables that the module ``path`` reads, each with its default where that is a text."""
    found: dict[str, str | None] = {}
    for node in ast.walk(ast.parse(text_of(path))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        reader = ast.unparse(node.func)
        if not reader.startswith("env.") and reader not in {"os.environ.get", "os.getenv"}:
            continue
        if node.args and isinstance(node.args[0], ast.Constant):
            (default,) = [word.value for word in node.keywords if word.arg == "default"] or [None]
            is_text = isinstance(default, ast.Constant) and isinstance(default.value, str)
            key = str(node.args[0].value)
            found[key] = found.get(key) or (default.value or None if is_text else None)  # type: ignore[union-attr]
    return found


def test_settings_read_from_the_environment() -> None:
    rows = {name(row["variable"]): row for row in table(OPERATIONS, "variable", "meaning", "default")}
    read: dict[str, str | None] = {}
    for path in program():
        read |= read_from_the_environment(path)
    assert set(rows) == set(read)
    for variable, default in read.items():
        if default is not None:
            assert names(rows[variable]["default"]) == [default], variable


def test_the_settings_name_what_they_read() -> None:
    said = ast.get_docstring(ast.parse(text_of("config/settings.py"))) or ""
    (named,) = re.findall(r"^Read: ([A-Z_, ]+)\.", said, re.MULTILINE)
    assert set(named.split(", ")) == set(read_from_the_environment("config/settings.py"))


def usage(command: str, app: str) -> str:
    """The command with its arguments, as the table writes it."""
    made: BaseCommand = load_command_class(app, command)
    own, common = made.create_parser("manage.py", command), BaseCommand().create_parser("manage.py", "")
    usual = {action.dest for action in common._actions}
    words = [command]
    for action in own._actions:
        if action.dest in usual:
            continue
        written = action.option_strings[0] if action.option_strings else str(action.metavar)
        words.append(written if action.required else f"[{written}]")
    return " ".join(words)


def test_commands_with_their_arguments() -> None:
    told = [name(row["command"]) for row in table(OPERATIONS, "command", "does")]
    ours = {path.split("/")[0] for path in program() if "/management/commands/" in path}
    commands = {command: app for command, app in get_commands().items() if str(app) in ours}
    assert len(commands) == len([path for path in program() if is_command(path)])
    assert sorted(told) == sorted(usage(command, str(app)) for command, app in commands.items())


def is_command(path: str) -> bool:
    return Path(path).parent.name == "commands" and Path(path).name != "__init__.py"
