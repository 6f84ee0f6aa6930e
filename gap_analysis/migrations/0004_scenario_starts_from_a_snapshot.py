import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """No page has written a scenario before: the table is empty."""

    dependencies = [
        ("gap_analysis", "0003_answers_to_proposals"),
    ]

    operations = [
        migrations.AddField(
            model_name="scenario",
            name="snapshot",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="scenarios",
                to="gap_analysis.gapsnapshot",
                verbose_name="starts from the snapshot",
            ),
        ),
    ]
