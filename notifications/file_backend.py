"""A backend that writes each mail to a file of its own, for the demonstration and for tests."""

import os
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class EmailBackend(BaseEmailBackend):
    """Writes ``<Message-ID>.eml`` into ``EMAIL_FILE_PATH``. A mail that is there is not written again."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.folder = Path(settings.EMAIL_FILE_PATH)

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write each mail whole, or not at all."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for each in email_messages:
            written = each.message()
            name = re.sub(r"[^\w.@-]", "", written["Message-ID"])
            with tempfile.NamedTemporaryFile(dir=self.folder, prefix=".part-", delete=False) as file:
                file.write(written.as_bytes())
                file.flush()
                os.fsync(file.fileno())
            try:
                os.link(file.name, self.folder / f"{name}.eml")
            except FileExistsError:
                pass
            finally:
                Path(file.name).unlink()
        return len(email_messages)
