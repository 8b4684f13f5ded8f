from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("evidence", "0002_files_as_they_are"),
    ]

    operations = [
        migrations.AddField(
            model_name="logrecord",
            name="source",
            field=models.CharField(max_length=120, null=True, unique=True),
        ),
        migrations.AddField(
            model_name="signingkey",
            name="counter",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="signingkey",
            name="credential",
            field=models.CharField(blank=True, default="", max_length=1400),
            preserve_default=False,
        ),
    ]
