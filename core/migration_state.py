"""Which migrations belong to this version of the program."""

from collections.abc import Iterable
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db.migrations.loader import MigrationLoader


def of_a_newer_program(applied: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those of ``applied`` that belong to one of our apps and that this version does not know.

    A migration that a library no longer has is no sign of a newer program.
    """
    ours = {each.label for each in apps.get_app_configs() if Path(each.path).parent == settings.BASE_DIR}
    known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations.keys()
    return {(app, name) for app, name in applied if app in ours and (app, name) not in known}
