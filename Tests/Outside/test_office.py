"""The operator's office from the outside: decisions, orders, lifts and appeals, each by other people."""

import json

import pytest
import requests
from accountability import Deciders, run
from deployment import steward
from office import Office, change, make
from wire import eventually

V1 = "/services/accountability/v1"


@pytest.fixture
def office(own_server):
    return Office.create(own_server)


@pytest.fixture
def deciders(own_server, office, tmp_path):
    return Deciders.declare(own_server.data, tmp_path)


@pytest.fixture
def org_id(own_server):
    return own_server.org_id(own_server.orgs[0])


@pytest.fixture
def admin(own_server):
    return own_server.api(own_server.orgs[0].administrator)


def entries(server):
    """What the log says, after a verification of all of it."""
    run("log", "verify", "--data", server.data)
    lines = run("log", "show", "--data", server.data).splitlines()
    return [json.loads(line.split(None, 1)[1]) for line in lines]


def kinds(server):
    return [entry["kind"] for entry in entries(server)]


def posted(api, path, file):
    return api.request("POST", f"{V1}/{path}", json=json.loads(file.read_text()))


def declare(admin, category, statement):
    """An active declaration of a use, and its number."""
    use = make(
        admin,
        "UseDeclaration",
        Product="service-desk",
        Category=category,
        Statement=statement,
        AffectedGroups="Residents, members of the committee and those who live nearby.",
        EffectiveFrom="2026-01-01",
    )
    for status in ("Attested", "Active"):
        change(admin, "UseDeclaration", use, Status=status)
    answer = admin.request("GET", f"sobjects/UseDeclaration/{use}?fields=Name")
    return use, answer.json()["Name"]


def test_an_emergency_for_one_use_leaves_the_others_and_ends_by_two(
    own_server, office, deciders, org_id, admin
):
    appeals, number = declare(
        admin, "Outreach", "Volunteers send appeals to members by mail, some of them every week."
    )
    receipts, _ = declare(
        admin, "Fundraising", "The office sends receipts to donors and refunds what was paid twice."
    )
    eventually(
        "both uses are public",
        lambda: kinds(own_server).count("use-declared") == 2,
        within=20,
    )
    flow = make(
        admin, "UseBinding", UseDeclarationId=appeals, Kind="Client", Target="appeal-mailer"
    )
    make(
        admin,
        "UseBinding",
        UseDeclarationId=receipts,
        Kind="Client",
        Target=own_server.orgs[0].client_id,
    )
    target = {"declaration": number, "product": "service-desk"}
    # No order before a decision is public.
    early = posted(office["Efe"], "office/orders", deciders.order(org_id, "purpose", target))
    assert early.status_code == 400 and "D-1" in early.text, early.text
    decision = office.emergency(org_id, "Party Committee", "purpose", number)
    eventually("the decision is public", lambda: "decision" in kinds(own_server), within=20)
    order = deciders.order(org_id, "purpose", target, decision=decision, rule="AUP-02@1")
    # The policy binds an org that was there before it from its acceptance, or 30 days later.
    soon = posted(office["Efe"], "office/orders", order)
    assert soon.status_code == 400 and "does not bind before" in soon.text, soon.text
    make(
        admin,
        "PolicyAcceptance",
        Document="acceptable-use",
        Version="2026-11",
        AcceptedByRole="Managing director",
    )
    eventually(
        "the acceptance is public", lambda: "policy-accepted" in kinds(own_server), within=20
    )
    for number, rule, objection in [
        (2, "AUP-04@1", "allows no"),
        (3, "AUP-02@9", "there is no version 9"),
        (4, "ours", "no rule and version"),
    ]:
        wrong = deciders.order(
            org_id, "channel", {"channel": "mail"}, number, decision=decision, rule=rule
        )
        answer = posted(office["Efe"], "office/orders", wrong)
        assert answer.status_code == 400 and objection in answer.text, answer.text
    # Who decided does not carry it out, and nobody of the org does.
    for api in (office["Dana"], admin):
        assert posted(api, "office/orders", order).status_code == 403
    done = posted(office["Efe"], "office/orders", order)
    assert done.status_code == 200, done.text

    answer = admin.request("DELETE", f"sobjects/UseBinding/{flow}")
    assert answer.status_code == 403, "bindings stand still"
    assert answer.json()[0]["errorCode"] == "USE_RESTRICTED"
    answer = admin.request("POST", "sobjects/Case", json={"Subject": "Unbound session"})
    assert answer.status_code in (400, 403) and "USE_RESTRICTED" in answer.text
    bound = own_server.token_request(
        grant_type="password",
        client_id=own_server.orgs[0].client_id,
        client_secret=own_server.orgs[0].client_secret,
        username=own_server.orgs[0].administrator.username,
        password=own_server.orgs[0].administrator.password,
    ).json()
    session = type(admin)(admin.base, bound["access_token"])
    answer = session.request("POST", "sobjects/Case", json={"Subject": "A receipt is asked for"})
    assert answer.status_code == 201, answer.text

    told = admin.request("GET", f"{V1}/org/restrictions").json()
    assert [one["state"] for one in told] == ["in force"]
    appeal = admin.request(
        "POST",
        f"{V1}/org/appeals",
        json={"decision": decision, "grounds": "The mails were forged; we have shown the headers."},
    )
    assert appeal.status_code == 200, appeal.text
    eventually("the appeal is public", lambda: "appeal-filed" in kinds(own_server), within=20)
    matters = admin.request("GET", f"{V1}/org/matters").json()
    assert [one["name"] for one in matters["appeals"]] == [appeal.json()["appeal"]]
    assert [one["name"] for one in matters["decisions"]] == [decision]

    lift = deciders.lift(org_id, decision=decision)
    assert posted(office["Efe"], "office/lifts", lift).status_code == 200
    answer = admin.request("POST", "sobjects/Case", json={"Subject": "All is well"})
    assert answer.status_code == 201, answer.text
    assert admin.request("GET", f"{V1}/org/restrictions").json()[0]["state"] == "lifted"
    seen = kinds(own_server)
    order_of_things = ["decision", "restriction-applied", "appeal-filed", "restriction-lifted"]
    assert [kind for kind in seen if kind in order_of_things] == order_of_things
    run("doctor", "--data", own_server.data)


def test_an_org_speaks_of_itself_alone(own_server, office, admin, org_id):
    other = own_server.api(own_server.orgs[1].administrator)
    for path, body in [
        ("org/appeals", {"decision": "D-0001", "grounds": "None"}),
        ("org/appeals", {"decision": "D-0001' OR Name != '", "grounds": "None"}),
        ("org/responses", {"decision": "D-0001", "statement": "No"}),
        ("org/replies", {"finding": "F-0001", "reply": "No"}),
    ]:
        assert other.request("POST", f"{V1}/{path}", json=body).status_code == 404
    for body in [{}, {"decision": 1, "grounds": "x"}, {"decision": "D-1", "grounds": " "}]:
        answer = other.request("POST", f"{V1}/org/appeals", json=body)
        assert answer.status_code == 400, answer.text
    names = {user.username.split("@")[0]: user for user in own_server.orgs[0].users}
    agent = own_server.api(names["ben.okafor"])
    answer = agent.request(
        "POST", f"{V1}/org/appeals", json={"decision": "D-0001", "grounds": "Mine"}
    )
    assert answer.status_code == 403
    assert agent.request("GET", f"{V1}/org/matters").status_code == 200


def test_declarations_make_the_record_of_processing(own_server, office, admin):
    declare(
        admin, "Service requests", "Clerks answer reports about streets and send crews to repair."
    )
    record = admin.request("GET", f"{V1}/org/declarations").json()["activities"]
    assert [one["category"] for one in record] == ["Service requests"]
    assert record[0]["dataSubjects"].startswith("Residents") and record[0]["declaration"]


def test_the_policy_is_published_once_and_read_by_everybody(own_server, office):
    listed = run("accountability", "policy", "list", "--data", own_server.data)
    assert "acceptable-use" in listed and "announced" in listed, listed
    run("accountability", "policy", "check", "--data", own_server.data)
    again = steward(
        *("accountability", "policy", "publish", "acceptable-use", "2026-11"),
        *("--data", own_server.data),
    )
    assert again.returncode != 0 and "is in the log" in again.stderr, again.stderr
    never = steward(
        *("accountability", "policy", "publish", "acceptable-use", "1999-01"),
        *("--data", own_server.data),
    )
    assert never.returncode != 0 and "no version `1999-01`" in never.stderr, never.stderr
    assert kinds(own_server).count("policy-published") == 2
    answer = requests.get(f"{own_server.plain_url}{V1}/policy/acceptable-use/2026-11")
    assert answer.status_code == 200, answer.text
    document = answer.json()
    assert "AUP-07@1" in document["rules"]
    page = requests.get(f"{own_server.plain_url}/accountability/policy/acceptable-use/2026-11")
    assert "<pre" in page.text and document["digest"] in page.text
    tried = run("accountability", "policy", "trial", "--data", own_server.data)
    assert "RR-01@1: of " in tried


def test_what_is_known_and_what_is_not_is_said_and_signed(own_server, office, admin, org_id):
    declare(
        admin, "Service requests", "Clerks answer reports about streets and send crews to repair."
    )
    eventually("the use is public", lambda: "use-declared" in kinds(own_server), within=20)
    body = {"product": "service-desk", "question": "Is it used for case work about persons?"}
    own = admin.request("POST", f"{V1}/org/statement", json=body)
    assert own.status_code == 200, own.text
    asked = office["Rosa"].request("POST", f"{V1}/office/statements", json={**body, "org": org_id})
    assert asked.status_code == 200, asked.text
    note = asked.json()["note"]
    assert "UD-0001, version 1: Service requests, current" in note
    assert "records and their fields" in note and "there is no snapshot of the org" in note
    assert json.loads(asked.json()["data"])["question"] == body["question"]
    assert note.rstrip().splitlines()[-1].startswith("\u2014 harborview.example/log/statements ")
    for api, path, extra, status in [
        (office["Efe"], "office/statements", {"org": org_id}, 400),
        (admin, "office/statements", {"org": org_id}, 404),
        (office["Rosa"], "office/statements", {"org": "nobody"}, 400),
        (office["Rosa"], "office/statements", {"org": org_id, "product": "spying"}, 400),
        (office["Rosa"], "office/statements", {"org": org_id, "question": ""}, 400),
    ]:
        answer = api.request("POST", f"{V1}/{path}", json={**body, **extra})
        assert answer.status_code == status, f"{path} {extra}: {answer.text}"
    assert kinds(own_server).count("key-rotated") == 1, "the key is in the log, once"
    register = requests.get(f"{own_server.plain_url}{V1}/register").json()
    assert register["register"] is None and register["roots"] == []
    page = requests.get(f"{own_server.plain_url}/accountability/register")
    assert page.status_code == 200
