"""Files that are invalid as a whole, in their history, or in comparison with the register."""

from collections.abc import Callable
from pathlib import Path

import pytest

from commitments.models import Commitment
from interchange.register_file.errors import InvalidRegisterFile
from interchange.register_file.load import load_register
from relations.models import Country
from tests import factories

pytestmark = pytest.mark.django_db

Errors = Callable[[str], list[str]]

ONE = "commitments.KHVN-2025-001"
TWO = "commitments.KHVN-2025-002"


def test_all_errors_are_reported_and_an_invalid_date_does_not_stop_the_check(
    small: str, errors: Errors
) -> None:
    invalid = (
        small.replace("as_of: 2026-01-16", "as_of: 2026-13-45")
        .replace("    kind: ministry\n", "    kind: bureau\n")
        .replace("    text: Hold it in 2026.\n", "")
        .replace("'on': 2026-01-10", "'on': yesterday")
        .replace("        paragraph: 2\n", "        paragraph: 9\n")
    )
    assert errors(invalid) == [
        "line 3: as_of: “2026-13-45” is not a date, YYYY-MM-DD",
        "line 13: agencies.vn-mofa.kind: “bureau” is not one of: government, head_of_state, "
        "head_of_government, ministry, parliament, political_party, province, media, other",
        f"line 50: {ONE}.text: is missing",
        f"line 71: {ONE}.status_history[2].on: “yesterday” is not a date, YYYY-MM-DD",
        f"line 95: {TWO}.mentions[1].paragraph: note has no paragraph 9",
    ]


SUPERSEDED = (
    "    status: superseded\n    status_history:\n      - status: superseded\n        'on': 2025-12-09\n"
)
STANDING = "    status: standing\n    status_history:\n      - status: standing\n        'on': 2025-12-09\n"


def test_superseded_needs_a_successor(small: str, errors: Errors) -> None:
    assert errors(small.replace(STANDING, SUPERSEDED)) == [
        f"line 91: {TWO}.status_history[1].successor: is missing: the commitment that replaces it"
    ]


def test_successor_must_be_the_same_in_both_places(small: str, errors: Errors) -> None:
    invalid = small.replace(
        STANDING,
        SUPERSEDED.replace("    status_history", "    successor: KHVN-2025-002\n    status_history")
        + "        successor: KHVN-2025-001\n",
    )
    assert errors(invalid) == [
        f"line 90: {TWO}.successor: KHVN-2025-002 is not the successor in its history, KHVN-2025-001"
    ]


def test_chain_of_successors_must_not_come_back(small: str, errors: Errors) -> None:
    invalid = small.replace(STANDING, SUPERSEDED + "        successor: KHVN-2025-001\n")
    invalid = invalid.replace(
        "    status: in_progress\n", "    status: superseded\n    successor: KHVN-2025-002\n"
    )
    invalid = invalid.replace("      - status: in_progress\n", "      - status: superseded\n")
    assert errors(invalid) == [
        f"line 65: {ONE}.successor: the successors of KHVN-2025-002 lead back to this commitment",
        f"line 94: {TWO}.status_history[1].successor: the successors of KHVN-2025-001 lead back to "
        "this commitment",
    ]


@pytest.mark.parametrize(
    ("history", "expected"),
    [
        (
            "      - status: standing\n        transition: register\n        'on': 2025-12-09\n",
            [
                f"line 67: {ONE}.status_history[1].transition: register to standing is not possible "
                "for a commitment of nature event"
            ],
        ),
        (
            "      - status: standing\n        transition: start\n        'on': 2025-12-09\n",
            [
                f"line 67: {ONE}.status_history[1].transition: a history begins with register or record, and "
                "register is only at its beginning"
            ],
        ),
        (
            "      - status: dropped\n        'on': 2025-12-09\n"
            "      - status: in_progress\n        transition: start\n        'on': 2025-12-10\n"
            "      - status: standing\n        'on': 2025-12-10\n",
            [f"line 69: {ONE}.status_history[2].transition: start does not start from dropped"],
        ),
        (
            "      - status: agreed\n        'on': 2025-12-09\n"
            "      - status: fulfilled\n        transition: start\n        'on': 2025-12-10\n"
            "      - status: standing\n        'on': 2025-12-10\n",
            [f"line 68: {ONE}.status_history[2].status: start leads from here to in_progress"],
        ),
        (
            "      - status: agreed\n        'on': 2025-12-09\n"
            "      - status: under_review\n        transition: submit\n        'on': 2025-12-10\n"
            "      - status: in_progress\n        transition: return\n        'on': 2025-12-10\n"
            "        outcome: dropped\n"
            "      - status: standing\n        'on': 2025-12-10\n",
            [
                f"line 68: {ONE}.status_history[2].outcome: is missing: submit needs an outcome",
                f"line 71: {ONE}.status_history[3].status: return leads from here to agreed",
                f"line 74: {ONE}.status_history[3].outcome: return has no outcome",
            ],
        ),
    ],
)
def test_transitions_must_be_in_the_workflow_table(
    history: str, expected: list[str], small: str, errors: Errors
) -> None:
    start, end = small.index("      - status: agreed\n"), small.index("    mentions:\n")
    invalid = small[:start] + history + small[end:]
    assert errors(invalid.replace("    status: in_progress\n", "    status: standing\n")) == expected


def test_record_may_lead_from_any_status_to_any(small: str, load: Callable[..., object]) -> None:
    load(small.replace("- status: agreed\n", "- status: dropped\n"))
    assert Commitment.objects.get(reference="KHVN-2025-001").status == "in_progress"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", ["line 1: the file: the file is empty"]),
        (b"# nothing but a remark\n", ["line 1: the file: the file is empty"]),
        (b"---\n", ["line 2: the file: the file is empty"]),
        (b"- a\n- b\n", ["line 1: the file: a register file begins with “register: 1”"]),
        (
            "title: Le Hoài Trung\n".encode("latin-1"),
            ["line 1: the file: not UTF-8, at byte 13 of the line"],
        ),
    ],
)
def test_a_file_that_is_not_a_register_has_one_error(
    content: bytes, expected: list[str], errors: Callable[[bytes], list[str]]
) -> None:
    assert errors(content) == expected


def test_every_line_that_is_not_utf8_is_reported(write: Callable[[bytes], Path]) -> None:
    with pytest.raises(InvalidRegisterFile) as caught:
        load_register(write(b"register: 1\ntitle: \xff\n# \x00\n# \xe9\n"))
    assert [str(error) for error in caught.value.errors] == [
        "line 2: the file: not UTF-8, at byte 8 of the line",
        "line 3: the file: has the character U+0000, which YAML does not allow",
        "line 4: the file: not UTF-8, at byte 3 of the line",
    ]


def test_errors_before_a_syntax_error_are_reported_too(small: str, errors: Errors) -> None:
    invalid = small.replace("    kind: ministry\n", "    kind: bureau\n")
    invalid = invalid.replace(
        "    parties: [KH, VN]\n    obligated: [VN]\n", "    parties: [KH, VN\n    obligated: [VN]\n"
    )
    found = errors(invalid)
    assert found[0].startswith("line 13: agencies.vn-mofa.kind: “bureau” is not one of")
    assert found[1].startswith("line 57: the file: not valid YAML: ") or found[1].startswith(
        "line 56: the file"
    )
    assert len(found) == 2


def test_a_second_document_is_an_error(small: str, errors: Errors) -> None:
    assert errors(small + "---\nregister: 1\n") == [
        "line 98: the file: a second document begins here; a register file has only one"
    ]


def test_deep_nesting_is_an_error(small: str, errors: Errors) -> None:
    nested = small.replace("    title: Keep the peace\n", "    title: " + "[" * 4000 + "]" * 4000 + "\n")
    assert errors(nested) == [
        f"line 83: {TWO}.title: must be a single value: text",
        "line 83: commitments.title: nested too deeply",
    ]


@pytest.mark.parametrize("broken", ["[" * 200_000, "{a: " * 200_000])
def test_the_reading_ends_where_nesting_is_endless(broken: str, errors: Errors) -> None:
    found = errors(f"register: 1\ntitle: T\ncommitments:\n  - title: {broken}\n")
    assert found[0] == "line 4: the file: not valid YAML: nested too deeply"


def test_a_thousand_errors_are_reported_and_the_rest_is_counted(write: Callable[[str], Path]) -> None:
    aliases = "countries:\n  - &a {code: VN, name: Viet Nam}\n" + "  - *a\n" * 1200
    with pytest.raises(InvalidRegisterFile) as caught:
        load_register(write("register: 1\ntitle: T\n" + aliases))
    assert (len(caught.value.errors), caught.value.omitted) == (1000, 200)


def test_a_file_can_refer_to_records_of_the_register(small: str, load: Callable[..., object]) -> None:
    load(small)
    start = small.index("  - reference: KHVN-2025-002")
    addition = small[start:].replace("KHVN-2025-002", "KHVN-2025-003")
    load("register: 1\ntitle: A small register\nas_of: 2026-01-16\ncommitments:\n" + addition)
    assert Commitment.objects.count() == 3


def test_paragraph_of_a_source_in_the_register_must_exist(
    small: str, load: Callable[..., object], errors: Errors
) -> None:
    load(small)
    start = small.index("  - reference: KHVN-2025-002")
    addition = small[start:].replace("KHVN-2025-002", "KHVN-2025-003").replace("paragraph: 2", "paragraph: 3")
    assert errors("register: 1\ntitle: Addition\ncommitments:\n" + addition) == [
        "line 18: commitments.KHVN-2025-003.mentions[1].paragraph: note has no paragraph 3"
    ]


def test_a_unique_value_must_not_belong_to_another_record_of_the_register(small: str, errors: Errors) -> None:
    factories.country("LA")
    Country.objects.filter(code="LA").update(name="Cambodia")
    assert errors(small) == ["line 6: countries.KH.name: Cambodia already belongs to LA in the register"]
