"""Two orgs of one deployment never see each other, by whatever name one asks for the other's."""

import json
import uuid
from dataclasses import dataclass

import pytest
import requests
from wire import API, eventually, refusal, unique


@dataclass
class Side:
    """An org and its administrator's way in."""

    org: object
    api: API

    def id(self):
        return self.api.query("SELECT Id FROM Organization")[0]["Id"]


@pytest.fixture
def ours(server, org):
    return Side(org, server.api(org.administrator))


@pytest.fixture
def theirs(server, other_org):
    return Side(other_org, server.api(other_org.administrator))


@pytest.fixture
def secret():
    """A word that stands only in what is theirs."""
    return unique("geheim")


@pytest.fixture
def account(theirs, secret):
    """A record of theirs."""
    return theirs.api.create(
        "Account", Name=secret, Site=secret, Account_Reference__c=f"ref-{secret}"
    )


def unharmed(theirs, account, secret):
    record = theirs.api.read("Account", account)
    assert (record["Name"], record["Site"]) == (secret, secret)
    assert record["IsDeleted"] is False


def without_trace(response, *words):
    for word in words:
        assert word not in response.text, response.text[:2_000]


# By id


def test_a_record_of_the_other_org_cannot_be_read(ours, account, secret):
    for path in (
        f"sobjects/Account/{account}",
        f"sobjects/Account/{account[:15]}",
        f"sobjects/Account/Id/{account}",
        f"sobjects/Account/{account}/Contacts",
        f"sobjects/Account/{account}/Owner",
    ):
        response = ours.api.get(path)
        refusal(response, 404, "NOT_FOUND")
        without_trace(response, secret)


def test_a_record_of_the_other_org_cannot_be_changed(ours, theirs, account, secret):
    response = ours.api.patch(f"sobjects/Account/{account}", {"Name": "ours now"})

    refusal(response, 404)
    without_trace(response, secret)
    unharmed(theirs, account, secret)


def test_a_record_of_the_other_org_cannot_be_deleted(ours, theirs, account, secret):
    response = ours.api.delete(f"sobjects/Account/{account}")

    refusal(response, 404)
    unharmed(theirs, account, secret)


def test_a_record_of_the_other_org_is_refused_as_one_that_never_was(ours, account):
    never = "001000000000001AAA"

    def told(record):
        answers = [
            ours.api.get(f"sobjects/Account/{record}"),
            ours.api.patch(f"sobjects/Account/{record}", {"Name": "x"}),
            ours.api.delete(f"sobjects/Account/{record}"),
            ours.api.post("sobjects/Contact", {"LastName": "x", "AccountId": record}),
            ours.api.get("composite/sobjects/Account", params={"ids": record, "fields": "Id"}),
            ours.api.patch(
                "composite/sobjects",
                {"records": [{"attributes": {"type": "Account"}, "id": record, "Site": "x"}]},
            ),
            ours.api.delete("composite/sobjects", params={"ids": record}),
        ]
        return [(answer.status_code, answer.text.replace(record, "?")) for answer in answers]

    assert told(account) == told(never)


def test_queries_find_nothing_of_the_other_org(ours, account, secret):
    for where in (
        f"Id = '{account}'",
        f"Id IN ('{account}', '{account[:15]}')",
        f"Name = '{secret}'",
        f"Name LIKE '%{secret[4:]}%'",
        f"Account_Reference__c = 'ref-{secret}'",
        f"Id IN (SELECT AccountId FROM Contact WHERE AccountId = '{account}')",
    ):
        for verb in ("query", "queryAll"):
            assert ours.api.query(f"SELECT Id FROM Account WHERE {where}", verb) == [], where


def test_searches_find_nothing_of_the_other_org(ours, theirs, account, secret):
    sosl = {"q": f"FIND {{{secret}}} IN ALL FIELDS RETURNING Account(Id, Name)"}

    assert len(theirs.api.get("search", params=sosl).json()["searchRecords"]) == 1
    assert ours.api.get("search", params=sosl).json()["searchRecords"] == []
    suggested = ours.api.get(
        "search/suggestions", params={"q": secret, "sobject": "Account"}
    ).json()
    assert suggested["autoSuggestResults"] == []


def test_collections_read_nothing_of_the_other_org(ours, account):
    one = ours.api.get("composite/sobjects/Account", params={"ids": account, "fields": "Id,Name"})
    many = ours.api.post("composite/sobjects/Account", {"ids": [account], "fields": ["Name"]})

    assert one.json() == many.json() == [None]


def test_collections_change_nothing_of_the_other_org(ours, theirs, account, secret):
    own = ours.api.create("Account", Name=unique())
    records = [
        {"attributes": {"type": "Account"}, "id": each, "Site": "changed"}
        for each in (own, account)
    ]

    updated = ours.api.patch("composite/sobjects", {"records": records}).json()
    deleted = ours.api.delete("composite/sobjects", params={"ids": f"{own},{account}"}).json()

    for results in (updated, deleted):
        assert [result["success"] for result in results] == [True, False]
        assert results[1]["errors"][0]["statusCode"] in (
            "INVALID_CROSS_REFERENCE_KEY", "ENTITY_IS_DELETED", "NOT_FOUND",
        )  # fmt: skip
        assert secret not in json.dumps(results)
    unharmed(theirs, account, secret)


def test_composite_reaches_nothing_of_the_other_org(ours, theirs, account, secret):
    url = f"/services/data/v62.0/sobjects/Account/{account}"
    response = ours.api.post(
        "composite",
        {
            "compositeRequest": [
                {"method": "GET", "url": url, "referenceId": "read"},
                {"method": "PATCH", "url": url, "referenceId": "write", "body": {"Name": "x"}},
                {"method": "DELETE", "url": url, "referenceId": "gone"},
                {
                    "method": "GET",
                    "url": f"/services/data/v62.0/query?q=SELECT Id, Name FROM Account "
                    f"WHERE Name = '{secret}'",
                    "referenceId": "found",
                },
            ]
        },
    )

    parts = {part["referenceId"]: part for part in response.json()["compositeResponse"]}
    assert [parts[name]["httpStatusCode"] for name in ("read", "write", "gone")] == [404] * 3
    assert parts["found"]["body"]["totalSize"] == 0
    unharmed(theirs, account, secret)


def test_a_batch_reaches_nothing_of_the_other_org(ours, account, secret):
    response = ours.api.post(
        "composite/batch",
        {"batchRequests": [{"method": "GET", "url": f"v62.0/sobjects/Account/{account}"}]},
    )

    assert response.json()["results"][0]["statusCode"] == 404
    without_trace(response, secret)


def test_a_record_of_the_other_org_cannot_be_a_parent(ours, theirs, account, secret):
    [user] = theirs.api.query(
        f"SELECT Id FROM User WHERE Username = '{theirs.org.administrator.username}'"
    )
    for values in (
        {"AccountId": account},
        {"Account": {"Account_Reference__c": f"ref-{secret}"}},
        {"OwnerId": user["Id"]},
    ):
        response = ours.api.post("sobjects/Contact", {"LastName": unique(), **values})
        refusal(response, 400)
        without_trace(response, theirs.org.administrator.username)


def test_bulk_changes_nothing_of_the_other_org(ours, theirs, account, secret):
    job = ours.api.post("jobs/ingest", {"object": "Account", "operation": "update"}).json()["id"]
    path = f"jobs/ingest/{job}"
    upload = ours.api.put(
        f"{path}/batches", data=f"Id,Site\n{account},x\n", headers={"Content-Type": "text/csv"}
    )
    assert upload.status_code == 201
    ours.api.patch(path, {"state": "UploadComplete"})
    eventually("the job is done", lambda: ours.api.get(path).json()["state"] == "JobComplete")

    assert ours.api.get(path).json()["numberRecordsFailed"] == 1
    without_trace(ours.api.get(f"{path}/failedResults"), secret)
    unharmed(theirs, account, secret)


# By external id and by name


def test_an_external_id_is_unique_within_one_org_only(ours, theirs, account, secret):
    path = f"sobjects/Account/Account_Reference__c/ref-{secret}"
    refusal(ours.api.get(path), 404, "NOT_FOUND")
    refusal(ours.api.delete(path), 404, "NOT_FOUND")

    created = ours.api.patch(path, {"Name": "ours"})

    assert created.status_code == 201
    assert created.json()["id"] != account
    unharmed(theirs, account, secret)


def test_a_username_of_the_other_org_is_taken_and_tells_no_more(ours, theirs):
    [profile] = ours.api.query("SELECT Id FROM Profile WHERE Name = 'Standard User'")
    name = theirs.org.administrator.username

    response = ours.api.post(
        "sobjects/User",
        {
            "Username": name,
            "LastName": "Silva",
            "Email": "silva@example.org",
            "Alias": "s",
            "CommunityNickname": unique(),
            "ProfileId": profile["Id"],
        },  # fmt: skip
    )

    refusal(response, 400, "DUPLICATE_USERNAME")
    without_trace(response, theirs.id()[:15], theirs.org.label)
    assert ours.api.query(f"SELECT Id FROM User WHERE Username = '{name}'") == []


def test_the_users_and_the_org_are_only_ones_own(ours, theirs):
    usernames = {user["Username"] for user in ours.api.query("SELECT Username FROM User")}

    assert {user.username for user in ours.org.users} <= usernames
    assert not usernames & {user.username for user in theirs.org.users}
    assert len(ours.api.query("SELECT Id FROM Organization")) == 1
    assert ours.id() != theirs.id()


def test_a_password_of_the_other_org_cannot_be_set(server, ours, theirs):
    user = theirs.org.administrator
    [found] = theirs.api.query(f"SELECT Id FROM User WHERE Username = '{user.username}'")

    response = ours.api.post(
        f"sobjects/User/{found['Id']}/password", {"NewPassword": unique("Korrekt-7-")}
    )

    refusal(response, 404)
    refusal(ours.api.delete(f"sobjects/User/{found['Id']}/password"), 404)
    assert server.log_in(user)


def test_counts_and_changes_are_only_ones_own(ours, theirs, account):
    counts = ours.api.get("limits/recordCount", params={"sObjects": "Account"}).json()
    assert counts["sObjects"] == [{"name": "Account", "count": ours.api.count("Account")}]
    recent = ours.api.get("recent").json()
    assert account not in [record["Id"] for record in recent]


# By cursor, job and file


def test_a_cursor_of_the_other_org_is_none(ours, theirs):
    mark = unique()
    records = [{"attributes": {"type": "Account"}, "Name": mark} for _ in range(200)]
    for some in (records, records[:5]):
        theirs.api.post("composite/sobjects", {"records": some})
    page = theirs.api.ask(
        f"SELECT Id, Name FROM Account WHERE Name = '{mark}'",
        headers={"Sforce-Query-Options": "batchSize=200"},
    ).json()
    assert len(theirs.api.get(page["nextRecordsUrl"]).json()["records"]) == 5

    response = ours.api.get(page["nextRecordsUrl"])

    refusal(response, 400, "INVALID_QUERY_LOCATOR")
    without_trace(response, mark)


def test_a_cursor_of_another_user_is_none_either(server, ours):
    page = ours.api.ask("SELECT Id FROM Case").json()
    agent = server.api(ours.org.user("Support Agent"))

    refusal(agent.get(page["nextRecordsUrl"]), 400, "INVALID_QUERY_LOCATOR")


@pytest.mark.parametrize("kind", ["ingest", "query"])
def test_a_job_of_the_other_org_is_none(ours, theirs, kind, secret):
    body = {
        "ingest": {"object": "Account", "operation": "insert"},
        "query": {"operation": "query", "query": f"SELECT Id FROM Account WHERE Name = '{secret}'"},
    }[kind]
    job = theirs.api.post(f"jobs/{kind}", body).json()["id"]
    path = f"jobs/{kind}/{job}"

    answers = [
        ours.api.get(path),
        ours.api.patch(path, {"state": "Aborted"}),
        ours.api.get(f"{path}/results"),
        ours.api.get(f"{path}/successfulResults"),
        ours.api.put(f"{path}/batches", data="Name\nx\n", headers={"Content-Type": "text/csv"}),
        ours.api.delete(path),
    ]

    for answer in answers:
        assert answer.status_code in (400, 404, 405), answer.text
        without_trace(answer, secret)
    listed = ours.api.get(f"jobs/{kind}").json()["records"]
    assert job not in [entry["id"] for entry in listed]
    assert theirs.api.get(path).json()["state"] != "Aborted"


def test_a_file_of_the_other_org_cannot_be_fetched(ours, theirs, account, secret):
    attachment = theirs.api.create("Attachment", Name="plan.txt", ParentId=account, Body="Z2VoZWlt")
    assert theirs.api.get(f"sobjects/Attachment/{attachment}/Body").content == b"geheim"

    refusal(ours.api.get(f"sobjects/Attachment/{attachment}/Body"), 404)


# By token and client


def test_a_session_cannot_be_carried_into_the_other_org(server, ours, theirs):
    forged = theirs.api.token[:15] + ours.api.token[15:]

    refusal(API(server.plain_url, forged).get("limits"), 401, "INVALID_SESSION_ID")


def test_the_identity_of_a_user_of_the_other_org_is_not_told(ours, theirs):
    [user] = theirs.api.query(
        f"SELECT Id FROM User WHERE Username = '{theirs.org.administrator.username}'"
    )

    response = requests.get(
        ours.api.url(f"/id/{theirs.id()}/{user['Id']}"),
        headers={"Authorization": f"Bearer {ours.api.token}"},
        timeout=30,
    )

    assert response.status_code in (403, 404)
    without_trace(response, theirs.org.administrator.username)


def test_a_client_lets_no_user_of_the_other_org_in(server, ours, theirs):
    user = theirs.org.administrator

    response = server.token_request(
        grant_type="password",
        client_id=ours.org.client_id,
        client_secret=ours.org.client_secret,
        username=user.username,
        password=user.password + user.security_token,
    )

    assert response.status_code == 400
    assert "access_token" not in response.json()


def test_a_client_is_not_opened_by_the_secret_of_another(server, ours, theirs):
    response = server.token_request(
        grant_type="client_credentials",
        client_id=theirs.org.client_id,
        client_secret=ours.org.client_secret,
    )

    assert response.status_code == 400
    assert response.json()["error"] == "invalid_client"


def test_client_credentials_open_the_clients_own_org(server, ours, theirs):
    for side in (ours, theirs):
        token = server.token_request(
            grant_type="client_credentials",
            client_id=side.org.client_id,
            client_secret=side.org.client_secret,
        ).json()["access_token"]
        found = API(server.plain_url, token).query("SELECT Id FROM Organization")
        assert [record["Id"] for record in found] == [side.id()]


def test_a_login_scoped_to_the_other_org_is_refused(server, ours, theirs):
    user = ours.org.administrator

    response = server.soap_login(
        user.username, user.password + user.security_token, organization=theirs.id()
    )

    assert response.status_code == 500
    assert "INVALID_LOGIN" in response.text
    assert "<sessionId>" not in response.text


def test_what_one_org_uses_is_not_counted_for_the_other(ours, theirs):
    def used(side):
        info = side.api.get("limits").headers["Sforce-Limit-Info"]
        return int(info.removeprefix("api-usage=").split("/")[0])

    before = used(theirs)
    for _ in range(5):
        used(ours)
    assert used(theirs) == before + 1


# What is told


@pytest.mark.parametrize("path", ["limits", "sobjects", "recent", "", "jobs/ingest", "jobs/query"])
def test_no_answer_names_the_other_org(ours, theirs, path):
    response = ours.api.get(path)

    assert response.status_code == 200
    without_trace(
        response, theirs.id()[:15], theirs.org.administrator.username, theirs.org.client_id
    )


def test_nothing_is_left_of_the_ids_in_the_other_org(ours, theirs):
    """Ids of the two orgs do not even meet by chance."""
    mark = str(uuid.uuid4())
    mine = {ours.api.create("Account", Name=mark) for _ in range(3)}
    other = {theirs.api.create("Account", Name=mark) for _ in range(3)}

    assert not mine & other
    for record in other:
        refusal(ours.api.get(f"sobjects/Account/{record}"), 404)
