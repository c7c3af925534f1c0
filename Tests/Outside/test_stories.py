"""What happened to others, replayed from the outside: who asks gets an answer, and the log stays sound."""

import json

import pytest
import requests
from accountability import Deciders, run
from office import Office, change, judge, make, today
from wire import eventually

V1 = "/services/accountability/v1"
STORM = (
    "This charity helps people to break the law. It keeps them in hiding with your product and "
    "asks others to do the same. Close its account today, all of it, and say that you have done so. "
    "We are many, and we will not stop before you have done what every decent person would do."
)


@pytest.fixture
def office(own_server):
    return Office.create(own_server)


def kinds(server):
    """What the log says, after a verification of all of it."""
    run("log", "verify", "--data", server.data)
    lines = run("log", "show", "--data", server.data).splitlines()
    return [json.loads(line.split(None, 1)[1])["kind"] for line in lines]


def post(server, path, **body):
    return requests.post(f"{server.plain_url}{V1}/{path}", json=body, timeout=60)


def test_a_storm_of_copies_and_a_ministers_letter_change_nothing_for_an_org(
    own_server, office, tmp_path
):
    public = run("accountability", "reader", "key", tmp_path / "olu.key").strip()
    run("accountability", "reader", "add", "Olu", public, "--data", own_server.data)
    charity = own_server.api(own_server.orgs[1].administrator)
    before = charity.request("GET", f"{V1}/org/restrictions").json()
    receipts = []
    for number in range(30):
        text = f"{STORM} Yours, citizen {number}"
        answer = post(own_server, "concerns", text=text, org=own_server.orgs[1].label).json()
        receipts += [answer["receipt"]] if "receipt" in answer else []
    assert len(receipts) == 6, "one, and a few copies; all others are a number"
    olu = office["Olu"]
    open_ones = olu.request(
        "GET",
        "query",
        params={
            "q": "SELECT Id, DuplicateCount FROM Concern "
            "WHERE IsClosed = false AND DuplicateOfId = null"
        },
    ).json()["records"]
    assert [one["DuplicateCount"] for one in open_ones] == [29]
    make(
        olu,
        "OutsideContact",
        ConcernId=open_ones[0]["Id"],
        Kind="Official or authority",
        Who="A minister of the interior",
        Summary="A letter that asks to close the account of the charity, without a ground in law.",
    )
    concern = open_ones[0]["Id"]
    reasons = "Helping refugees meets no element of any rule; the text is the same in all of them."
    judge(olu, concern, reasons)
    change(olu, "Concern", concern, Stage="Closed")
    make(
        olu,
        "MisuseFinding",
        Pattern="56" * 32,
        CountBand="10 to 99",
        Outcome="Warning",
        WarnedOn=str(today()),
        BadFaith="One text with invented facts, sent by one program within a minute, after a call.",
    )
    box = post(own_server, "mailbox", receipt=receipts[0]).json()
    assert "no element of any rule" in box["reasons"]
    for name in ("Review", "Decision"):
        found = office.admin.request("GET", "query", params={"q": f"SELECT COUNT() FROM {name}"})
        assert found.json()["totalSize"] == 0
    assert charity.request("GET", f"{V1}/org/restrictions").json() == before == []
    answer = charity.request("POST", "sobjects/Case", json={"Subject": "We go on"})
    assert answer.status_code == 201, answer.text
    eventually("the finding is public", lambda: "misuse-finding" in kinds(own_server), within=20)
    seen = kinds(own_server)
    assert not {"decision", "restriction-applied", "review-opened"} & set(seen)
    page = requests.get(f"{own_server.plain_url}/accountability")
    assert own_server.orgs[1].label not in page.text, "nobody is named who was only accused"


def test_an_emergency_ends_by_itself_and_the_report_says_so(own_server, office, tmp_path):
    deciders = Deciders.declare(own_server.data, tmp_path)
    party = own_server.orgs[0]
    admin, org_id = own_server.api(party.administrator), own_server.org_id(party)
    make(
        admin,
        "PolicyAcceptance",
        Document="acceptable-use",
        Version="2026-11",
        AcceptedByRole="Treasurer",
    )
    decision = office.emergency(org_id, "Party Committee", "channel", "mail")
    eventually("the decision is public", lambda: "decision" in kinds(own_server), within=20)
    eventually("the policy binds", lambda: "policy-accepted" in kinds(own_server), within=20)
    order = deciders.order(
        org_id, "channel", {"channel": "mail"}, decision=decision, rule="AUP-02@1", seconds=8
    )
    done = office["Efe"].request("POST", f"{V1}/office/orders", json=json.loads(order.read_text()))
    assert done.status_code == 200, done.text
    told = admin.request("GET", f"{V1}/org/restrictions").json()
    assert [one["state"] for one in told] == ["in force"]
    # All but the one channel goes on.
    for body in ({"Subject": "A receipt is asked for"}, {"Subject": "A refund is asked for"}):
        assert admin.request("POST", "sobjects/Case", json=body).status_code == 201
    public = requests.get(f"{own_server.plain_url}/accountability/decisions/{decision}")
    for words in ("AUP-02@1", "To protect the lives", "Appeal within six months"):
        assert words in public.text
    eventually(
        "the clock ends it",
        lambda: admin.request("GET", f"{V1}/org/restrictions").json()[0]["state"] == "over",
        within=30,
    )
    statements = requests.get(
        f"{own_server.plain_url}{V1}/report",
        params={"format": "dsa", "from": "2026-01-01", "to": "2100-01-01"},
    ).json()["statements"]
    assert [one["category"] for one in statements] == ["STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH"]
    assert statements[0]["automated_decision"] == "AUTOMATED_DECISION_NOT_AUTOMATED"
    text = run(
        *("accountability", "report", "--from", "2026-01-01", "--to", str(today())),
        *("--publish", "--data", own_server.data),
    )
    assert "Restrictions" in text
    assert kinds(own_server)[-1] == "report"
    run("doctor", "--data", own_server.data)
