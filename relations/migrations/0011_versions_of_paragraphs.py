"""Paragraphs get versions: the first wording stays, and what is read is the newest one."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

import relations.models.first_values

ROLES = [("paragraph", "paragraph"), ("heading", "heading"), ("note", "footnote")]


def lift_guard(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """The table refuses UPDATE. The guards are installed again after every migrate."""
    table = "relations_paragraph"
    on = f" ON {table}" if schema_editor.connection.vendor == "postgresql" else ""
    schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_refuse_update{on}")


class Migration(migrations.Migration):
    dependencies = [
        ("relations", "0010_classification"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(lift_guard, lift_guard),
        migrations.AlterField("paragraph", "text", models.TextField(db_column="text", verbose_name="text")),
        migrations.AlterField(
            "paragraph",
            "label",
            models.CharField(blank=True, db_column="label", max_length=60, null=True, verbose_name="label"),
        ),
        migrations.AlterField(
            "paragraph",
            "role",
            models.CharField(choices=ROLES, db_column="role", default="paragraph", max_length=20),
        ),
        migrations.RenameField("paragraph", "text", "first_text"),
        migrations.RenameField("paragraph", "label", "first_label"),
        migrations.RenameField("paragraph", "role", "first_role"),
        migrations.AlterField(
            "paragraph",
            "first_text",
            relations.models.first_values.FirstText(db_column="text", editable=False, of="text"),
        ),
        migrations.AlterField(
            "paragraph",
            "first_label",
            relations.models.first_values.FirstChars(
                db_column="label", editable=False, max_length=60, null=True, of="label"
            ),
        ),
        migrations.AlterField(
            "paragraph",
            "first_role",
            relations.models.first_values.FirstChars(
                db_column="role", editable=False, max_length=20, of="role"
            ),
        ),
        migrations.AddField(
            "paragraph",
            "text",
            models.TextField(db_column="newest_text", default="", verbose_name="text"),
            preserve_default=False,
        ),
        migrations.AddField(
            "paragraph",
            "label",
            models.CharField(
                blank=True,
                db_column="newest_label",
                help_text="The number on the paper, if it is another one. Empty: it has none there.",
                max_length=60,
                null=True,
                verbose_name="label",
            ),
        ),
        migrations.AddField(
            "paragraph",
            "role",
            models.CharField(
                choices=ROLES,
                db_column="newest_role",
                default="paragraph",
                max_length=20,
                verbose_name="role",
            ),
        ),
        migrations.AddField(
            "paragraph",
            "version",
            models.PositiveSmallIntegerField(default=1, editable=False, verbose_name="version"),
        ),
        migrations.CreateModel(
            name="ParagraphVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveSmallIntegerField(verbose_name="version")),
                ("text", models.TextField(verbose_name="text")),
                ("label", models.CharField(blank=True, max_length=60, null=True, verbose_name="label")),
                (
                    "role",
                    models.CharField(choices=ROLES, default="paragraph", max_length=20, verbose_name="role"),
                ),
                ("reason", models.TextField(verbose_name="reason")),
                (
                    "recorded_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="recorded at"),
                ),
                (
                    "actor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="paragraph_versions",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "paragraph",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="relations.paragraph",
                        verbose_name="paragraph",
                    ),
                ),
            ],
            options={
                "verbose_name": "version of a paragraph",
                "verbose_name_plural": "versions of paragraphs",
                "ordering": ["paragraph", "version"],
                "constraints": [
                    models.UniqueConstraint(fields=("paragraph", "version"), name="paragraph_version_once"),
                    models.CheckConstraint(
                        condition=models.Q(("version__gte", 2)), name="paragraph_version_from_two"
                    ),
                ],
            },
        ),
        migrations.RunSQL(
            "UPDATE relations_paragraph SET newest_text = text, newest_label = label, newest_role = role",
            migrations.RunSQL.noop,
        ),
    ]
