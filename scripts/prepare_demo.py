"""Prepares the database and the files of the demonstration, in one process to start quickly."""

import os
import sys
from pathlib import Path

import django
from django.core.management import CommandError, call_command

ROOT = Path(__file__).resolve().parent.parent
REGISTER = ROOT / "commitments" / "fixtures" / "viet-nam-cambodia.yaml"


def main() -> None:
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    try:
        call_command("migrate", interactive=False, verbosity=1)
        call_command("load_register", str(REGISTER), if_empty=True)
        call_command("collectstatic", interactive=False, verbosity=0)
        call_command("make_demo_accounts")
    except CommandError as error:
        sys.exit(f"Error: {error}")


if __name__ == "__main__":
    main()
