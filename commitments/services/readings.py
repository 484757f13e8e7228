"""Recording readings of a target."""

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from commitments.models import Commitment, Reading, Target
from commitments.services.errors import RequirementsNotMet
from commitments.services.periods import reading_errors
from commitments.services.progress import locked_for_report
from core import clock
from relations.models import Paragraph

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def record_reading(
    *,
    commitment: Commitment,
    actor: "User",
    value: Decimal,
    as_of: dt.date | None = None,
    period: str = "",
    note: str = "",
    paragraph: Paragraph | None = None,
) -> Reading:
    """Add a figure reported for the target, in its unit, as of a date (default today) and for a period.

    Raises ``Commitment.DoesNotExist`` (not visible), ``PermissionDenied``, ``RequirementsNotMet`` by field.
    """
    locked = locked_for_report(commitment, actor)
    day = as_of or clock.today()
    errors: dict[str, list[str]] = {}
    if not Target.objects.filter(commitment=locked).exists():
        errors["value"] = [_("This commitment has no target.")]
    if day > clock.today():
        errors["as_of"] = [_("%(day)s is after today.") % {"day": date_format(day)}]
    errors |= reading_errors(locked.readings.all(), as_of=day, period=period.strip())
    if errors:
        raise RequirementsNotMet(errors)
    reading = Reading(
        commitment=locked,
        as_of=day,
        value=value,
        period=period.strip(),
        note=note.strip(),
        paragraph=paragraph,
    )
    reading._history_user = actor  # type: ignore[attr-defined]
    reading.save()
    return reading
