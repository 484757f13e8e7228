"""Give the application's database role its rights."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from core.application_role import UnfitRole, grant


class Command(BaseCommand):
    """Run it as the owner of the tables. Every later ``migrate`` does the same for new tables."""

    help = (
        "Give a PostgreSQL role the rights that the application needs: no more than reading and adding where "
    )
    help += "rows are append-only."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("role", metavar="ROLE", help="the role in the DATABASE_URL of the application")

    def handle(self, *args: Any, **options: Any) -> None:
        if connection.vendor != "postgresql":
            raise CommandError("Only PostgreSQL has roles.")
        try:
            grant(options["role"])
        except UnfitRole as unfit:
            raise CommandError(str(unfit)) from None
        self.stdout.write(f"{options['role']} has the rights of the application.")
