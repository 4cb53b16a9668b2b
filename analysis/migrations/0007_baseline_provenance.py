"""Where a baseline is from goes into a field of its own; its label, path and product name no case.

Findings of other cases' runs have copied the old labels, and so have drafts: they get the new ones.
Reports that were sent stay as they are.
"""

import json
import re
from pathlib import PureWindowsPath

import django.db.models.deletion
from django.db import migrations, models
from django.utils import timezone

NUMBER = re.compile(r"CAS-\d{5,9}-[0-9A-Z]{6}")
SET_UP_FOLDER = re.compile(r"[A-Za-z]:\\(Windows|Program Files|Program Files \(x86\))\\", re.IGNORECASE)
COPIES = (
    ("analysis_analysisrun", ("document",), "TRUE"),
    ("analysis_finding", ("title", "summary", "advice", "gaps", "evidence", "data"), "TRUE"),
    ("analysis_report", ("conclusion", "advice"), "state = 'draft'"),
)


def relabel(apps, schema_editor):
    baselines = apps.get_model("analysis", "Baseline").objects
    cases = apps.get_model("cases", "Case").objects
    for baseline in baselines.filter(label__regex=r"CAS-\d{5,9}-[0-9A-Z]{6}"):
        old = baseline.label
        case = cases.filter(number=NUMBER.search(old).group()).first()
        path = baseline.path if SET_UP_FOLDER.match(baseline.path) else PureWindowsPath(baseline.path).name
        if not baselines.filter(path=path, sha256=baseline.sha256).exists():
            baseline.path = path
        if case is None or baseline.product == case.product[:100]:
            # The customer's own words, perhaps.
            baseline.product = PureWindowsPath(path).stem[:100]
        day = timezone.localtime(baseline.created_at).strftime("%Y-%m-%d")
        baseline.label = f"{f'{baseline.product} {baseline.version}'.strip()[:180]}, {day}"
        baseline.source_case = case
        baseline.save()
        _replace_copies(schema_editor, old, baseline.label)


def _replace_copies(schema_editor, old, new):
    written = [json.dumps(label, ensure_ascii=False)[1:-1] for label in (old, new)]
    with schema_editor.connection.cursor() as cursor:
        for table, columns, which in COPIES:
            for column in columns:
                cursor.execute(
                    f"UPDATE {table} SET {column} = replace({column}::text, %s, %s)::jsonb "
                    f"WHERE {which} AND position(%s IN {column}::text) > 0",
                    [*written, written[0]],
                )


class Migration(migrations.Migration):
    dependencies = [("analysis", "0006_one_job_protocol"), ("cases", "0006_status_choices")]

    operations = [
        migrations.AddField(
            model_name="baseline",
            name="source_case",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="cases.case",
            ),
        ),
        migrations.RunPython(relabel, migrations.RunPython.noop),
    ]
