import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import goodoffices.desk.ids
import goodoffices.desk.sealed


def part_versions(apps, schema_editor):
    """Take what was kept back out of the last version of each text into rows of its holder's."""
    from goodoffices.domain.text import CHAIR
    from goodoffices.engines.talks.kept import part, together
    from goodoffices.engines.talks.text import parse, unparse_wording

    version, draft, party = (apps.get_model(*name) for name in (("talks", "Version"), ("talks", "Draft"), ("parties", "Party")))
    version.sealed_owner = lambda self: "desk"
    draft.sealed_owner = lambda self: self.party_id
    neutral = party.objects.filter(kind="neutral").values_list("code", flat=True).first()
    for text in version.objects.order_by().values_list("text_id", flat=True).distinct():
        last = version.objects.filter(text_id=text).order_by("-number").first()
        found = {language: part(parse(source), language)[1] for language, source in last.source.items()}
        joined = together(found)
        for kept in joined if joined is not None else [one for each in found.values() for one in each]:
            draft.objects.create(
                text_id=text, party_id=neutral if kept.holder == CHAIR else kept.holder, holder=kept.holder,
                clause=kept.clause, place=kept.place, at=last.at,
                base={language: unparse_wording(wording) for language, wording in kept.base.items()},
                wording={language: unparse_wording(wording) for language, wording in kept.wording.items()},
            )
    version.objects.filter(hidden=True).delete()


class Migration(migrations.Migration):

    dependencies = [
        ('parties', '0002_invitation'),
        ('talks', '0002_no_field_without_a_page'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.CharField(default=goodoffices.desk.ids.new_id, max_length=12, primary_key=True, serialize=False)),
                ('holder', models.CharField(max_length=20)),
                ('clause', models.CharField(max_length=20)),
                ('place', models.PositiveSmallIntegerField()),
                ('base', goodoffices.desk.sealed.SealedField()),
                ('wording', goodoffices.desk.sealed.SealedField()),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('party', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.party')),
                ('text', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='drafts', to='talks.text')),
            ],
            options={
                'ordering': ['at', 'id'],
            },
        ),
        migrations.RunPython(part_versions, migrations.RunPython.noop),
        migrations.RemoveField(
            model_name='version',
            name='hidden',
        ),
    ]
