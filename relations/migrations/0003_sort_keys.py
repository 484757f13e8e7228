"""Names and titles get a stored sort key. The keys and the search texts are written after the migrations."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("relations", "0002_order_indexes"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="agency",
            options={
                "ordering": ["sort_key", "pk"],
                "verbose_name": "agency",
                "verbose_name_plural": "agencies",
            },
        ),
        migrations.AlterModelOptions(
            name="country",
            options={
                "ordering": ["sort_key", "pk"],
                "verbose_name": "country",
                "verbose_name_plural": "countries",
            },
        ),
        migrations.AlterModelOptions(
            name="mechanism",
            options={
                "ordering": ["sort_key", "pk"],
                "verbose_name": "mechanism",
                "verbose_name_plural": "mechanisms",
            },
        ),
        migrations.AlterModelOptions(
            name="person",
            options={
                "ordering": ["sort_key", "pk"],
                "verbose_name": "person",
                "verbose_name_plural": "people",
            },
        ),
        migrations.AddField(
            model_name="agency",
            name="sort_key",
            field=models.BinaryField(default=b""),
        ),
        migrations.AddField(
            model_name="country",
            name="sort_key",
            field=models.BinaryField(default=b""),
        ),
        migrations.AddField(
            model_name="mechanism",
            name="sort_key",
            field=models.BinaryField(default=b""),
        ),
        migrations.AddField(
            model_name="meeting",
            name="sort_key",
            field=models.BinaryField(default=b""),
        ),
        migrations.AddField(
            model_name="person",
            name="sort_key",
            field=models.BinaryField(default=b""),
        ),
        migrations.AddField(
            model_name="source",
            name="sort_key",
            field=models.BinaryField(default=b""),
        ),
    ]
