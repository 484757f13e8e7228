from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0012_password_links"),
        ("relations", "0008_plain_words"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="desk_countries",
            field=models.ManyToManyField(
                blank=True,
                help_text="The account sees only what concerns these countries or mechanisms. None: everything.",
                related_name="desk_accounts",
                to="relations.country",
                verbose_name="countries of the desk",
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="desk_mechanisms",
            field=models.ManyToManyField(
                blank=True,
                related_name="desk_accounts",
                to="relations.mechanism",
                verbose_name="mechanisms of the desk",
            ),
        ),
    ]
