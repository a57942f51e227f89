"""Hash the recovery codes that are left of each member, and take away the seed they came from."""

from types import SimpleNamespace

from django.db import migrations


def hash_codes(apps, schema_editor):
    """Find the codes as the login library does, once more and for the last time."""
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    from goodoffices.desk.parties.codes import HashedCodes, draw

    of_library = RecoveryCodes if RecoveryCodes is not HashedCodes else HashedCodes.__base__
    for row in apps.get_model("mfa", "Authenticator").objects.filter(type="recovery_codes"):
        if "hashes" in row.data:
            continue
        seen, data = row.data.get("viewed_at"), {}
        left = of_library(SimpleNamespace(data=row.data)).get_unused_codes()
        if seen:
            draw(row.user_id, data, left)
            row.data = data | {"viewed_at": seen}
        else:  # nobody has seen them: they are drawn when somebody looks
            row.data = {"salt": "", "hashes": []}
        row.save(update_fields=["data"])


class Migration(migrations.Migration):
    dependencies = [("parties", "0003_counts"), ("mfa", "0003_authenticator_type_uniq")]
    operations = [migrations.RunPython(hash_codes, migrations.RunPython.noop)]
