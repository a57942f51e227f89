"""What a search looks through lies sealed once a version, no longer once a record."""

import django.db.models.deletion
from django.db import migrations, models

import goodoffices.desk.sealed


class Migration(migrations.Migration):
    dependencies = [("lists", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="SearchKeys",
            fields=[
                (
                    "version",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="search_keys",
                        serialize=False,
                        to="lists.listversion",
                    ),
                ),
                ("owner", models.CharField(max_length=20)),
                ("columns", goodoffices.desk.sealed.SealedField()),
            ],
        ),
    ]
