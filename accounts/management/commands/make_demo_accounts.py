"""Creates the demo accounts and prints how to sign in with them."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.services.demo import DEFAULT_PASSWORD, DemoRefused, demo_password, make_demo_accounts


class Command(BaseCommand):
    help = "Make the accounts of the demonstration. Refused unless DEMO=1."

    def handle(self, *args: Any, **options: Any) -> None:
        password = demo_password()
        try:
            accounts = make_demo_accounts(password=password)
        except DemoRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        shown = password if password == DEFAULT_PASSWORD else "the one in DEMO_PASSWORD"
        self.stdout.write(f"Demo accounts, password for each: {shown}")
        for user in accounts:
            agency = f", {user.agency}" if user.agency else ""
            self.stdout.write(f"  {user.username:<10} {user.get_full_name()}{agency}")
