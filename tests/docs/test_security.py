"""docs/security.md says something of each requirement, and the files and tests that it names exist."""

import re

from tests.docs.pages import ROOT, text_of

PAGE = "docs/security.md"
NUMBERS = """
1.1: 1 2; 1.2: 1 2 3 4 5 6 7 8 9; 1.3: 1 2 3 4 5 6 7 8 9 10 11; 1.4: 1 2 3; 1.5: 1 2; 2.1: 1 2 3; 2.2: 1 2
3; 2.3: 1 2 3 4; 2.4: 1; 3.2: 1 2; 3.3: 1 2 3 4; 3.4: 1 2 3 4 5 6; 3.5: 1 2 3 4 5; 3.7: 1 2; 4.1: 1 2 3;
4.2: 1; 4.3: 1 2; 4.4: 1 2 3 4; 5.1: 1; 5.2: 1 2 3; 5.3: 1 2; 5.4: 1 2 3; 6.1: 1 2 3; 6.2: 1 2 3 4 5 6 7 8
9 10 11 12; 6.3: 1 2 3 4; 6.4: 1 2 3 4; 6.5: 1 2 3 4 5; 6.6: 1 2 3; 6.8: 1 2 3 4; 7.1: 1 2 3; 7.2: 1 2 3 4;
7.3: 1 2; 7.4: 1 2 3 4 5; 7.5: 1 2; 7.6: 1 2; 8.1: 1 2; 8.2: 1 2 3; 8.3: 1; 8.4: 1; 9.1: 1 2 3; 9.2: 1 2 3
4; 10.1: 1 2; 10.2: 1 2; 10.3: 1 2 3 4; 10.4: 1 2 3 4 5 6 7 8 9 10 11; 10.5: 1 2 3 4 5; 10.6: 1 2; 10.7: 1
2 3; 11.1: 1 2; 11.2: 1 2 3; 11.3: 1 2 3; 11.4: 1 2 3 4; 11.5: 1; 11.6: 1; 12.1: 1 2 3; 12.2: 1 2; 12.3: 1
2 3 4; 13.1: 1; 13.2: 1 2 3 4 5; 13.3: 1 2; 13.4: 1 2 3 4 5; 14.1: 1 2; 14.2: 1 2 3 4; 14.3: 1 2 3; 15.1: 1
2 3; 15.2: 1 2 3; 15.3: 1 2 3 4 5 6 7; 16.1: 1; 16.2: 1 2 3 4 5; 16.3: 1 2 3 4; 16.4: 1 2 3; 16.5: 1 2 3;
17.1: 1; 17.2: 1 2 3 4; 17.3: 1 2
"""
"""The requirements of ASVS 5.0 at levels 1 and 2: each section with its numbers."""


def requirements() -> set[str]:
    sections = (part.split(":") for part in NUMBERS.split(";"))
    return {f"{section.strip()}.{number}" for section, numbers in sections for number in numbers.split()}


def test_each_requirement_is_told_of_once() -> None:
    rows = re.findall(r"^\| ([\d., ]+) \|", text_of(PAGE), re.MULTILINE)
    (left_out,) = re.findall(r"\*\*Not applicable\*\*(.*?)\n\n", text_of(PAGE), re.DOTALL)
    told = [each for part in (*rows, left_out) for each in re.findall(r"\d+\.\d+\.\d+", part)]
    assert len(requirements()) == 253
    assert sorted(told) == sorted(requirements())


def test_the_files_and_tests_that_it_names_exist() -> None:
    named = [each for each in re.findall(r"`([^`\s]+)`", text_of(PAGE)) if "/" in each and each != "/"]
    assert len(named) > 150
    assert [each for each in named if not (ROOT / each).exists()] == []
