"""Use restrictions from the outside: orders signed by two, refusals that name them, the end."""

import sqlite3
import time

import pytest
from accountability import Deciders, run
from deployment import steward
from simple_salesforce import Salesforce
from simple_salesforce.exceptions import SalesforceError
from wire import eventually


@pytest.fixture
def deciders(own_server, tmp_path):
    run("log", "create", "harborview.example/log", "--data", own_server.data)
    return Deciders.declare(own_server.data, tmp_path)


@pytest.fixture
def org_id(own_server):
    return own_server.org_id(own_server.orgs[0])


def other_restrictions(server):
    api = server.api(server.orgs[1].administrator)
    return api.request("GET", "steward/restrictions").json()


def refused(answer):
    """What a refusal by a restriction says, the first of several."""
    assert answer.status_code in (400, 403), answer.text
    errors = answer.json()
    assert errors[0]["errorCode"] == "USE_RESTRICTED", answer.text
    return errors[0]


def test_a_restriction_is_met_on_every_way_to_a_record(own_server, deciders, org_id):
    admin = own_server.api(own_server.orgs[0].administrator)
    names = {user.username.split("@")[0]: user for user in own_server.orgs[0].users}
    user = own_server.api(names["ben.okafor"])
    first = admin.request("GET", "query?q=SELECT Id, OwnerId FROM Case LIMIT 1").json()
    case = first["records"][0]["Id"]
    assert user.request("GET", "query?q=SELECT Id FROM Case LIMIT 1").status_code == 200

    everything = {"object": "Case", "operations": ["read", "create", "edit", "delete"]}
    deciders.apply(deciders.order(org_id, "object", everything))

    def is_refused():
        answer = user.request("GET", "query?q=SELECT Id FROM Case LIMIT 1")
        return answer.status_code == 403

    eventually("the restriction counts", is_refused, within=5)
    error = refused(user.request("GET", "query?q=SELECT Id FROM Case LIMIT 1"))
    assert error["restriction"] == "R-1" and error["decision"] == "D-1"
    assert error["until"] and error["appeal"].startswith("/accountability/appeals/")
    for method, path, body in [
        ("GET", "query?q=SELECT COUNT() FROM Case", None),
        ("GET", "queryAll?q=SELECT Id FROM Case", None),
        ("GET", "query?q=SELECT Id, (SELECT Id FROM Cases) FROM Contact LIMIT 1", None),
        ("GET", f"sobjects/Case/{case}", None),
        ("GET", "sobjects/Case/External_Reference__c/1", None),
        ("GET", "search?q=FIND {lamp} RETURNING Case", None),
        ("GET", "sobjects/Case/updated?start=2026-11-01T00:00:00Z&end=2026-11-20T00:00:00Z", None),
        ("GET", "sobjects/Case/listviews", None),
        ("POST", "sobjects/Case", {"Subject": "New"}),
        ("PATCH", f"sobjects/Case/{case}", {"Subject": "Changed"}),
        ("DELETE", f"sobjects/Case/{case}", None),
    ]:
        answer = user.request(method, path, json=body)
        if path.endswith("listviews"):
            assert answer.status_code == 200, "names of lists are no records"
            continue
        refused(answer)
    # Everybody may know what is withheld, and why; and the way out stays open.
    told = user.request("GET", "steward/restrictions").json()
    assert [order["state"] for order in told] == ["in force"]
    assert told[0]["reasons"]["facts"] and told[0]["appeal"] == error["appeal"]
    assert other_restrictions(own_server) == []
    assert admin.request("GET", "query?q=SELECT Id FROM Case").status_code == 200
    refused(admin.request("POST", "sobjects/Case", json={"Subject": "New"}))
    # Others are left alone.
    other = own_server.api(own_server.orgs[1].administrator)
    assert other.request("POST", "sobjects/Case", json={"Subject": "New"}).status_code == 201


def test_it_ends_by_the_clock_and_survives_a_kill(own_server, deciders, org_id):
    admin = own_server.api(own_server.orgs[0].administrator)
    deciders.apply(deciders.order(org_id, "read-only", seconds=12))
    end = time.monotonic() + 12

    def create():
        return admin.request("POST", "sobjects/Case", json={"Subject": "New"})

    eventually("the restriction counts", lambda: create().status_code != 201, within=5)
    own_server.kill()
    own_server.start()
    admin = own_server.api(own_server.orgs[0].administrator)
    if time.monotonic() < end - 1:
        refused(create())
    time.sleep(max(0, end + 1 - time.monotonic()))
    assert create().status_code == 201


def test_orders_that_are_not_in_order_are_refused(own_server, deciders, org_id):
    for number, (arguments, said) in enumerate(
        [
            ({"kind": "read-only", "signers": ("Ada",)}, "signatures"),
            ({"kind": "read-only", "signers": ()}, "signatures"),
            ({"kind": "read-only", "seconds": 73 * 3_600}, "endsAt"),
        ],
        start=10,
    ):
        file = deciders.order(org_id, number=number, **arguments)
        done = steward("restriction", "apply", file, "--data", own_server.data)
        assert done.returncode not in (0, -4, -5, -6, -11)
        assert said in done.stderr, done.stderr
    file = deciders.order(org_id, "read-only", number=20)
    file.write_text(file.read_text().replace("read-only", "export-only"))
    done = steward("restriction", "apply", file, "--data", own_server.data)
    assert done.returncode != 0 and "signatures" in done.stderr
    assert "sound: 0 entries" in run("log", "verify", "--data", own_server.data)
    file.write_text("{}")
    done = steward("restriction", "apply", file, "--data", own_server.data)
    assert done.returncode != 0 and "org" in done.stderr


def test_a_client_is_told_by_the_usual_error(own_server, deciders, org_id, monkeypatch):
    admin = own_server.orgs[0].administrator
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", own_server.ca_file)
    client = Salesforce(session_id=own_server.log_in(admin), instance_url=own_server.url)
    deciders.apply(deciders.order(org_id, "growth"))
    profile = client.query("SELECT Id FROM Profile LIMIT 1")["records"][0]["Id"]
    user = {
        "LastName": "New", "Alias": "new", "Email": "new@example.org", "ProfileId": profile,
        "Username": "new@example.org", "TimeZoneSidKey": "UTC", "LocaleSidKey": "en_US",
        "EmailEncodingKey": "UTF-8", "LanguageLocaleKey": "en_US",
    }  # fmt: skip
    time.sleep(1.5)
    with pytest.raises(SalesforceError) as caught:
        client.User.create(user)
    assert caught.value.content[0]["errorCode"] == "USE_RESTRICTED"


def test_what_is_not_in_the_log_is_told(own_server, deciders, org_id):
    data = own_server.data
    deciders.apply(deciders.order(org_id, "growth", number=1))
    own_server.stop()
    assert "sound" in run("doctor", "--data", data)
    file = next((data / "orgs").glob(f"{org_id}/records.sqlite"))
    with sqlite3.connect(file) as store:
        gone = store.execute("DELETE FROM _Document WHERE kind = 'use-restriction'").rowcount
    assert gone == 1
    done = steward("doctor", "--data", data)
    assert done.returncode == 1
    assert "R-1 is in the transparency log and not in force" in done.stdout
    refusal = steward(
        "restriction", "apply", deciders.order(org_id, "read-only", number=2), "--data", data
    )
    assert refusal.returncode != 0 and "log and store differ" in refusal.stderr
    own_server.start()
    assert "R-1 is in the transparency log and not in force" in own_server.last_words()
    # The same order can still be put back: it is in the log already, once.
    run("restriction", "apply", deciders.folder / "order-1.json", "--data", data)
    assert "sound: 1 entries" in run("log", "verify", "--data", data)
