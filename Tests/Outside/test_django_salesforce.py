"""The platform as a database of Django, through django-salesforce as it comes from PyPI."""

import io
from types import SimpleNamespace

import django
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.models import Count, Q
from wire import is_record_id, unique


@pytest.fixture(scope="module")
def models(server, org):
    """Models of a few objects, in a Django that is set up once."""
    user = org.administrator
    settings.configure(
        DATABASES={
            "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"},
            "salesforce": {
                "ENGINE": "salesforce.backend",
                "CONSUMER_KEY": org.client_id,
                "CONSUMER_SECRET": org.client_secret,
                "USER": user.username,
                "PASSWORD": user.password + user.security_token,
                "HOST": server.url,
            },
        },
        DATABASE_ROUTERS=["salesforce.router.ModelRouter"],
        INSTALLED_APPS=["salesforce"],
        SALESFORCE_QUERY_TIMEOUT=(10, 60),
        USE_TZ=True,
    )
    django.setup()
    from salesforce import models

    class Account(models.Model):
        name = models.CharField(max_length=255, db_column="Name")
        site = models.CharField(max_length=80, db_column="Site", blank=True, null=True)
        employees = models.IntegerField(db_column="NumberOfEmployees", blank=True, null=True)

        class Meta(models.Model.Meta):
            app_label = "outside"
            db_table = "Account"
            managed = False

    class Contact(models.Model):
        last_name = models.CharField(max_length=80, db_column="LastName")
        account = models.ForeignKey(
            Account, models.DO_NOTHING, db_column="AccountId", blank=True, null=True
        )
        do_not_call = models.BooleanField(db_column="DoNotCall", default=False)
        birthdate = models.DateField(db_column="Birthdate", blank=True, null=True)

        class Meta(models.Model.Meta):
            app_label = "outside"
            db_table = "Contact"
            managed = False

    class Case(models.Model):
        number = models.CharField(
            max_length=30, db_column="CaseNumber", sf_read_only=models.READ_ONLY
        )
        created = models.DateTimeField(db_column="CreatedDate", sf_read_only=models.READ_ONLY)

        class Meta(models.Model.Meta):
            app_label = "outside"
            db_table = "Case"
            managed = False

    yield SimpleNamespace(Account=Account, Contact=Contact, Case=Case)
    connections.close_all()


def test_records_are_created_found_changed_and_deleted(models):
    name = unique("O'Reilly % _ \\ ✓ ")
    account = models.Account.objects.create(name=name, employees=12)
    contact = models.Contact.objects.create(last_name=name, account=account, birthdate="1970-02-28")

    assert is_record_id(account.pk)
    found = models.Contact.objects.select_related("account").get(account__name=name)
    assert (found.pk, found.account.employees, found.do_not_call) == (contact.pk, 12, False)
    assert found.birthdate.isoformat() == "1970-02-28"

    found.do_not_call = True
    found.save()
    assert models.Contact.objects.filter(pk=contact.pk, do_not_call=True).exists()

    contact.delete()
    assert not models.Contact.objects.filter(pk=contact.pk).exists()


def test_conditions_of_many_kinds(models):
    mark = unique()
    for number in range(6):
        models.Account.objects.create(name=f"{mark} {number}", employees=number, site=mark)
    mine = models.Account.objects.filter(site=mark)

    def numbers(query):
        return sorted(account.employees for account in query)

    assert numbers(mine.filter(employees__gt=2)) == [3, 4, 5]
    assert numbers(mine.filter(employees__in=[1, 3, 9])) == [1, 3]
    assert numbers(mine.exclude(employees=0)) == [1, 2, 3, 4, 5]
    assert numbers(mine.filter(Q(employees=1) | Q(name__endswith=" 5"))) == [1, 5]
    assert numbers(mine.filter(name__startswith=mark, name__contains=" 4")) == [4]
    assert numbers(mine.filter(employees__range=(2, 3))) == [2, 3]
    assert numbers(mine.filter(employees__isnull=True)) == []
    assert [account.employees for account in mine.order_by("-name")[1:3]] == [4, 3]
    assert mine.count() == 6
    assert list(mine.values_list("name", flat=True).order_by("name")[:1]) == [f"{mark} 0"]
    [group] = mine.order_by().values("site").annotate(size=Count("pk"))
    assert group == {"site": mark, "size": 6}


def test_many_records_are_saved_and_changed_at_once(models):
    mark = unique()

    created = models.Account.objects.bulk_create(
        [models.Account(name=f"{mark} {number}", site=mark) for number in range(250)]
    )
    changed = models.Account.objects.filter(pk__in=[account.pk for account in created[:120]])
    assert changed.update(employees=7) == 120

    assert models.Account.objects.filter(site=mark).count() == 250
    assert models.Account.objects.filter(site=mark, employees=7).count() == 120
    models.Account.objects.filter(pk__in=[account.pk for account in created[:150]]).delete()
    assert models.Account.objects.filter(site=mark).count() == 100


def test_all_pages_of_a_long_result(models):
    cases = list(models.Case.objects.order_by("pk"))

    assert len({case.pk for case in cases}) == len(cases) > 5_000
    assert all(case.created.tzinfo is not None for case in cases)


def test_every_object_becomes_a_model(models):
    """What `manage.py inspectdb` writes is Python that can be read."""
    text = io.StringIO()

    call_command("inspectdb", database="salesforce", stdout=text)

    compile(text.getvalue(), "models.py", "exec")
    for name in ("Account", "Case", "CaseComment", "Contact", "Group", "Task", "User"):
        assert f"class {name}(models.Model):" in text.getvalue()
