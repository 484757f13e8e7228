"""Going back removes the bulk jobs that the schema before did not know. Their changes stay in the histories."""

from typing import Any

from django.db import migrations
from django.db.models import F
from django.db.models.functions import Left

NEW_ACTS = ("removal", "lead", "theme", "level", "take_back")


def forget(apps: Any, schema_editor: Any) -> None:
    jobs = apps.get_model("commitments", "BulkJob").objects.using(schema_editor.connection.alias)
    rows = apps.get_model("commitments", "BulkRow").objects.using(schema_editor.connection.alias)
    jobs.filter(act__in=NEW_ACTS).delete()
    rows.exclude(stamp="").update(stamp=Left(F("stamp"), 32))


class Migration(migrations.Migration):
    dependencies = [
        ("commitments", "0016_bulk_changes"),
    ]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, forget),
    ]
