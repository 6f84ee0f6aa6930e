from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('candidates', '0003_nomination_round_of_review'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='call',
            name='call_state_known',
        ),
        migrations.AddConstraint(
            model_name='call',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'open', 'closed', 'dropped'])), name='call_state_known'),
        ),
    ]
