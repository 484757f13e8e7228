"""The last backup, for the first page of the admin."""

from typing import Any

from django import template

from core.backup.last import LastBackup, last_backup

register = template.Library()


@register.simple_tag(takes_context=True)
def backup_state(context: dict[str, Any]) -> dict[str, LastBackup | None]:
    """The last backup (``last``) for somebody who may see how the site is run; nothing for all others."""
    if not getattr(context["user"], "may_see_operation", False):
        return {}
    return {"last": last_backup()}
