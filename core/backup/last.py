"""How old the last good backup is."""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone

from core.models import Backup


@dataclass(frozen=True, slots=True)
class LastBackup:
    """The last good backup, and its age at the moment it was looked for."""

    backup: Backup
    age: dt.timedelta

    @property
    def is_old(self) -> bool:
        """Whether another one should have been made since."""
        return self.age > dt.timedelta(hours=settings.BACKUP_MAX_AGE_HOURS)


def last_backup() -> LastBackup | None:
    """The newest backup that was made and checked; ``None`` if there was none. Raises ``DatabaseError``."""
    backup = Backup.objects.first()
    return LastBackup(backup, timezone.now() - backup.made_at) if backup else None
