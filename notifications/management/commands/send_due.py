"""Send the mails that are due."""

import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections

from core import clock
from notifications.choices import MessageState
from notifications.planning import plan_due
from notifications.sending import NoServer, send_due
from notifications.services.report_requests import remind


class Command(BaseCommand):
    """May run at any time, also twice at a time, and again after it was interrupted."""

    help = "Send the mails of the outbox that are due."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--loop",
            type=int,
            metavar="SECONDS",
            help="Do not end: look again after so many seconds.",
        )
        parser.add_argument(
            "--early", action="store_true", help="Tell what is new before seven in the morning, too."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.SENDS_MAIL:
            raise CommandError("The site sends no mail. Set EMAIL_URL: docs/operations.md#mail")
        while pause := options["loop"]:
            try:
                self._once(early=options["early"])
            except CommandError as error:
                self.stderr.write(f"Error: {error}")
            close_old_connections()
            time.sleep(pause)
        self._once(early=options["early"])

    def _once(self, *, early: bool) -> None:
        remind(today=clock.today())
        plan_due(early=early)
        try:
            done = send_due()
        except NoServer as error:
            raise CommandError(f"The server of mail cannot be reached: {error}. Nothing was sent.") from error
        counts = [done[each] for each in (MessageState.SENT, MessageState.NOT_NEEDED)]
        failed = done[MessageState.WAITING] + done[MessageState.GIVEN_UP]
        self.stdout.write(f"{counts[0]} sent, {counts[1]} not needed any more, {failed} failed.")
        if done[MessageState.GIVEN_UP]:
            raise CommandError(
                f"{done[MessageState.GIVEN_UP]} mails were given up: see “Outgoing mails” in the admin."
            )
