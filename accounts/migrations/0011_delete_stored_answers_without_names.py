from typing import Any

from django.db import migrations


def delete_stored_answers(apps: Any, schema_editor: Any) -> None:
    """Nobody knows which records they name. They would expire within a day."""
    apps.get_model("accounts", "KeptAnswer").objects.using(schema_editor.connection.alias).all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_names_in_stored_answers"),
    ]

    operations = [migrations.RunPython(delete_stored_answers, migrations.RunPython.noop)]
