from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0009_account_session"),
    ]

    operations = [
        migrations.AddField(
            model_name="keptanswer",
            name="names",
            field=models.JSONField(
                default=list,
                help_text="The records it names that its owner could see at that time.",
                verbose_name="names",
            ),
        ),
    ]
