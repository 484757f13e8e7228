"""ETags of commitments: the stamp of the dossier, for one user on one day."""

from accounts.models import User
from commitments.services.dossier import Stamp, stamp_for
from core import clock
from core.api.etags import etag_of


def etag_for(user: User, reference: str) -> str | None:
    """The strong ETag of a commitment for ``user`` today; ``None`` if ``user`` may not see it. One query."""
    stamp = stamp_for(user, reference)
    return etag_of_stamp(user, stamp) if stamp else None


def etag_of_stamp(user: User, stamp: Stamp) -> str:
    """The strong ETag of the state ``stamp`` of a commitment: its document depends on rights and date too."""
    roles = sorted(user.roles)
    return etag_of(stamp.digest, user.pk, roles, user.agency_id, user.clearance, user.desk.key, clock.today())
