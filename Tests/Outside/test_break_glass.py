"""The operator's people read an org's records only as the org, two people and the clock allow."""

import json

import pytest
from accountability import moment, run
from office import PEOPLE, Office

V1 = "/services/accountability/v1"
ASKED = {
    "reason": "CUSTOMER_SUPPORT_REQUEST",
    "objects": ["Case"],
    "hours": 4,
    "explanation": "The desk has asked why a case is not escalated.",
}


@pytest.fixture
def office(own_server, monkeypatch):
    monkeypatch.setitem(PEOPLE, "Gus", ("Enforcement", ["Access_Requester", "Access_Approver"]))
    monkeypatch.setitem(PEOPLE, "Hana", ("External_Member", ["Access_Approver"]))
    return Office.create(own_server)


@pytest.fixture
def admin(own_server):
    return own_server.api(own_server.orgs[0].administrator)


@pytest.fixture
def org_id(own_server):
    return own_server.org_id(own_server.orgs[0])


def ask(api, org_id, **changes):
    return api.request("POST", f"{V1}/office/break-glass", json={"org": org_id} | ASKED | changes)


def step(api, org_id, grant, name, **rest):
    path = f"{V1}/office/break-glass/{org_id}/{grant}/steps"
    return api.request("POST", path, json={"step": name} | rest)


def org_step(api, grant, name):
    return api.request("POST", f"{V1}/org/break-glass/{grant}/steps", json={"step": name})


def read(api, org_id, grant, **body):
    return api.request("POST", f"{V1}/office/break-glass/{org_id}/{grant}/queries", json=body)


def entries(server):
    run("log", "verify", "--data", server.data)
    lines = run("log", "show", "--data", server.data).splitlines()
    told = [json.loads(line.split(None, 1)[1]) for line in lines]
    return [one for one in told if one["kind"].startswith("break-glass")]


def test_access_is_approved_by_two_and_by_the_org_and_each_question_is_the_orgs(
    own_server, office, admin, org_id
):
    gus, hana = office["Gus"], office["Hana"]
    asked = ask(gus, org_id)
    assert asked.status_code == 200 and asked.json()["state"] == "requested", asked.text
    grant = asked.json()["id"]
    case = {"q": "SELECT Id, Subject FROM Case ORDER BY Id LIMIT 2"}

    # Nothing is opened before everybody has agreed, and nobody agrees with themselves.
    assert read(gus, org_id, grant, **case).status_code == 400
    assert step(gus, org_id, grant, "open").status_code == 400
    own = step(gus, org_id, grant, "approve")
    assert own.status_code == 403 and "another person" in own.text
    assert step(hana, org_id, grant, "approve").status_code == 204
    assert step(gus, org_id, grant, "open").status_code == 400, "the org has not answered"
    other = own_server.api(own_server.orgs[1].administrator)
    assert org_step(other, grant, "approve").status_code == 404
    names = {user.username.split("@")[0]: user for user in own_server.orgs[0].users}
    assert org_step(own_server.api(names["ben.okafor"]), grant, "approve").status_code == 403
    assert org_step(admin, grant, "approve").status_code == 204
    assert entries(own_server) == []
    assert step(hana, org_id, grant, "open").status_code == 403
    assert step(gus, org_id, grant, "open").status_code == 204
    opened = entries(own_server)
    assert [one["kind"] for one in opened] == ["break-glass-opened"]
    assert opened[0]["content"]["scope"] == "Case" and opened[0]["content"]["org"] == org_id

    # Only who asked reads, only what was asked for, and writes nothing.
    answer = read(gus, org_id, grant, **case)
    assert answer.status_code == 200 and len(answer.text.splitlines()) == 3, answer.text
    assert read(hana, org_id, grant, **case).status_code == 403
    assert read(admin, org_id, grant, **case).status_code == 403
    for outside in [
        "SELECT Id FROM Contact",
        "SELECT Id, Contact.Name FROM Case",
        "SELECT Id FROM Case WHERE ContactId IN (SELECT Id FROM Contact)",
        "SELECT Id, (SELECT Id FROM CaseComments) FROM Case",
    ]:
        refused = read(gus, org_id, grant, q=outside)
        assert refused.status_code in (400, 403), refused.text
        assert "Harborview" not in refused.text
    case_id = answer.text.splitlines()[1].split(",")[0].strip('"')
    assert gus.request("GET", f"sobjects/Case/{case_id}").status_code == 404
    assert gus.request("PATCH", f"sobjects/Case/{case_id}", json={}).status_code == 404

    # The org sees every question, refused ones too; and ends it at once.
    told = admin.request("GET", f"{V1}/org/break-glass").json()["grants"]
    assert [one["state"] for one in told] == ["open"]
    assert [one["question"] for one in told[0]["queries"]][0] == case["q"]
    assert len(told[0]["queries"]) == 5
    assert other.request("GET", f"{V1}/org/break-glass").json() == {"grants": []}
    assert org_step(admin, grant, "revoke").status_code == 204
    ended = read(gus, org_id, grant, **case)
    assert ended.status_code == 400 and "revoked" in ended.text

    assert step(gus, org_id, grant, "close").status_code == 400, "a report is owed"
    assert step(gus, org_id, grant, "close", report="A rule was switched off.").status_code == 204
    closed = entries(own_server)[-1]
    assert closed["kind"] == "break-glass-closed" and closed["content"]["queries"] == "1–9"
    assert "switched off" not in json.dumps(closed)
    report = own_server.api(own_server.orgs[0].administrator).request("GET", f"{V1}/report")
    assert report.status_code == 200
    clocks = admin.request("GET", f"{V1}/clocks").text
    assert grant in clocks
    run("doctor", "--data", own_server.data)


def test_a_grant_of_single_records_opens_no_others(office, admin, org_id):
    gus, hana = office["Gus"], office["Hana"]
    answer = admin.request("GET", "query", params={"q": "SELECT Id FROM Case ORDER BY Id LIMIT 2"})
    first, second = (record["Id"] for record in answer.json()["records"])
    grant = ask(gus, org_id, records=[first]).json()["id"]
    for done in (
        step(hana, org_id, grant, "approve"),
        org_step(admin, grant, "approve"),
        step(gus, org_id, grant, "open"),
    ):
        assert done.status_code == 204, done.text
    shown = read(gus, org_id, grant, object="Case", fields=["Id", "Subject"], ids=[first])
    assert shown.status_code == 200 and first in shown.text, shown.text
    for body in [
        {"object": "Case", "fields": ["Id"], "ids": [first, second]},
        {"object": "Case", "fields": ["Contact.Name"], "ids": [first]},
        {"q": f"SELECT Id FROM Case WHERE Id = '{first}'"},
    ]:
        refused = read(gus, org_id, grant, **body)
        assert refused.status_code == 403, refused.text


def test_what_may_be_asked_for(office, admin, org_id):
    gus, hana = office["Gus"], office["Hana"]
    later = {"notice": {"until": moment(3_600), "because": "An order of a court."}}
    for wrong in [
        {"reason": "ACCOUNTABILITY_REVIEW"},
        {"hours": 5},
        {"objects": []},
        {"objects": ["Nothing"]},
        {"records": [org_id]},
        {"explanation": " "},
        {"org": "005000000000001"},
        later,
        {"reason": "LEGAL_PROCESS", "notice": {"until": moment(91 * 86_400), "because": "Long"}},
        {"reason": "LEGAL_PROCESS", "notice": {"until": moment(-5), "because": "Past"}},
    ]:
        answer = ask(gus, org_id, **wrong)
        assert answer.status_code == 400, f"{wrong}: {answer.text}"
    assert ask(hana, org_id).status_code == 403
    assert ask(admin, org_id).status_code == 403
    # Where the law bars the notice the org learns of it by the clock, and the log does not name it.
    asked = ask(gus, org_id, reason="LEGAL_PROCESS", **later)
    grant = asked.json()["id"]
    assert admin.request("GET", f"{V1}/org/break-glass").json() == {"grants": []}
    assert org_step(admin, grant, "refuse").status_code == 404
    assert step(gus, org_id, grant, "open").status_code == 400
    assert step(hana, org_id, grant, "approve").status_code == 204
    assert step(gus, org_id, grant, "open").status_code == 204
    assert org_id not in json.dumps(entries(office.server))
