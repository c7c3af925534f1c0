"""The program at the command line."""

import csv
import hashlib
import io
import json
import os
import re
import shutil

import pytest
from deployment import ROOT, Deployment, steward
from office import Office
from wire import eventually, unique

ORG = "harborview"


def succeed(*arguments):
    done = steward(*arguments)
    assert done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}"
    return done.stdout


def fail(*arguments):
    """Runs a command that must not do its work, and gives what it said."""
    done = steward(*arguments)
    assert done.returncode not in (0, -11, -6, -4, -5), f"{arguments}: {done.returncode}"
    assert "Fatal error" not in done.stderr
    return done.stdout + done.stderr


def rows_of(data, soql, *options, org=ORG):
    text = succeed("query", "--data", data, "--org", org, "--format", "csv", *options, soql)
    return list(csv.DictReader(io.StringIO(text)))


# Help


def test_help_lists_the_commands():
    text = succeed("--help")

    for command in (
        "serve", "demo", "org", "user", "deploy", "query", "load", "export", "backup", "restore",
        "doctor",
    ):  # fmt: skip
        assert re.search(rf"^  {command} ", text, re.MULTILINE), command


@pytest.mark.parametrize(
    "command",
    [
        ["serve"], ["demo"], ["org", "create"], ["org", "list"], ["user", "create"],
        ["user", "reset-password"], ["deploy"], ["query"], ["load"], ["export"], ["backup"],
        ["restore"], ["doctor"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_every_command_explains_itself(command):
    text = succeed(*command, "--help")

    assert "OVERVIEW:" in text and "--data" in text


def test_the_version():
    assert re.fullmatch(r"\d+\.\d+\.\d+\n", succeed("--version"))


@pytest.mark.parametrize(
    "arguments", [["nonsense"], ["query"], ["query", "--nonsense", "x"], ["org", "nonsense"]]
)
def test_a_mistake_is_explained(arguments):
    said = fail(*arguments)

    assert "Error:" in said and "--help" in said or "Usage:" in said


@pytest.mark.parametrize("command", [["doctor"], ["org", "list"], ["query", "SELECT Id FROM Case"]])
def test_a_folder_without_a_deployment_is_refused_and_not_made(tmp_path, command):
    folder = tmp_path / "none"

    said = fail(*command, "--data", folder)

    assert "no deployment" in said
    assert not folder.exists()


# query


def test_query_prints_a_table(small_deployment):
    text = succeed(
        "query", "--data", small_deployment, "--org", ORG,
        "SELECT Name, ProfileId FROM User WHERE IsActive = true ORDER BY Name LIMIT 3",
    )  # fmt: skip

    lines = text.splitlines()
    assert lines[0].split() == ["Name", "ProfileId"]
    assert set(lines[1]) <= {"─", " "}
    assert len(lines) == 6 and lines[-1] == "3 rows"


def test_query_prints_csv_and_json(small_deployment):
    soql = "SELECT Id, Subject, Contact.Name FROM Case ORDER BY Id LIMIT 4"

    rows = rows_of(small_deployment, soql)
    text = succeed("query", "--data", small_deployment, "--org", ORG, "--format", "json", soql)

    records = [json.loads(line) for line in text.splitlines()]
    assert [row["Id"] for row in rows] == [record["Id"] for record in records]
    assert [row["Subject"] for row in rows] == [record["Subject"] for record in records]
    assert len(rows) == 4


def test_query_counts(small_deployment):
    [row] = rows_of(small_deployment, "SELECT COUNT() FROM Organization")

    assert list(row.values()) == ["1"]


def test_query_explains_every_stage(small_deployment):
    text = succeed(
        "query", "--data", small_deployment, "--org", ORG, "--explain",
        "SELECT Id FROM Case WHERE Status = 'New'",
    )  # fmt: skip

    for stage in ("understood", "authorized", "sqlite", "postgres", "plan"):
        assert re.search(rf"^{stage}$", text, re.MULTILINE), text


def test_query_with_the_rights_of_a_user(small_deployment):
    agents = "SELECT Username FROM User WHERE Profile.Name = 'Support Agent' AND Id NOT IN "
    agents += "(SELECT AssigneeId FROM PermissionSetAssignment)"
    agent = rows_of(small_deployment, agents)[0]

    all_cases = rows_of(small_deployment, "SELECT Id FROM Case")
    own = rows_of(small_deployment, "SELECT Id FROM Case", "--as-user", agent["Username"])

    assert len(own) < len(all_cases)
    said = fail(
        "query", "--data", small_deployment, "--org", ORG, "--as-user", agent["Username"],
        "SELECT Birthdate FROM Contact",
    )  # fmt: skip
    assert "INVALID_FIELD" in said


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--org", ORG, "SELECT Nope FROM Case"], "INVALID_FIELD"),
        (["--org", ORG, "SELECT"], "MALFORMED_QUERY"),
        (["--org", "harbourview", "SELECT Id FROM Case"], "did you mean"),
        (["SELECT Id FROM Case"], "--as-user"),
        (["--org", ORG, "--as-user", "nobody@example.org", "SELECT Id FROM Case"], "password"),
    ],
)
def test_a_query_that_cannot_be_run_is_explained(small_deployment, arguments, told):
    assert told in fail("query", "--data", small_deployment, *arguments)


# load and export


def write_csv(path, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def load(data, *arguments):
    return steward("load", "--data", data, "--org", ORG, *arguments)


def test_load_creates_and_then_updates_by_an_external_id(own_data, tmp_path):
    mark = unique()
    rows = [
        {"LastName": f'Süß, "{number}"\nb', "Contact_Reference__c": f"{mark}-{number}"}
        for number in range(450)
    ]
    file = write_csv(tmp_path / "contacts.csv", rows)

    first = load(own_data, "Contact", file, "--external-id", "Contact_Reference__c")
    second = load(own_data, "Contact", file, "--external-id", "Contact_Reference__c")

    assert first.returncode == second.returncode == 0, first.stderr + second.stderr
    assert "450 created, 0 updated, 0 rejected" in first.stdout
    assert "0 created, 450 updated, 0 rejected" in second.stdout
    where = f"WHERE Contact_Reference__c LIKE '{mark}-%'"
    found = rows_of(own_data, f"SELECT LastName, Contact_Reference__c FROM Contact {where}")
    assert {(row["LastName"], row["Contact_Reference__c"]) for row in found} == {
        (row["LastName"], row["Contact_Reference__c"]) for row in rows
    }


def test_load_puts_refused_rows_aside_with_the_reason(own_data, tmp_path):
    mark = unique()
    file = write_csv(
        tmp_path / "contacts.csv",
        [
            {"LastName": mark, "Email": "ana@example.org"},
            {"LastName": mark, "Email": "no address"},
            {"LastName": "", "Email": "ana@example.org"},
            {"LastName": mark, "Email": ""},
        ],
    )

    done = load(own_data, "Contact", file)

    assert done.returncode != 0
    assert "2 created, 0 updated, 2 rejected" in done.stdout
    with open(f"{file}.rejected.csv", newline="") as rejected:
        refused = list(csv.DictReader(rejected))
    assert [row["Email"] for row in refused] == ["no address", "ana@example.org"]
    assert "INVALID_EMAIL_ADDRESS" in refused[0]["error"]
    assert "REQUIRED_FIELD_MISSING" in refused[1]["error"]
    assert len(rows_of(own_data, f"SELECT Id FROM Contact WHERE LastName = '{mark}'")) == 2


def test_load_finds_parents_and_clears_fields(own_data, tmp_path):
    mark = unique()
    accounts = write_csv(
        tmp_path / "accounts.csv", [{"Name": mark, "Site": "x", "Account_Reference__c": mark}]
    )
    contacts = write_csv(
        tmp_path / "contacts.csv", [{"LastName": mark, "Account.Account_Reference__c": mark}]
    )
    cleared = write_csv(
        tmp_path / "cleared.csv", [{"Account_Reference__c": mark, "Site": "#N/A", "Name": ""}]
    )

    assert load(own_data, "Account", accounts).returncode == 0
    assert load(own_data, "Contact", contacts).returncode == 0
    assert (
        load(own_data, "Account", cleared, "--external-id", "Account_Reference__c").returncode == 0
    )

    [contact] = rows_of(
        own_data, f"SELECT Account.Name, Account.Site FROM Contact WHERE LastName = '{mark}'"
    )
    assert (contact["Account.Name"], contact["Account.Site"]) == (mark, "")


@pytest.mark.parametrize(
    ("object_name", "text"),
    [("Nope", "Name\nx\n"), ("Account", "Nope\nx\n"), ("Account", 'Name\n"x\n'), ("Account", None)],
)
def test_load_refuses_what_it_cannot_read(own_data, tmp_path, object_name, text):
    file = tmp_path / "rows.csv"
    if text is not None:
        file.write_text(text)
    before = rows_of(own_data, "SELECT COUNT() FROM Account")

    done = load(own_data, object_name, file)

    assert done.returncode not in (0, -11, -6, -4, -5), done.stdout
    assert "Fatal error" not in done.stderr
    assert rows_of(own_data, "SELECT COUNT() FROM Account") == before


def test_export_writes_everything_and_can_be_checked(own_data, tmp_path):
    target = tmp_path / "export"

    succeed("export", "--data", own_data, "--org", ORG, target)

    manifest = json.loads((target / "manifest.json").read_text())
    written = {str(path.relative_to(target)) for path in target.rglob("*") if path.is_file()} - {
        "manifest.json"
    }
    assert {entry["path"] for entry in manifest["files"]} == written
    for entry in manifest["files"]:
        digest = hashlib.sha256((target / entry["path"]).read_bytes()).hexdigest()
        assert entry["sha256"] == digest, entry["path"]
    with open(target / "records/Case.csv", newline="") as file:
        cases = list(csv.DictReader(file))
    found = rows_of(own_data, "SELECT Id, Subject FROM Case")
    assert {(row["Id"], row["Subject"]) for row in cases} == {
        (row["Id"], row["Subject"]) for row in found
    }
    entry = next(entry for entry in manifest["files"] if entry["path"] == "records/Case.csv")
    assert entry["rows"] == len(cases) > 0
    assert (target / "metadata/service-desk/objects/Case.yaml").read_text() == (
        ROOT / "apps/service-desk/objects/Case.yaml"
    ).read_text()
    assert "exists already" in fail("export", "--data", own_data, "--org", ORG, target)


def test_an_export_holds_nothing_of_another_org_and_no_secrets(own_data, tmp_path):
    facts = json.loads((own_data / "demo.json").read_text())
    other = next(org for org in facts["orgs"] if org["name"] != ORG)
    target = tmp_path / "export"

    succeed("export", "--data", own_data, "--org", ORG, target)

    text = "".join(path.read_text(errors="replace") for path in target.rglob("*") if path.is_file())
    for user in other["users"]:
        assert user["username"] not in text
    for org in facts["orgs"]:
        assert org["clientSecret"] not in text
        for user in org["users"]:
            assert user["password"] not in text and user["securityToken"] not in text


# backup and restore


def test_a_backup_taken_while_serving_is_restored_whole(own_server, tmp_path):
    org = own_server.orgs[0]
    mark = unique()
    api = own_server.api(org.administrator)
    account = api.create("Account", Name=mark)
    api.create("Attachment", Name="a.txt", ParentId=account, Body="Z2VoZWlt")

    Office.create(own_server)
    keys = tmp_path / "keys"
    succeed("backup", "--data", own_server.data, tmp_path / "backup")
    shutil.copytree(own_server.data / "keys", keys)
    api.create("Account", Name=mark, Site="after the backup")
    own_server.stop()
    assert "--keys" in fail("restore", "--data", tmp_path / "restored", tmp_path / "backup")
    succeed("restore", "--data", tmp_path / "restored", tmp_path / "backup", "--keys", keys)
    # What the operator answers with is in it too.
    assert "sound: 2 entries" in succeed("log", "verify", "--data", tmp_path / "restored")
    office = own_server.data / "accountability" / "office"
    assert (tmp_path / "restored" / "accountability" / "office").read_text() == office.read_text()

    assert "sound" in succeed("doctor", "--data", tmp_path / "restored")
    with Deployment(tmp_path / "restored", 1) as restored:
        again = restored.api(org.administrator)
        [record] = again.query(f"SELECT Id, Site FROM Account WHERE Name = '{mark}'")
        assert (record["Id"], record["Site"]) == (account, None)
        [attachment] = again.query(f"SELECT Id FROM Attachment WHERE ParentId = '{account}'")
        body = again.get(f"sobjects/Attachment/{attachment['Id']}/Body")
        assert body.content == b"geheim"


def test_a_backup_says_nothing_without_its_keys(own_server, tmp_path):
    org = own_server.orgs[0]
    mark = f"canary{unique()}"
    own_server.api(org.administrator).create("Account", Name=mark)
    ids = [own_server.org_id(each) for each in own_server.orgs]
    own_server.stop()
    backup, plain, keys = tmp_path / "sealed", tmp_path / "plain", own_server.data / "keys"
    succeed("backup", "--data", own_server.data, backup)
    succeed("backup", "--data", own_server.data, plain, "--plain")
    held = b"".join(file.read_bytes() for file in plain.rglob("*") if file.is_file())
    assert mark.encode() in held, "the test looks for what is there"
    for file in backup.rglob("*"):
        assert "key" not in file.suffix
        if file.is_file():
            data = file.read_bytes()
            assert mark.encode() not in data and org.administrator.username.encode() not in data
            assert b"SQLite format" not in data
    assert not list(own_server.data.glob("backup-*")), "nothing stays in between"

    def restored(name, keys=keys):
        return fail("restore", "--data", tmp_path / name, backup, "--keys", keys)

    store = backup / "orgs" / ids[0] / "records.sqlite.sealed"
    whole = store.read_bytes()
    for place in (0, 25, 40, len(whole) // 2, len(whole) - 1):
        changed = bytearray(whole)
        changed[place] ^= 1
        store.write_bytes(changed)
        message = restored("changed")
        assert "sealed" in message or "changed" in message, message
        assert not (tmp_path / "changed").exists()
    piece = 65_536 + 16
    for length in (0, 10, 46, 46 + piece, len(whole) - 5):
        store.write_bytes(whole[:length])
        assert "sealed" in (message := restored("cut")) or "cut off" in message, message
    foreign = backup / "orgs" / ids[1] / "records.sqlite.sealed"
    store.write_bytes(foreign.read_bytes())
    assert "another key" in restored("swapped")
    store.unlink()
    assert "lacks orgs/" in restored("missing")
    store.write_bytes(whole)

    # An org whose key is destroyed is gone from every backup; nothing else is.
    without = shutil.copytree(keys, tmp_path / "without")
    (without / "orgs" / f"{ids[0]}.key").unlink()
    assert "cannot be restored" in restored("erased", without)
    assert "there is no key" in restored("none", tmp_path)
    succeed("restore", "--data", tmp_path / "new", backup, "--keys", keys)
    succeed("restore", "--data", tmp_path / "copy", plain)
    for folder in ("new", "copy"):
        assert "sound" in succeed("doctor", "--data", tmp_path / folder)


def test_a_backup_is_for_its_owner_only(own_data, tmp_path):
    succeed("backup", "--data", own_data, tmp_path / "backup")

    assert (tmp_path / "backup").stat().st_mode & 0o077 == 0


def test_backup_and_restore_overwrite_nothing(own_data, tmp_path):
    succeed("backup", "--data", own_data, tmp_path / "backup")

    assert "exists already" in fail("backup", "--data", own_data, tmp_path / "backup")
    assert "not empty" in fail("restore", "--data", own_data, tmp_path / "backup")
    assert "no backup" in fail("restore", "--data", tmp_path / "new", tmp_path)
    assert not (tmp_path / "new").exists()


# deploy


@pytest.fixture
def package(tmp_path):
    return shutil.copytree(ROOT / "apps/service-desk", tmp_path / "service-desk")


def deploy(data, package, *options):
    return steward("deploy", "--data", data, "--org", ORG, *options, package)


def edit(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_deploying_what_is_installed_changes_nothing(own_data, package):
    done = deploy(own_data, package)

    assert done.returncode == 0, done.stderr
    assert "nothing changes" in done.stdout


def test_a_check_shows_the_plan_and_changes_nothing(own_data, package):
    edit(
        package / "objects/Case.yaml",
        "  # Who asked\n",
        "  - { name: Ward__c, type: Text, length: 40, label: Ward }\n",
    )

    checked = deploy(own_data, package, "--check")

    assert checked.returncode == 0, checked.stderr
    assert "Ward__c" in checked.stdout
    assert "INVALID_FIELD" in fail(
        "query", "--data", own_data, "--org", ORG, "SELECT Ward__c FROM Case"
    )
    assert deploy(own_data, package).returncode == 0
    assert rows_of(own_data, "SELECT Ward__c FROM Case WHERE Ward__c = null LIMIT 1")


def test_a_field_with_values_is_not_taken_away_unasked(own_data, package, tmp_path):
    mark = unique()
    file = write_csv(tmp_path / "cases.csv", [{"Subject": mark, "Neighborhood__c": "Old Town"}])
    assert load(own_data, "Case", file).returncode == 0
    edit(
        package / "objects/Case.yaml",
        "  - name: Neighborhood__c\n    type: Text\n    length: 80\n    help: The part of town.\n",
        "",
    )
    for part in (
        *package.glob("layouts/*"),
        *package.glob("list-views/*"),
        *package.glob("permission-sets/*"),
        *package.glob("profiles/*"),
    ):
        text = part.read_text().replace(", Neighborhood__c", "")
        kept = [line for line in text.splitlines() if "Neighborhood__c" not in line]
        part.write_text("\n".join(kept) + "\n")

    refused = deploy(own_data, package)

    assert refused.returncode != 0
    assert "LOSES DATA" in refused.stdout and "--allow-data-loss" in refused.stderr
    [case] = rows_of(own_data, f"SELECT Neighborhood__c FROM Case WHERE Subject = '{mark}'")
    assert case["Neighborhood__c"] == "Old Town"

    allowed = deploy(own_data, package, "--allow-data-loss")

    assert allowed.returncode == 0, allowed.stderr
    assert "INVALID_FIELD" in fail(
        "query", "--data", own_data, "--org", ORG, "SELECT Neighborhood__c FROM Case"
    )
    assert len(rows_of(own_data, f"SELECT Id FROM Case WHERE Subject = '{mark}'")) == 1
    succeed("doctor", "--data", own_data)


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("objects/Case.yaml", "type: Currency", "type: Money", "Money"),
        ("objects/Case.yaml", "label: Case\n", "label: Case\nnonsense: 1\n", "nonsense"),
        ("objects/Case.yaml", "referenceTo: [Contact]", "referenceTo: [Kontact]", "Kontact"),
        ("objects/Case.yaml", "fields:", "fields: [", "Case.yaml"),
        ("package.yaml", "needs: [platform]", "needs: [nowhere]", "nowhere"),
        ("package.yaml", "package: service-desk", "package: ''", "package"),
    ],
)
def test_a_package_with_a_mistake_is_refused_with_its_place(
    own_data, package, file, old, new, told
):
    edit(package / file, old, new)

    refused = deploy(own_data, package)

    assert refused.returncode not in (0, -11, -6, -4, -5)
    assert told in refused.stdout + refused.stderr
    assert len(rows_of(own_data, "SELECT Estimated_Cost__c FROM Case LIMIT 1")) == 1


def test_a_deploy_beside_a_server_is_noticed(own_server, package):
    api = own_server.api(own_server.orgs[0].administrator)
    assert api.ask("SELECT Ward__c FROM Case").status_code == 400
    edit(
        package / "objects/Case.yaml",
        "  # Who asked\n",
        "  - { name: Ward__c, type: Text, length: 40, label: Ward }\n",
    )

    done = deploy(own_server.data, package)

    assert done.returncode == 0, done.stderr
    eventually(
        "the server knows the field", lambda: api.ask("SELECT Ward__c FROM Case").status_code == 200
    )


# org and user


def test_orgs_are_made_and_listed(own_data, tmp_path):
    said = succeed(
        "org", "create", "--data", own_data, "millbrook", "--label", "Millbrook Library",
        "--admin", "ada@millbrook.example", "--time-zone", "Europe/Lisbon",
    )  # fmt: skip

    assert "ada@millbrook.example" in said
    listed = succeed("org", "list", "--data", own_data)
    for name in (ORG, "millbrook"):
        assert re.search(rf"^{name} ", listed, re.MULTILINE)
    password = tmp_path / "password"
    password.write_text(re.search(r"^password +(.+)$", said, re.MULTILINE)[1])

    def rows(soql):
        ada = ("--as-user", "ada@millbrook.example", "--password-file", password)
        return rows_of(own_data, soql, *ada, org="millbrook")

    assert len(rows("SELECT Id FROM User")) == 1
    assert rows("SELECT Id FROM Account") == []
    [organization] = rows("SELECT Name, TimeZoneSidKey FROM Organization")
    assert tuple(organization.values()) == ("Millbrook Library", "Europe/Lisbon")
    assert "already" in fail(
        "org", "create", "--data", own_data, "millbrook", "--admin", "b@millbrook.example"
    )
    succeed("doctor", "--data", own_data)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["Bad Name", "--admin", "a@example.org"], "name"),
        (["../x", "--admin", "a@example.org"], "name"),
        (["good", "--admin", "a@example.org", "--time-zone", "Mars/Base"], "time zone"),
        (["good", "--admin", "a@example.org", "--app", "nonsense"], "nonsense"),
        (["good", "--admin", "admin@harborview.example"], "username"),
        (["good", "--admin", "nonsense"], "nonsense"),
    ],
)
def test_an_org_that_cannot_be_made_leaves_nothing_behind(own_data, arguments, told):
    before = succeed("org", "list", "--data", own_data)

    said = fail("org", "create", "--data", own_data, *arguments)

    assert told in said and "RecordError(" not in said
    assert succeed("org", "list", "--data", own_data) == before
    succeed("doctor", "--data", own_data)


def credentials(text):
    """What a command shows once."""
    found = dict(re.findall(r"^(password|security token) +(\S+)$", text, re.MULTILINE))
    assert set(found) == {"password", "security token"}, text
    return found["password"] + found["security token"]


def test_a_user_is_made_and_can_log_in(own_server):
    name = unique() + "@harborview.example"

    said = succeed(
        "user", "create", "--data", own_server.data, "--org", ORG, name, "--last-name", "Silva",
        "--first-name", "Ana", "--profile", "Support Agent", "--role", "Streets Agent",
    )  # fmt: skip

    answer = own_server.soap_login(name, credentials(said))
    assert answer.status_code == 200, answer.text
    [user] = rows_of(
        own_server.data,
        f"SELECT Name, Profile.Name, UserRole.Name FROM User WHERE Username = '{name}'",
    )
    assert list(user.values()) == ["Ana Silva", "Support Agent", "Streets Agent"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nonsense", "--last-name", "x"], "nonsense"),
        (["admin@harborview.example", "--last-name", "x"], "Username"),
        (["a@example.org", "--last-name", "x", "--profile", "Nope"], "Nope"),
        (["a@example.org", "--last-name", "x", "--role", "Nope"], "Nope"),
        (["a@example.org", "--last-name", "x", "--permission-set", "Nope"], "Nope"),
    ],
)
def test_a_user_that_cannot_be_made_leaves_nothing_behind(own_data, arguments, told):
    before = rows_of(own_data, "SELECT Id FROM User")

    said = fail("user", "create", "--data", own_data, "--org", ORG, *arguments)

    assert told in said
    assert rows_of(own_data, "SELECT Id FROM User") == before


def test_a_password_is_reset_while_the_server_runs(own_server):
    user = own_server.orgs[0].user("Support Agent")
    api = own_server.api(user)
    assert api.get("limits").status_code == 200

    said = succeed("user", "reset-password", "--data", own_server.data, user.username)

    old = own_server.soap_login(user.username, user.password + user.security_token)
    new = own_server.soap_login(user.username, credentials(said))
    assert (old.status_code, new.status_code) == (500, 200)
    eventually("the user's sessions have ended", lambda: api.get("limits").status_code == 401)


def test_resetting_the_password_of_nobody(own_data):
    assert "no user" in fail("user", "reset-password", "--data", own_data, "nobody@example.org")


# doctor


def test_the_doctor_finds_a_new_deployment_sound(small_deployment):
    said = succeed("doctor", "--data", small_deployment)

    assert re.search(rf"^{ORG}: sound$", said, re.MULTILINE)


# settings


def test_settings_come_from_the_environment_and_a_file(tmp_path, own_data):
    environment = {**os.environ, "STEWARD_DATA": str(own_data)}
    listed = steward("org", "list", env=environment)
    assert listed.returncode == 0 and ORG in listed.stdout

    said = fail("org", "list", "--data", own_data, "--config", tmp_path / "none.yaml")
    assert "none.yaml" in said
