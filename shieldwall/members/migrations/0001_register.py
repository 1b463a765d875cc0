"""The register as it began."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Cap",
            fields=[
                ("holder", models.CharField(max_length=16, primary_key=True, serialize=False)),
                ("widest", models.CharField(max_length=9)),
            ],
        ),
        migrations.CreateModel(
            name="Member",
            fields=[
                ("slug", models.CharField(max_length=63, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=200)),
                ("kind", models.CharField(max_length=8)),
                ("national_since_us", models.BigIntegerField(default=0)),
                ("sector", models.CharField(blank=True, max_length=200)),
                ("size", models.CharField(blank=True, max_length=8)),
                ("status", models.CharField(default="active", max_length=9)),
                ("is_hub", models.BooleanField(default=False)),
                ("widest", models.CharField(default="public", max_length=9)),
                ("grants_version", models.BigIntegerField(default=1)),
                ("created_us", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Nation",
            fields=[
                ("code", models.CharField(max_length=3, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name="Group",
            fields=[
                ("slug", models.CharField(max_length=63, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=200)),
                ("purpose", models.TextField(blank=True)),
                ("hides_past", models.BooleanField()),
                ("members_named", models.BooleanField()),
                ("volume", models.IntegerField(default=1)),
                ("append_roles", models.CharField(blank=True, max_length=80)),
                ("created_us", models.BigIntegerField()),
                ("closed_us", models.BigIntegerField(null=True)),
                ("owner", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="members.member")),
            ],
        ),
        migrations.AddField(
            model_name="member",
            name="nation",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="members.nation"),
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", models.CharField(max_length=36, primary_key=True, serialize=False)),
                ("username", models.CharField(max_length=63, unique=True)),
                ("name", models.CharField(max_length=200)),
                ("roles", models.CharField(max_length=80)),
                ("password", models.CharField(blank=True, max_length=160)),
                ("totp_secret", models.CharField(max_length=64, null=True)),
                ("active", models.BooleanField(default=True)),
                ("created_us", models.BigIntegerField()),
                ("member", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="members.member")),
            ],
        ),
        migrations.CreateModel(
            name="ServiceKey",
            fields=[
                ("id", models.CharField(max_length=8, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=200)),
                ("digest", models.BinaryField(max_length=32)),
                ("scopes", models.CharField(max_length=80)),
                ("default_audience", models.TextField(blank=True)),
                ("default_marking", models.CharField(blank=True, max_length=64)),
                ("widest", models.CharField(max_length=9)),
                ("created_us", models.BigIntegerField()),
                ("expires_us", models.BigIntegerField()),
                ("revoked_us", models.BigIntegerField(null=True)),
                ("member", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="members.member")),
            ],
        ),
        migrations.CreateModel(
            name="Session",
            fields=[
                ("digest", models.BinaryField(max_length=32, primary_key=True, serialize=False)),
                ("created_us", models.BigIntegerField()),
                ("expires_us", models.BigIntegerField()),
                ("revoked_us", models.BigIntegerField(null=True)),
                ("person", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="members.person")),
            ],
        ),
        migrations.CreateModel(
            name="Identity",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("stix_id", models.CharField(max_length=80)),
                ("requested_us", models.BigIntegerField()),
                ("requested_by", models.CharField(max_length=80)),
                ("confirmed_us", models.BigIntegerField(null=True)),
                ("confirmed_by", models.CharField(blank=True, max_length=80)),
                ("member", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="members.member")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("stix_id", "member"), name="one_claim_for_each_member"),
                    models.UniqueConstraint(
                        condition=models.Q(("confirmed_us__isnull", False)), fields=("stix_id",), name="one_owner"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="GroupPeriod",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since_us", models.BigIntegerField()),
                ("since_volume", models.IntegerField()),
                ("until_us", models.BigIntegerField(null=True)),
                ("group", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="members.group")),
                ("member", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="members.member")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until_us", None)), fields=("group", "member"), name="one_open_period"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until_us", None), ("until_us__gte", models.F("since_us")), _connector="OR"
                        ),
                        name="ends_later",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Client",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since_us", models.BigIntegerField()),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="members.member"
                    ),
                ),
                ("member", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="members.member")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("member", "client"), name="a_client_once")],
            },
        ),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_hub", True)), fields=("is_hub",), name="one_hub"
            ),
        ),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind", "body"), ("nation__isnull", False), _connector="OR"), name="nation_or_body"
            ),
        ),
    ]
