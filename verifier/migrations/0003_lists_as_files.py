from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("verifier", "0002_one_world_per_environment")]

    operations = [
        # The body of a long list is kept as a file beside its index.
        migrations.RemoveConstraint(model_name="crlsnapshot", name="current_list_has_body"),
        migrations.AddField(
            model_name="crlsnapshot",
            name="loaded_by",
            field=models.CharField(blank=True, default="", help_text="empty: fetched from its source", max_length=200),
        ),
    ]
