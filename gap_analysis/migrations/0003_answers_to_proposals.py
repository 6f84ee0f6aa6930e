from django.db import migrations, models


def fields(name: str) -> list[migrations.AddField]:
    return [
        migrations.AddField(
            model_name=name,
            name="deferred_until",
            field=models.DateField(blank=True, null=True, verbose_name="to be looked at again on"),
        ),
        migrations.AddField(
            model_name=name,
            name="answer_read_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="answer read by ROCB"),
        ),
    ]


class Migration(migrations.Migration):
    dependencies = [("gap_analysis", "0002_snapshots_and_proposals")]

    operations = [*fields("proposal"), *fields("historicalproposal")]
