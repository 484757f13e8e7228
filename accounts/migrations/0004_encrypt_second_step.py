"""Encrypt the secrets of the second step that were stored in the clear."""

from typing import Any

from django.db import migrations

from accounts.mfa_adapter import EncryptingMFAAdapter


def _change(apps: Any, change: Any) -> None:
    for row in apps.get_model("mfa", "Authenticator").objects.filter(type__in=("totp", "recovery_codes")):
        data = dict(row.data)
        for name in ("secret", "seed"):
            if name in data:
                data[name] = change(data[name])
        if "migrated_codes" in data:
            data["migrated_codes"] = [change(code) for code in data["migrated_codes"]]
        if data != row.data:
            row.data = data
            row.save(update_fields=["data"])


def encrypt(apps: Any, schema_editor: Any) -> None:
    adapter = EncryptingMFAAdapter()
    _change(apps, lambda text: adapter.encrypt(adapter.decrypt(text)))


def decrypt(apps: Any, schema_editor: Any) -> None:
    _change(apps, EncryptingMFAAdapter().decrypt)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_api_use"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations = [migrations.RunPython(encrypt, decrypt)]
