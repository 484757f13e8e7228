"""Give administrators and superusers the clearance for what they could read by their role until now.

An account event says so. From now on a security officer gives clearances.
"""

from typing import Any

from django.db import migrations
from django.db.models import Q

SECRET = 3


def clear(apps: Any, schema_editor: Any) -> None:
    by_role = Q(groups__name="administrator") | Q(is_superuser=True)
    accounts = apps.get_model("accounts", "User").objects.filter(by_role, clearance__lt=SECRET)
    events = apps.get_model("accounts", "AccountEvent").objects
    for account in accounts.distinct().order_by("pk"):
        events.create(
            account_number=account.pk,
            account=account.username,
            before={"clearance": account.clearance},
            after={"clearance": SECRET},
        )
        account.clearance = SECRET
        account.save(update_fields=["clearance"])


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0013_desks"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [migrations.RunPython(clear, migrations.RunPython.noop)]
