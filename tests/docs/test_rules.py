"""The tables of docs/rules.md and docs/operations.md agree with the code."""

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
    FulfilmentFigure,
    MentionKind,
    Nature,
    State,
    Status,
)
from commitments.filtersets import ORDERINGS, CommitmentFilterSet, OfficerFilter
from commitments.models import Commitment
from commitments.querysets import ACTIVITIES
from commitments.reports import fulfilment
from commitments.services import errors, transitions
from commitments.services.policy import fixed_parts
from commitments.workflow import (
    CORRECTABLE,
    DELIVERED,
    MENTIONS_THAT_PROVE,
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
    """Return the text of docs/rules.md under the heading ``title``."""
    (found,) = re.findall(rf"^#+ {title}\n(.*?)(?=^#|\Z)", text_of(RULES), re.MULTILINE | re.DOTALL)
    return found


def bullet(title: str, beginning: str) -> str:
    """Return the list item of the section ``title`` that begins with ``beginning``."""
    points = re.split(r"^- ", section(title), flags=re.MULTILINE)[1:]
    (found,) = [point for point in points if point.startswith(beginning)]
    return found


# -- roles, rights, visibility ---------------------------------------------------------------------------


def test_rights_by_role() -> None:
    columns = {str(role.label).lower(): role for role in Role}
    rows = table(RULES, "right", "allows to", *columns)
    documented = {name(row["right"]): {role for head, role in columns.items() if row[head]} for row in rows}
    assert {row[head] for row in rows for head in columns} == {"yes", ""}
    assert documented == {right.name: set(roles) for right, roles in RIGHTS.items()}


def test_classifications_in_their_order() -> None:
    text = bullet("Visibility", "A commitment has one of four classifications")
    assert names(text) == [str(level.label) for level in Clearance]


# -- statuses, transitions, outcomes ---------------------------------------------------------------------


def test_groups_of_statuses() -> None:
    rows = table(RULES, "group", "statuses", "meaning")
    documented = {row["group"]: set(names(row["statuses"])) for row in rows}
    assert documented == {
        "open": set(OPEN),
        "closed": set(CLOSED),
        "clock runs": set(CLOCK_RUNS),
        "no clock": set(NO_CLOCK),
    }
    assert documented["open"] == STATUSES_OF[State.OPEN]
    assert documented["closed"] == STATUSES_OF[State.CLOSED]
    assert documented["open"] | documented["closed"] == set(Status)


def test_what_transitions_take_beside_a_note() -> None:
    rows = table(RULES, "transition", "takes", "rule")
    documented = {name(row["transition"]): set(row["takes"].split(", ")) for row in rows}
    taken = {
        str(key): {
            *(["outcome"] if row.takes_outcome else []),
            *(["delivery day"] if row.takes_delivery else []),
        }
        for key, row in TRANSITIONS.items()
    }
    assert documented == {key: takes for key, takes in taken.items() if takes}


def test_what_correct_undoes() -> None:
    first, *_others = bullet("Transitions", "`correct` undoes").split(". It never")
    assert names(first) == ["correct", *(key for key in TRANSITIONS if key in CORRECTABLE)]


def test_transitions_that_are_dated_today() -> None:
    text = bullet("Order of days", "`confirm`")
    assert names(text) == [key for key, row in TRANSITIONS.items() if row.dated_today]


def test_how_each_nature_begins_and_ends() -> None:
    rows = table(RULES, "nature", "can be registered as", "can end as", "can be upheld as standing")
    documented = {
        nature: (
            names(row["can be registered as"]),
            names(row["can end as"]),
            row["can be upheld as standing"],
        )
        for row in rows
        for nature in names(row["nature"])
    }
    assert documented == {
        nature: (
            list(first_statuses(nature)),
            list(outcomes(nature, Status.AGREED)),
            "yes" if nature in TRANSITIONS["uphold"].natures else "",  # type: ignore[index]
        )
        for nature in Nature
    }
    assert sum(len(names(row["nature"])) for row in rows) == len(Nature)


def test_how_a_request_can_end() -> None:
    (text,) = re.findall(r"^A commitment that is still.*$", section("Outcomes"), re.MULTILINE)
    assert names(text) == ["requested", *(status for status in Status if status in PROPOSABLE_FROM_REQUEST)]


def test_what_an_outcome_needs() -> None:
    rows = table(RULES, "outcome", "needs")
    documented = {name(row["outcome"]): set(names(row["needs"])) for row in rows}
    kinds = MENTIONS_THAT_PROVE
    assert documented == {**{status: set(kinds[status]) for status in DELIVERED}, Status.SUPERSEDED: set()}
    assert set().union(*documented.values()) <= set(MentionKind)


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


def test_refusals_have_the_order_of_the_docstring_of_the_service() -> None:
    """tests/commitments/services/test_transitions.py tests the order itself."""
    rows = table(RULES, "order", "status code", "exception", "reason")
    text = transitions.apply_transition.__doc__ or ""
    written = [name(row["exception"]).replace("NotYours", "PermissionDenied") for row in rows]
    promised = [each for each in names(text.replace("``", "`")) if each in written]
    assert promised == written
    assert issubclass(errors.NotYours, errors.PermissionDenied)


def test_what_cannot_be_edited_by_status() -> None:
    rows = table(RULES, "status", "cannot be edited", "first")
    documented = {row["status"]: set(names(row["cannot be edited"])) for row in rows}
    assert documented == {
        "`under_review`": set(fixed_parts(Status.UNDER_REVIEW)),
        "any closed status": set(fixed_parts(Status.DROPPED)),
    }
    assert {len(fixed_parts(status)) for status in CLOSED} == {3}
    assert {len(fixed_parts(status)) for status in OPEN - {Status.UNDER_REVIEW}} == {0}


# -- days, figures, append-only --------------------------------------------------------------------------


def test_what_counts_as_activity() -> None:
    rows = table(RULES, "what happened", "its day")
    assert [(name(row["what happened"]), name(row["its day"])) for row in rows] == list(ACTIVITIES)


def test_figures_by_status() -> None:
    documented = {name(row["figure"]): names(row["counts"]) for row in table(RULES, "figure", "counts")}
    assert list(documented) == [figure.value for figure in FulfilmentFigure]
    under_review, *claims = documented.pop("claimed")
    assert under_review == Status.UNDER_REVIEW
    of_status = {status: figure for figure, statuses in documented.items() for status in statuses}
    for status in Status:
        if status != Status.UNDER_REVIEW:
            assert fulfilment.figure_of(status, "", "") == of_status.get(status), status
    for came_from in OPEN - {Status.UNDER_REVIEW}:
        for proposed in CLOSED:
            expected = "claimed" if proposed in claims else of_status.get(came_from)
            counted = fulfilment.figure_of(Status.UNDER_REVIEW, came_from, proposed)
            assert counted == (None if came_from in NO_CLOCK else expected), (came_from, proposed)


def test_statuses_in_no_figure() -> None:
    documented = [name for row in table(RULES, "figure", "counts") for name in names(row["counts"])]
    left_out = [*names(bullet("Figures", "`requested`")), *names(bullet("Figures", "`not_fulfilled`"))]
    assert {*left_out, *documented} == set(Status)
    assert not set(left_out) & set(documented)


def test_rows_that_the_database_refuses_to_change() -> None:
    rows = table(RULES, "row", "refused")
    documented = {name(row["row"]): tuple(row["refused"].split(", ")) for row in rows}
    assert documented == {model.__name__: model.frozen_against for model in guarded_models()}


# -- filters ---------------------------------------------------------------------------------------------

KINDS: dict[type[django_filters.Filter], str] = {
    filters.DayFilter: "a day",
    filters.CountFilter: "a number",
    filters.BooleanFilter: "true or false",
    django_filters.CharFilter: "words",
    OfficerFilter: "an account",
}


def what_it_takes(parameter: str, given: django_filters.Filter) -> str:
    """Return the text of the column *takes* for a filter."""
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
    documented = [(name(row["parameter"]), row["takes"], row["repeatable"] == "yes") for row in rows]
    assert documented == [
        (parameter, what_it_takes(parameter, given), is_repeatable(given))
        for parameter, given in CommitmentFilterSet.base_filters.items()
    ]


def test_filters_that_accept_none() -> None:
    rows = table(RULES, "parameter", "takes", "repeatable", "finds")
    documented = {name(row["parameter"]) for row in rows if "none" in names(row["finds"])}
    assert documented == {
        parameter
        for parameter, given in CommitmentFilterSet.base_filters.items()
        if given.extra.get("null_label") or isinstance(given, OfficerFilter)
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
    """The OpenAPI document has every parameter. Another test compares it with the code."""
    document = text_of("docs/openapi.yml")
    (operation,) = re.findall(r"operationId: commitments_list\n(.*?)operationId:", document, re.DOTALL)
    named = set(re.findall(r"in: query\n +name: (\w+)", operation))
    assert named - set(CommitmentFilterSet.base_filters) == presentation("the API")
    assert named >= set(CommitmentFilterSet.base_filters)


# -- settings and commands -------------------------------------------------------------------------------


def program() -> list[str]:
    """The modules of the program, without tests, scripts and benchmarks."""
    apart = ("tests/", "scripts/", "bench/")
    return [path for path in files() if path.endswith(".py") and not path.startswith(apart)]


def read_from_the_environment(path: str) -> dict[str, str | None]:
    """Return the variables that the module ``path`` reads, each with its default if that is a text."""
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


def test_the_docstring_of_the_settings_lists_the_variables() -> None:
    text = ast.get_docstring(ast.parse(text_of("config/settings.py"))) or ""
    (named,) = re.findall(r"^Read: ([A-Z_,\s]+)\.", text, re.MULTILINE)
    assert set(re.split(r",\s+", named)) == set(read_from_the_environment("config/settings.py"))


def usage(command: str, app: str) -> str:
    """Return the command with its arguments, as in the table."""
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
    documented = [name(row["command"]) for row in table(OPERATIONS, "command", "does")]
    ours = {path.split("/")[0] for path in program() if "/management/commands/" in path}
    commands = {command: app for command, app in get_commands().items() if str(app) in ours}
    assert len(commands) == len([path for path in program() if is_command(path)])
    assert sorted(documented) == sorted(usage(command, str(app)) for command, app in commands.items())


def is_command(path: str) -> bool:
    return Path(path).parent.name == "commands" and Path(path).name != "__init__.py"
