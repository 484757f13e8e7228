"""A mail with a text and an HTML part, and the headers that programs read."""

import hashlib
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from notifications.addresses import absolute, address_of, mail_domain
from notifications.mail_kinds import Mail
from notifications.models import OutboxMessage
from notifications.unsubscribing import unsubscribe_address, unsubscribe_headers


def build(message: OutboxMessage, mail: Mail, connection: Any = None) -> EmailMultiAlternatives:
    """The mail that says ``mail`` to the recipient of ``message``."""
    recipient = message.recipient
    context = {
        "subject": mail.subject,
        "recipient": recipient,
        "site_address": absolute("/"),
        "unsubscribe_address": unsubscribe_address(recipient) if mail.can_unsubscribe else "",
        "preferences_address": address_of("watching"),
        **mail.context,
    }
    headers: dict[str, str] = {
        "Message-ID": message.message_id,
        # Nobody's automatic answer comes back, and no loop begins (RFC 3834).
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    if mail.can_unsubscribe:
        headers |= unsubscribe_headers(recipient)
    if message.thread:
        root = f"<{hashlib.sha256(message.thread.encode()).hexdigest()[:32]}@{mail_domain()}>"
        headers |= {"In-Reply-To": root, "References": root}
    built = EmailMultiAlternatives(
        subject=" ".join(mail.subject.split()),
        body=render_to_string(f"mail/{mail.template}.txt", context),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[recipient.email],
        headers=headers,
        connection=connection,
    )
    built.attach_alternative(render_to_string(f"mail/{mail.template}.html", context), "text/html")
    return built
