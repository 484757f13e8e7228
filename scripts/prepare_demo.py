"""Prepares the database and the files of the demonstration, in one process to start quickly."""

import os
import sys
from pathlib import Path

import django
from django.core.management import CommandError, call_command

from config.start import told_in_one_sentence

REGISTER = Path(__file__).resolve().parent.parent / "commitments" / "fixtures" / "viet-nam-cambodia.yaml"


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    try:
        call_command("migrate", interactive=False, verbosity=1)
        call_command("load_register", str(REGISTER), if_empty=True)
        call_command("collectstatic", interactive=False, verbosity=0)
        call_command("make_demo_accounts")
        # What is new for them, in files: /demo/mail/ shows them.
        call_command("send_due", early=True)
    except CommandError as error:
        sys.exit(f"Error: {error}")


if __name__ == "__main__":
    with told_in_one_sentence():
        main()
