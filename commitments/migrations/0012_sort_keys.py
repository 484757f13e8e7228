"""Names and titles get a stored sort key. The keys and the search texts are written after the migrations."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("commitments", "0011_keep_every_digit_on_sqlite"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="theme",
            options={
                "ordering": ["sort_key", "pk"],
                "verbose_name": "theme",
                "verbose_name_plural": "themes",
            },
        ),
        migrations.AddField(
            model_name="commitment",
            name="sort_key",
            field=models.BinaryField(default=b""),
        ),
        migrations.AddField(
            model_name="theme",
            name="sort_key",
            field=models.BinaryField(default=b""),
        ),
        migrations.CreateModel(
            name="IndexVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.CharField(max_length=20, verbose_name="version")),
            ],
            options={
                "verbose_name": "version of the search texts",
                "verbose_name_plural": "version of the search texts",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("pk", 1)), name="index_version_is_one_row")
                ],
            },
        ),
    ]
