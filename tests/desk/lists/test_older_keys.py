"""What was sealed beside each record by an older version is gathered once a version, and a search finds as before."""

import json
import subprocess
import sys

from tests.desk.serving import environment, open_desk, python

_FILL = """
import django; django.setup()
from django.utils import timezone
from goodoffices.desk.access import Role, Viewer
from goodoffices.desk.jobs.work import run_one
from goodoffices.desk.lists.services import file_accept, file_take, list_start
from goodoffices.desk.parties.models import User
data = "ref,surname,birth_date\\nA-1,Коваль,1984-07-11\\nA-2,Руденко,1990-05-01\\nA-3,Шевчук,1991\\n".encode()
for name in ("side-ua-1", "side-ru-1"):
    user, at = User.objects.get(username=name), timezone.now()
    by = Viewer(Role(user.role), user.party_id, user.id)
    made = list_start(kind="held", title="July", by=by, at=at)
    file = file_take(list_=made, name="list.csv", data=data, by=by, at=at)
    while run_one(): pass
    file.refresh_from_db()
    file_accept(file=file, by=by, at=at)
    while run_one(): pass
"""
_OLDER = """
import django; django.setup()
from django.db import connection
from goodoffices.desk.keys import ring
from goodoffices.desk.lists.models import Record
import json
with connection.cursor() as cursor:
    cursor.execute("DELETE FROM lists_searchkeys")
    cursor.execute("ALTER TABLE lists_record ADD COLUMN keys BLOB")
    for row in Record.objects.all():
        born = row.fields.get("birth_date", "")
        keys = {"ref": row.fields["ref"].casefold(), "birth_date": born, "surname": "koval"}
        sealed = ring().seal(row.owner, json.dumps(keys).encode(), bound_to=f"lists_record:{row.id}:keys")
        if row.position == 2:  # erased since
            sealed = ring().seal(row.owner, b"null", bound_to=f"lists_record:{row.id}:keys")
        cursor.execute("UPDATE lists_record SET keys = %s WHERE id = %s", [sealed, row.id])
    cursor.execute("DROP TABLE lists_settling")
    cursor.execute("DELETE FROM django_migrations WHERE app = 'lists' AND name >= '0003'")
"""
_READ = """
import django; django.setup()
import json
from goodoffices.desk.lists.models import SearchKeys
print(json.dumps([one.columns for one in SearchKeys.objects.all()]))
"""


def test_older_keys_are_gathered_once_a_version(tmp_path):
    folder = tmp_path / "desk"
    open_desk(folder)
    python(_FILL, folder)
    python(_OLDER, folder)
    subprocess.run([sys.executable, "-m", "django", "migrate", "-v", "0"], env=environment(folder), check=True)
    found = json.loads(python(_READ, folder))
    assert len(found) == 2
    for columns in found:
        assert columns["ref"] == "a-1\na-2\n"
        assert columns["birth_date"] == "1984-07-11\n1990-05-01\n"
        assert columns["surname"] == "koval\nkoval\n"
        assert columns["patronymic"] == "\n\n"
