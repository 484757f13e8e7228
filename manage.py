#!/usr/bin/env python
"""Django's command line for this project."""

import os
import sys

from django.core.management import execute_from_command_line

from config.start import told_in_one_sentence


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    with told_in_one_sentence():
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
