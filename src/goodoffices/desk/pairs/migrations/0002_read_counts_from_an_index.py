"""Adds the index from which a run's pairs are counted and its queue is read; drops two that stood there twice."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("pairs", "0001_initial")]

    operations: ClassVar = [
        migrations.RemoveIndex(model_name="pair", name="pairs_pair_left_id_529912_idx"),
        migrations.RemoveIndex(model_name="pair", name="pairs_pair_right_i_19891b_idx"),
        migrations.AddIndex(
            model_name="pair",
            index=models.Index(fields=["run", "verdict", "state", "distance"], name="pairs_pair_run_id_da80df_idx"),
        ),
    ]
