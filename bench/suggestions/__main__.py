"""``python -m bench.suggestions``: how often the right commitment is suggested, in the first five and first."""

import sys
from collections import defaultdict
from typing import TYPE_CHECKING

import django
from django.core.management import call_command
from django.db import connection

if TYPE_CHECKING:
    from bench.suggestions.evaluation import Trial


def main() -> None:
    """Print each paragraph whose commitment is not suggested first, and the sums of each group."""
    django.setup()
    # Django must be set up before models can be imported.
    from bench.suggestions.evaluation import later_mentions, restatements  # noqa: PLC0415

    connection.creation.create_test_db(verbosity=0)
    call_command("load_register", "commitments/fixtures/viet-nam-cambodia.yaml")
    groups: defaultdict[str, list[Trial]] = defaultdict(list)
    for trial in (*later_mentions(), *restatements()):
        groups[trial.group].append(trial)
        groups[trial.group.split()[0]].append(trial)
        if not trial.is_first:
            show(f"{trial.group}: {trial.expected} is {_place(trial)} for: {trial.text}")
    for group, trials in groups.items():
        first, found = sum(each.is_first for each in trials), sum(each.is_found for each in trials)
        show(f"{group}: {len(trials)} paragraphs, {first} first, {found} in the first five")


def _place(trial: "Trial") -> str:
    where = f"number {trial.suggested.index(trial.expected) + 1}" if trial.is_found else "not"
    return f"{where} among {', '.join(trial.suggested) or 'none'}"


def show(text: str) -> None:
    """Print ``text``."""
    sys.stdout.write(f"{text}\n")


if __name__ == "__main__":
    main()
