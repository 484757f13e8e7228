"""What expires of accounts: sessions, and answers that are kept for requests sent twice."""

from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.idempotency import expired_answers
from core.housekeeping import housekeeping


@housekeeping("expired sessions")
def remove_expired_sessions() -> int:
    """Sessions that nobody can use any more, with their lines on the page of sessions."""
    return Session.objects.filter(expire_date__lt=timezone.now()).delete()[1].get("sessions.Session", 0)


@housekeeping("expired answers to requests and forms")
def remove_expired_answers() -> int:
    """Answers that were kept in case a request or a form was sent again."""
    return expired_answers().delete()[0]
