import cases.answers.models
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, OuterRef, Subquery


def say_how_it_came(apps, schema_editor):
    """Until now an answer was the customer's own, on the portal, or noted on the phone."""
    for name in ("Scope", "Appointment"):
        answered = apps.get_model("cases", name).objects.exclude(answered_by=None)
        answered.filter(recorded_by=None).update(way="button")
        answered.exclude(recorded_by=None).update(way="phone")


def stop_clocks(apps, schema_editor):
    """Where the last word was a question of ours that waits for the customer's, no answer is due."""
    Case, Message = apps.get_model("cases", "Case"), apps.get_model("cases", "Message")
    said = Message.objects.filter(case=OuterRef("pk"), internal=False, author__isnull=False)
    last = Subquery(said.order_by("-created_at", "-pk").values("pk")[:1])
    for relation, state in (("scopes", "sent"), ("appointments", "proposed")):
        asked = Case.objects.filter(**{f"{relation}__state": state}).annotate(last=last)
        asked = asked.filter(**{f"{relation}__message": F("last")})
        Case.objects.filter(pk__in=asked.values("pk")).update(next_due_at=None)


class Migration(migrations.Migration):
    """One shape for a customer's answers, with the way that each came; proposals of suspensions."""

    dependencies = [
        ('cases', '0021_own_reminders'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='appointment',
            name='way',
            field=models.CharField(blank=True, choices=cases.answers.models.ways, max_length=8, verbose_name='how'),
        ),
        migrations.AddField(
            model_name='scope',
            name='way',
            field=models.CharField(blank=True, choices=cases.answers.models.ways, max_length=8, verbose_name='how'),
        ),
        migrations.AlterField(
            model_name='outcome',
            name='way',
            field=models.CharField(choices=cases.answers.models.ways, max_length=8),
        ),
        migrations.AlterField(
            model_name='suspension',
            name='way',
            field=models.CharField(choices=cases.answers.models.ways, max_length=8),
        ),
        migrations.RunPython(say_how_it_came, migrations.RunPython.noop),
        migrations.RunPython(stop_clocks, migrations.RunPython.noop),
        migrations.CreateModel(
            name='SuspensionProposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('way', models.CharField(blank=True, choices=cases.answers.models.ways, max_length=8, verbose_name='how')),
                ('answered_at', models.DateTimeField(null=True, verbose_name='answered')),
                ('words', models.TextField(blank=True, verbose_name="the customer's words")),
                ('made_at', models.DateTimeField(verbose_name='proposed')),
                ('resumes_when', models.CharField(max_length=500)),
                ('resumes_on', models.DateField(blank=True, null=True)),
                ('state', models.CharField(choices=[('proposed', "Waiting for the customer's word"), ('agreed', 'Agreed'), ('declined', 'The case is to go on'), ('withdrawn', 'Withdrawn'), ('superseded', 'Replaced by a newer one'), ('lapsed', 'Lapsed: the case has gone on or ended')], default='proposed', max_length=10, verbose_name='state')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='ended')),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='suspension_proposals', to='cases.case')),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('message', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='suspension_proposal', to='cases.message')),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'proposal of a suspension',
                'verbose_name_plural': 'proposals of suspensions',
                'ordering': ('-made_at', '-pk'),
            },
        ),
        migrations.AddField(
            model_name='suspension',
            name='proposal',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='suspension', to='cases.suspensionproposal'),
        ),
        migrations.AddConstraint(
            model_name='suspensionproposal',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'proposed')), fields=('case',), name='one_open_proposal'),
        ),
    ]
