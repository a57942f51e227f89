"""Gather what lay beside each record into one sealed text a version, then take the old column away."""

import json

from django.db import migrations

from goodoffices.desk.keys import ring
from goodoffices.desk.sealed import Sealed
from goodoffices.domain.errors import InputError

_SEARCHED = ("surname", "given_name", "patronymic", "full_name", "ref", "birth_date")


def gather(apps, schema_editor):
    """Open every record's keys under its owner's key and seal them together; an erased one leaves an empty line."""
    records, versions = apps.get_model("lists", "Record"), apps.get_model("lists", "ListVersion")
    made = apps.get_model("lists", "SearchKeys")
    for version in versions.objects.exclude(state="storing").select_related("list"):
        owner, lines = version.list.owner_id, {column: [] for column in _SEARCHED}
        found = records.objects.filter(version=version).order_by("position").values_list("id", "keys")
        for key, sealed in found.iterator(chunk_size=5_000):
            try:
                opened = json.loads(ring().open(owner, bytes(sealed), bound_to=f"lists_record:{key}:keys")) or {}
            except InputError:  # its key is gone: it was erased
                opened = {}
            for column, told in lines.items():
                told.append(" ".join(opened.get(column, "").split()))
        text = json.dumps({column: "\n".join(told) for column, told in lines.items()}, ensure_ascii=False)
        sealed = ring().seal(owner, text.encode(), bound_to=f"lists_searchkeys:{version.pk}:columns")
        made.objects.create(version=version, owner=owner, columns=Sealed(sealed))


class Migration(migrations.Migration):
    dependencies = [("lists", "0002_search_keys")]
    operations = [
        migrations.RunPython(gather, migrations.RunPython.noop),
        migrations.RemoveField(model_name="record", name="keys"),
    ]
