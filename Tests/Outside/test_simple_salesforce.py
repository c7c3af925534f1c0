"""The platform through simple-salesforce as it comes from PyPI, over HTTPS."""

import base64
import csv
import io
from datetime import datetime, timedelta, timezone
from urllib.parse import quote

import pytest
import requests
from simple_salesforce import Salesforce, SalesforceLogin
from simple_salesforce.bulk2 import ColumnDelimiter, Operation
from simple_salesforce.exceptions import (
    SalesforceAuthenticationFailed,
    SalesforceExpiredSession,
    SalesforceGeneralError,
    SalesforceMalformedRequest,
    SalesforceMoreThanOneRecord,
    SalesforceRefusedRequest,
    SalesforceResourceNotFound,
)
from wire import is_record_id, unique

FIELD_TYPES = {
    "id", "string", "boolean", "int", "double", "currency", "percent", "date", "datetime", "time",
    "textarea", "phone", "email", "url", "picklist", "multipicklist", "combobox", "reference",
    "base64", "encryptedstring", "address", "location", "anyType", "complexvalue", "long", "json",
}  # fmt: skip


@pytest.fixture
def sf(server, org):
    """The client with a session of the administrator."""
    token = server.api(org.administrator).token
    return Salesforce(session_id=token, instance_url=server.url)


@pytest.fixture
def agent_sf(server, org):
    token = server.api(org.user("Support Agent")).token
    return Salesforce(session_id=token, instance_url=server.url)


def username(sf):
    """Whose session it is."""
    return sf.oauth2("userinfo")["preferred_username"]


# Logging in


def test_soap_login_gives_a_session_and_the_host_to_use(server, org):
    user = org.administrator

    token, instance = SalesforceLogin(
        username=user.username,
        password=user.password,
        security_token=user.security_token,
        scratch_url=server.url,
    )

    assert instance == f"localhost:{server.tls_port}"
    assert username(Salesforce(session_id=token, instance=instance)) == user.username


def test_soap_login_by_the_domain_trick(server, org):
    user = org.administrator

    sf = Salesforce(
        username=user.username,
        password=user.password,
        security_token=user.security_token,
        domain=f"localhost:{server.tls_port}/services/Soap/u/59.0?x=",
    )

    assert username(sf) == user.username
    assert sf.sf_instance == f"localhost:{server.tls_port}"


def test_soap_login_without_a_token_by_the_organization(server, org):
    user = org.user("Support Manager")
    organization = server.api(user).query("SELECT Id FROM Organization")[0]["Id"]

    token, instance = SalesforceLogin(
        username=user.username,
        password=user.password,
        organizationId=organization,
        scratch_url=server.url,
    )

    assert username(Salesforce(session_id=token, instance=instance)) == user.username


def test_oauth_password_login_by_the_domain_trick(server, org):
    user = org.user("Support Agent")

    sf = Salesforce(
        username=user.username,
        password=user.password + user.security_token,
        consumer_key=org.client_id,
        consumer_secret=org.client_secret,
        domain=f"localhost:{server.tls_port}/services/oauth2/token?x=",
    )

    assert username(sf) == user.username


def test_client_credentials_login_by_the_domain_trick(server, org):
    sf = Salesforce(
        consumer_key=org.client_id,
        consumer_secret=org.client_secret,
        domain=f"localhost:{server.tls_port}/services/oauth2/token?x=",
    )

    assert username(sf) in [user.username for user in org.users]


def test_login_with_a_session_of_another_client(server, org):
    user = org.administrator
    token = server.api(user).token

    sf = Salesforce(session_id=token, instance_url=server.url)

    assert username(sf) == user.username


@pytest.mark.parametrize("wrong", ["username", "password", "token"])
def test_soap_login_refuses_alike_whatever_was_wrong(server, org, wrong):
    user = org.users[-1]
    name = unique() + user.username if wrong == "username" else user.username
    password = unique() if wrong == "password" else user.password
    token = unique() if wrong == "token" else user.security_token

    with pytest.raises(SalesforceAuthenticationFailed) as refused:
        SalesforceLogin(
            username=name, password=password, security_token=token, scratch_url=server.url
        )

    assert refused.value.code == "INVALID_LOGIN"
    assert "Invalid username, password, security token; or user locked out." in str(refused.value)


def test_oauth_login_refuses_a_wrong_password(server, org):
    with pytest.raises(SalesforceAuthenticationFailed) as refused:
        SalesforceLogin(
            username=org.users[-1].username,
            password=unique(),
            consumer_key=org.client_id,
            consumer_secret=org.client_secret,
            domain=f"localhost:{server.tls_port}/services/oauth2/token?x=",
        )

    assert refused.value.code == "invalid_grant"
    assert "authentication failure" in str(refused.value)


@pytest.mark.parametrize(
    ("key", "secret", "code"),
    [(True, False, "invalid_client"), (False, True, "invalid_client_id")],
    ids=["wrong-secret", "unknown-key"],
)
def test_oauth_login_refuses_a_wrong_client(server, org, key, secret, code):
    with pytest.raises(SalesforceAuthenticationFailed) as refused:
        Salesforce(
            consumer_key=org.client_id if key else unique(),
            consumer_secret=org.client_secret if secret else unique(),
            domain=f"localhost:{server.tls_port}/services/oauth2/token?x=",
        )

    assert refused.value.code == code


def test_the_client_logs_in_again_when_its_session_has_ended(server, org):
    user = org.user("Support Manager")
    sf = Salesforce(
        username=user.username,
        password=user.password,
        security_token=user.security_token,
        domain=f"localhost:{server.tls_port}/services/Soap/u/59.0?x=",
    )
    ended = sf.session_id
    revoked = requests.post(f"{server.url}/services/oauth2/revoke", {"token": ended}, timeout=30)
    assert revoked.status_code == 200

    assert sf.query("SELECT Id FROM Organization")["totalSize"] == 1

    assert sf.session_id != ended


# Records


def test_a_record_is_created_read_changed_and_deleted(sf):
    name = unique("Rathaus Köln ✓ ")

    created = sf.Account.create({"Name": name, "NumberOfEmployees": 12})
    account = sf.Account.get(created["id"])

    assert created["success"] is True and created["errors"] == []
    assert is_record_id(created["id"]) and created["id"].startswith("001")
    assert list(account)[0] == "attributes"
    assert account["attributes"] == {
        "type": "Account",
        "url": f"/services/data/v59.0/sobjects/Account/{created['id']}",
    }
    assert account["Name"] == name
    assert account["NumberOfEmployees"] == 12

    assert sf.Account.update(created["id"], {"Name": name + "!", "NumberOfEmployees": None}) == 204
    changed = sf.Account.get(created["id"])
    assert changed["Name"] == name + "!"
    assert changed["NumberOfEmployees"] is None

    assert sf.Account.delete(created["id"]) == 204
    with pytest.raises(SalesforceResourceNotFound) as gone:
        sf.Account.get(created["id"])
    assert gone.value.content[0]["errorCode"] in ("NOT_FOUND", "ENTITY_IS_DELETED")


def test_deleting_a_deleted_record_says_that_it_is_deleted(sf):
    account = sf.Account.create({"Name": unique()})["id"]
    sf.Account.delete(account)

    with pytest.raises(SalesforceResourceNotFound) as refused:
        sf.Account.delete(account)

    assert refused.value.status == 404
    assert refused.value.content[0]["errorCode"] == "ENTITY_IS_DELETED"


def test_values_of_every_kind_come_back_as_they_went_in(sf):
    values = {
        "Subject": "Straßenlaterne aus — \"ganz\" dunkel \\ 'hier' 🌙",
        "Description": "Zeile 1\nZeile 2\r\nZeile 3\tmit Tabulator",
        "Priority": "High",
        "SuppliedEmail": "ana.silva@example.org",
        "Department__c": "Streets",
        "Service_Type__c": "Street light",
        "Tags__c": "Safety hazard;Repeat report",
        "Location__c": {"latitude": 53.5511, "longitude": 9.9937},
        "Estimated_Cost__c": 1234.5,
        "Hours_Spent__c": 1.25,
        "IsEscalated": True,
        "External_Reference__c": unique("EXT/ä b?"),
    }
    sent = dict(values)
    location = sent.pop("Location__c")
    sent["Location__Latitude__s"] = location["latitude"]
    sent["Location__Longitude__s"] = location["longitude"]

    case = sf.Case.get(sf.Case.create(sent)["id"])

    for field, value in values.items():
        assert case[field] == value, field
    assert isinstance(case["CaseNumber"], str) and case["CaseNumber"].isdigit()
    assert case["IsClosed"] is False
    assert case["Status"] == "New"
    assert datetime.strptime(case["CreatedDate"], "%Y-%m-%dT%H:%M:%S.%f%z").year >= 2024
    assert case["CreatedDate"].endswith("+0000")


def test_dates_and_times_come_back_in_universal_time(sf):
    contact = sf.Contact.create({"LastName": unique(), "Birthdate": "1970-02-28"})["id"]
    event = sf.Event.create(
        {
            "Subject": unique(),
            "StartDateTime": "2026-03-29T02:30:00+02:00",
            "EndDateTime": "2026-03-29T03:15:00+02:00",
        }
    )["id"]

    assert sf.Contact.get(contact)["Birthdate"] == "1970-02-28"
    assert sf.Event.get(event)["StartDateTime"] == "2026-03-29T00:30:00.000+0000"


def test_an_upsert_creates_and_then_changes(sf):
    reference = unique("ref-")

    created = sf.Contact.upsert(
        f"Contact_Reference__c/{reference}", {"LastName": "Silva"}, raw_response=True
    )
    changed = sf.Contact.upsert(
        f"Contact_Reference__c/{reference}", {"LastName": "Sousa"}, raw_response=True
    )

    assert created.status_code == 201
    assert created.json() == {
        "id": created.json()["id"], "success": True, "errors": [], "created": True,
    }  # fmt: skip
    assert changed.status_code == 200
    assert changed.json()["created"] is False
    assert changed.json()["id"] == created.json()["id"]
    found = sf.Contact.get_by_custom_id("Contact_Reference__c", reference)
    assert (found["Id"], found["LastName"]) == (created.json()["id"], "Sousa")


def test_an_external_id_may_hold_any_letters(sf):
    reference = unique("a/b ü%+?#&'")
    contact = sf.Contact.create({"LastName": "Silva", "Contact_Reference__c": reference})["id"]

    # Not by get_by_custom_id, which writes blanks as plus signs: in a path those are themselves.
    found = sf.Contact.get(f"Contact_Reference__c/{quote(reference, safe='')}")

    assert found["Id"] == contact


def test_files_are_uploaded_and_downloaded(sf, tmp_path):
    account = sf.Account.create({"Name": unique()})["id"]
    content = bytes(range(256)) * 40
    file = tmp_path / "plan.bin"
    file.write_bytes(content)
    attachment = sf.Attachment.create(
        {
            "Name": "plan.bin",
            "ParentId": account,
            "ContentType": "application/octet-stream",
            "Body": base64.b64encode(b"first").decode(),
        }
    )["id"]
    assert sf.Attachment.get_base64(attachment) == b"first"

    sf.Attachment.update_base64(attachment, str(file))

    assert sf.Attachment.get_base64(attachment) == content
    record = sf.Attachment.get(attachment)
    assert record["BodyLength"] == len(content)
    assert record["Body"] == f"/services/data/v59.0/sobjects/Attachment/{attachment}/Body"


# Describing


def test_every_listed_object_answers_its_describe_and_a_query_of_all_its_fields(sf):
    listed = sf.describe()["sobjects"]
    names = [entry["name"] for entry in listed]
    assert len(names) == len(set(names))
    assert {"Account", "Case", "CaseComment", "Contact", "Group", "Task", "User"} <= set(names)

    for entry in listed:
        object_name = entry["name"]
        described = getattr(sf, object_name).describe()
        fields = described["fields"]
        assert described["name"] == object_name
        assert {field["type"] for field in fields} <= FIELD_TYPES, object_name
        assert all("compoundFieldName" in field for field in fields), object_name
        compounds = {field["compoundFieldName"] for field in fields}
        selected = [field["name"] for field in fields if field["name"] not in compounds]
        # What one user may do with some records is only answered when both are named.
        if entry["queryable"] and object_name != "UserRecordAccess":
            page = sf.query(f"SELECT {', '.join(selected)} FROM {object_name} LIMIT 20")
            for record in page["records"]:
                assert list(record) == ["attributes", *selected], object_name


def test_compound_fields_can_be_selected_too(sf):
    fields = sf.Contact.describe()["fields"]
    by_name = {field["name"]: field for field in fields}
    assert by_name["MailingAddress"]["type"] == "address"
    assert by_name["MailingCity"]["compoundFieldName"] == "MailingAddress"
    contact = sf.Contact.create(
        {
            "FirstName": "Ana",
            "LastName": unique(),
            "MailingCity": "Faro",
            "MailingPostalCode": "8000",
        }
    )["id"]

    found = sf.query(
        f"SELECT Name, MailingAddress, OtherAddress FROM Contact WHERE Id = '{contact}'"
    )

    record = found["records"][0]
    assert record["Name"].startswith("Ana ")
    assert record["MailingAddress"]["city"] == "Faro"
    assert record["MailingAddress"]["postalCode"] == "8000"
    assert record["OtherAddress"] is None


def test_metadata_has_the_object_in_brief_and_recent_records(sf):
    found = sf.Case.metadata()

    assert found["objectDescribe"]["name"] == "Case"
    assert found["objectDescribe"]["keyPrefix"] == "500"
    assert isinstance(found["recentItems"], list)


def test_the_layout_of_a_record_type(sf):
    types = sf.Case.describe()["recordTypeInfos"]
    complaint = next(info for info in types if info["developerName"] == "Complaint")

    layout = sf.Case.describe_layout(complaint["recordTypeId"])

    assert layout["detailLayoutSections"]


# Queries


def test_query_all_follows_every_page(sf):
    total = sf.query("SELECT COUNT() FROM Case")["totalSize"]
    assert total > 5_000

    first = sf.query("SELECT Id, Subject FROM Case")
    all_cases = sf.query_all("SELECT Id, Subject FROM Case")

    assert (first["totalSize"], first["done"], len(first["records"])) == (total, False, 2_000)
    assert all_cases["totalSize"] == total
    assert len({record["Id"] for record in all_cases["records"]}) == total


def test_query_all_iter_gives_the_same_records_in_the_same_order(sf):
    soql = "SELECT Id FROM Case ORDER BY CreatedDate, Id"

    lazily = [record["Id"] for record in sf.query_all_iter(soql)]

    assert lazily == [record["Id"] for record in sf.query_all(soql)["records"]]
    assert len(lazily) > 5_000


def test_query_more_takes_a_url_or_its_last_part(sf):
    first = sf.query("SELECT Id FROM Case ORDER BY Id")
    url = first["nextRecordsUrl"]

    by_url = sf.query_more(url, identifier_is_url=True)
    by_id = sf.query_more(url.rsplit("/", 1)[1])

    assert by_url["records"] == by_id["records"]
    assert by_url["records"][0]["Id"] > first["records"][-1]["Id"]


def test_deleted_records_are_found_only_when_asked_for(sf):
    account = sf.Account.create({"Name": unique()})["id"]
    sf.Account.delete(account)
    soql = f"SELECT Id, IsDeleted FROM Account WHERE Id = '{account}'"

    assert sf.query(soql)["totalSize"] == 0
    found = sf.query(soql, include_deleted=True)

    assert [record["IsDeleted"] for record in found["records"]] == [True]
    assert sf.query_all(soql, include_deleted=True)["totalSize"] == 1


def test_parents_and_children_of_a_record(sf):
    account = sf.Account.create({"Name": unique()})["id"]
    sf.Contact.create({"LastName": "Silva", "AccountId": account})
    sf.Contact.create({"LastName": "Abreu", "AccountId": account})

    parents = sf.query(
        f"SELECT Name, (SELECT LastName, Account.Name FROM Contacts ORDER BY LastName) "
        f"FROM Account WHERE Id = '{account}'"
    )
    children = sf.query(
        f"SELECT LastName, Account.Owner.Username FROM Contact WHERE AccountId = '{account}'"
    )

    contacts = parents["records"][0]["Contacts"]
    assert (contacts["totalSize"], contacts["done"]) == (2, True)
    assert [contact["LastName"] for contact in contacts["records"]] == ["Abreu", "Silva"]
    owner = children["records"][0]["Account"]["Owner"]
    assert owner["attributes"]["type"] == "User"
    assert owner["Username"] == username(sf)


def test_aggregates(sf):
    source = unique("src")
    for cost in (1.5, 2.5, None):
        sf.Case.create({"Subject": source, "Estimated_Cost__c": cost})

    found = sf.query(
        "SELECT Subject s, COUNT(Id), COUNT(Estimated_Cost__c), SUM(Estimated_Cost__c) total "
        f"FROM Case WHERE Subject = '{source}' GROUP BY Subject"
    )

    record = found["records"][0]
    assert record["attributes"] == {"type": "AggregateResult"}
    assert (record["s"], record["expr0"], record["expr1"], record["total"]) == (source, 3, 2, 4.0)


# Searching


def test_search_finds_a_word_and_returns_the_fields_asked_for(sf):
    word = unique("Suche")
    account = sf.Account.create({"Name": f"Amt {word} Nord"})["id"]

    found = sf.search(f"FIND {{{word}}} IN ALL FIELDS RETURNING Account(Id, Name)")

    assert [(record["Id"], record["Name"]) for record in found["searchRecords"]] == [
        (account, f"Amt {word} Nord")
    ]


def test_quick_search_looks_into_all_objects(sf):
    word = unique("Wort")
    account = sf.Account.create({"Name": word})["id"]
    contact = sf.Contact.create({"LastName": word})["id"]

    found = sf.quick_search(word)

    assert {record["Id"] for record in found["searchRecords"]} == {account, contact}
    assert {record["attributes"]["type"] for record in found["searchRecords"]} == {
        "Account", "Contact",
    }  # fmt: skip


# The org


def test_limits_and_the_usage_that_every_answer_tells(sf):
    limits = sf.limits()
    usage = sf.api_usage["api-usage"]

    assert limits["DailyApiRequests"]["Max"] == usage.total > 5_000
    assert 0 <= limits["DailyApiRequests"]["Remaining"] <= usage.total - usage.used + 1
    assert all(set(limit) >= {"Max", "Remaining"} for limit in limits.values())
    assert "DailyBulkApiBatches" in limits


def test_the_org_is_no_sandbox_or_says_so(sf):
    assert sf.is_sandbox() in (True, False)


def test_updated_and_deleted_records_of_a_period(sf):
    kept = sf.Account.create({"Name": unique()})["id"]
    gone = sf.Account.create({"Name": unique()})["id"]
    sf.Account.delete(gone)
    now = datetime.now(timezone.utc)
    start, end = now - timedelta(minutes=30), now + timedelta(minutes=2)

    updated = sf.Account.updated(start, end)
    deleted = sf.Account.deleted(start, end)

    assert kept in updated["ids"] and gone not in updated["ids"]
    assert gone in [record["id"] for record in deleted["deletedRecords"]]
    assert kept not in [record["id"] for record in deleted["deletedRecords"]]
    assert updated["latestDateCovered"].endswith("+0000")
    assert deleted["earliestDateAvailable"].endswith("+0000")


def test_a_password_is_set_and_then_opens_a_session(server, sf):
    profile = sf.query("SELECT Id FROM Profile WHERE Name = 'Standard User'")["records"][0]["Id"]
    name = unique("u") + "@example.org"
    user = sf.User.create(
        {
            "Username": name,
            "LastName": "Silva",
            "Email": "silva@example.org",
            "Alias": "silva",
            "CommunityNickname": name[:40],
            "ProfileId": profile,
        }  # fmt: skip
    )["id"]
    password = unique("Korrekt-Pferd-7 & <Batterie> ")

    assert sf.set_password(user, password) is None

    token, instance = SalesforceLogin(
        username=name,
        password=password,
        organizationId=sf.query("SELECT Id FROM Organization")["records"][0]["Id"],
        scratch_url=server.url,
    )
    assert username(Salesforce(session_id=token, instance=instance)) == name


def test_a_weak_password_is_refused(sf):
    own = sf.query(f"SELECT Id FROM User WHERE Username = '{username(sf)}'")["records"][0]["Id"]

    with pytest.raises((SalesforceMalformedRequest, SalesforceGeneralError)) as refused:
        sf.set_password(own, "1")

    assert "INVALID_NEW_PASSWORD" in str(refused.value.content)


# Several requests in one


def test_a_composite_request_whose_parts_refer_to_each_other(sf):
    name = unique()
    result = sf.restful(
        "composite",
        method="POST",
        json={
            "allOrNone": True,
            "compositeRequest": [
                {
                    "method": "POST",
                    "url": "/services/data/v59.0/sobjects/Account",
                    "referenceId": "newAccount",
                    "body": {"Name": name},
                },
                {
                    "method": "POST",
                    "url": "/services/data/v59.0/sobjects/Contact",
                    "referenceId": "newContact",
                    "body": {"LastName": "Silva", "AccountId": "@{newAccount.id}"},
                },
                {
                    "method": "GET",
                    "url": "/services/data/v59.0/query?q=SELECT Account.Name FROM Contact "
                    "WHERE Id = '@{newContact.id}'",
                    "referenceId": "found",
                },
            ],
        },
    )

    parts = result["compositeResponse"]
    assert [part["httpStatusCode"] for part in parts] == [201, 201, 200]
    assert parts[0]["httpHeaders"]["Location"].endswith(parts[0]["body"]["id"])
    assert parts[2]["body"]["records"][0]["Account"]["Name"] == name


def test_collections_create_update_read_and_delete(sf):
    mark = unique()
    created = sf.restful(
        "composite/sobjects",
        method="POST",
        json={
            "allOrNone": False,
            "records": [
                {"attributes": {"type": "Account"}, "Name": f"{mark} {number}"}
                for number in range(200)
            ],
        },
    )
    assert len(created) == 200 and all(result["success"] for result in created)
    ids = [result["id"] for result in created]

    changed = sf.restful(
        "composite/sobjects",
        method="PATCH",
        json={
            "records": [
                {"attributes": {"type": "Account"}, "id": record, "Site": mark} for record in ids
            ]
        },
    )
    assert [result["id"] for result in changed] == ids

    read = sf.restful(
        "composite/sobjects/Account", method="POST", json={"ids": ids, "fields": ["Name", "Site"]}
    )
    assert [record["Name"] for record in read] == [f"{mark} {number}" for number in range(200)]
    assert {record["Site"] for record in read} == {mark}

    deleted = sf.restful(
        "composite/sobjects", method="DELETE", params={"ids": ",".join(ids), "allOrNone": "true"}
    )
    assert [result["success"] for result in deleted] == [True] * 200
    assert sf.query(f"SELECT COUNT() FROM Account WHERE Site = '{mark}'")["totalSize"] == 0


def test_a_collection_saves_what_it_can_unless_told_otherwise(sf):
    mark = unique()
    records = [
        {"attributes": {"type": "Contact"}, "LastName": mark},
        {"attributes": {"type": "Contact"}, "FirstName": "without a last name"},
    ]

    partly = sf.restful("composite/sobjects", method="POST", json={"records": records})
    nothing = sf.restful(
        "composite/sobjects", method="POST", json={"allOrNone": True, "records": records}
    )

    assert [result["success"] for result in partly] == [True, False]
    assert partly[1]["errors"][0]["statusCode"] == "REQUIRED_FIELD_MISSING"
    assert partly[1]["errors"][0]["fields"] == ["LastName"]
    assert "id" not in partly[1]
    assert [result["errors"][0]["statusCode"] for result in nothing] == [
        "ALL_OR_NONE_OPERATION_ROLLED_BACK",
        "REQUIRED_FIELD_MISSING",
    ]
    assert sf.query(f"SELECT COUNT() FROM Contact WHERE LastName = '{mark}'")["totalSize"] == 1


def test_a_tree_of_records(sf):
    name = unique()
    result = sf.restful(
        "composite/tree/Account",
        method="POST",
        json={
            "records": [
                {
                    "attributes": {"type": "Account", "referenceId": "a"},
                    "Name": name,
                    "Contacts": {
                        "records": [
                            {
                                "attributes": {"type": "Contact", "referenceId": "c"},
                                "LastName": name,
                            }
                        ]
                    },
                }
            ]
        },
    )

    assert result["hasErrors"] is False
    assert [entry["referenceId"] for entry in result["results"]] == ["a", "c"]
    found = sf.query(f"SELECT Account.Name FROM Contact WHERE LastName = '{name}'")
    assert found["records"][0]["Account"]["Name"] == name


# Bulk 2.0


def test_bulk_inserts_changes_upserts_and_deletes(sf):
    mark = unique("bulk")
    rows = [
        {
            "LastName": f"{mark} {number}",
            "Contact_Reference__c": f"{mark}-{number}",
            "Description": 'a "quoted", two-line\ntext',
        }
        for number in range(450)
    ]

    inserted = sf.bulk2.Contact.insert(records=rows, wait=0)
    assert [(job["numberRecordsProcessed"], job["numberRecordsFailed"]) for job in inserted] == [
        (450, 0)
    ]
    found = sf.query_all(
        f"SELECT Id, Description FROM Contact WHERE LastName LIKE '{mark} %' ORDER BY Id"
    )["records"]
    assert len(found) == 450
    assert {record["Description"] for record in found} == {'a "quoted", two-line\ntext'}

    changed = sf.bulk2.Contact.update(
        records=[{"Id": record["Id"], "Title": mark} for record in found], wait=0
    )
    assert changed[0]["numberRecordsFailed"] == 0
    assert sf.query(f"SELECT COUNT() FROM Contact WHERE Title = '{mark}'")["totalSize"] == 450

    upserted = sf.bulk2.Contact.upsert(
        records=[
            {"Contact_Reference__c": f"{mark}-{number}", "LastName": f"{mark} again"}
            for number in range(440, 460)
        ],
        external_id_field="Contact_Reference__c",
        wait=0,
    )
    assert upserted[0]["numberRecordsFailed"] == 0
    assert (
        sf.query(f"SELECT COUNT() FROM Contact WHERE LastName = '{mark} again'")["totalSize"] == 20
    )
    created = [
        row["sf__Created"]
        for row in csv.DictReader(
            io.StringIO(sf.bulk2.Contact.get_successful_records(upserted[0]["job_id"]))
        )
    ]
    assert (created.count("true"), created.count("false")) == (10, 10)

    deleted = sf.bulk2.Contact.delete(records=[{"Id": record["Id"]} for record in found], wait=0)
    assert deleted[0]["numberRecordsFailed"] == 0
    assert sf.query(f"SELECT COUNT() FROM Contact WHERE LastName LIKE '{mark}%'")["totalSize"] == 10


def test_bulk_deletes_for_good(sf):
    mark = unique("bulk")
    records = [{"attributes": {"type": "Account"}, "Name": mark} for _ in range(3)]
    created = sf.restful("composite/sobjects", method="POST", json={"records": records})
    soql = f"SELECT COUNT() FROM Account WHERE Name = '{mark}'"

    jobs = sf.bulk2.Account.hard_delete(
        records=[{"Id": result["id"]} for result in created], wait=0
    )

    assert (jobs[0]["numberRecordsProcessed"], jobs[0]["numberRecordsFailed"]) == (3, 0)
    assert sf.query(soql, include_deleted=True)["totalSize"] == 0


def test_bulk_says_which_rows_failed_and_why(sf):
    mark = unique("bulk")
    jobs = sf.bulk2.Contact.insert(
        records=[
            {"LastName": mark, "Email": "ana@example.org"},
            {"LastName": mark, "Email": "no address"},
        ],
        wait=0,
    )
    job = jobs[0]["job_id"]

    succeeded = list(csv.DictReader(io.StringIO(sf.bulk2.Contact.get_successful_records(job))))
    failed = list(csv.DictReader(io.StringIO(sf.bulk2.Contact.get_failed_records(job))))
    rest = list(csv.DictReader(io.StringIO(sf.bulk2.Contact.get_unprocessed_records(job))))

    assert jobs[0]["numberRecordsFailed"] == 1
    assert [(is_record_id(row["sf__Id"]), row["sf__Created"]) for row in succeeded] == [
        (True, "true")
    ]
    assert failed[0]["sf__Error"].startswith("INVALID_EMAIL_ADDRESS:")
    assert (failed[0]["LastName"], failed[0]["Email"]) == (mark, "no address")
    assert rest == []


def test_bulk_query_gives_all_rows_page_by_page(sf):
    pages = list(
        sf.bulk2.Case.query("SELECT Id, Subject, CreatedDate FROM Case", max_records=2_000, wait=0)
    )

    rows = [row for page in pages for row in csv.DictReader(io.StringIO(page))]
    total = sf.query("SELECT COUNT() FROM Case")["totalSize"]
    assert len(pages) == (total + 1_999) // 2_000
    assert len({row["Id"] for row in rows}) == total
    assert set(rows[0]) == {"Id", "Subject", "CreatedDate"}
    assert rows[0]["CreatedDate"].endswith("Z")


def test_bulk_download_writes_the_rows_to_files(sf, tmp_path):
    results = list(
        sf.bulk2.Case.download(
            "SELECT Id, Subject FROM Case", path=str(tmp_path), max_records=5_000, wait=0
        )
    )

    total = sf.query("SELECT COUNT() FROM Case")["totalSize"]
    assert sum(result["number_of_records"] for result in results) == total
    rows = []
    for result in results:
        with open(result["file"], newline="") as file:
            rows += list(csv.DictReader(file))
    assert len({row["Id"] for row in rows}) == total


def test_bulk_speaks_other_delimiters(sf):
    mark = unique("bulk")
    jobs = sf.bulk2.Account.insert(
        records=[{"Name": mark, "Site": "a|b;c"}],
        column_delimiter=ColumnDelimiter.PIPE,
        wait=0,
    )
    assert jobs[0]["numberRecordsFailed"] == 0

    pages = list(
        sf.bulk2.Account.query(
            f"SELECT Name, Site FROM Account WHERE Name = '{mark}'",
            column_delimiter=ColumnDelimiter.TAB,
            wait=0,
        )
    )

    rows = list(csv.DictReader(io.StringIO(pages[0]), delimiter="\t"))
    assert rows == [{"Name": mark, "Site": "a|b;c"}]


def test_bulk_jobs_can_be_aborted(sf):
    client = sf.bulk2.Account._client
    job = client.create_job(Operation.insert)["id"]

    aborted = client.abort_job(job, False)

    assert aborted["state"] == "Aborted"
    assert client.get_job(job, False)["state"] == "Aborted"


# Errors


def test_300_when_several_records_match(sf):
    address = unique("a") + "@example.org"
    ids = {sf.Contact.create({"LastName": unique(), "Email": address})["id"] for _ in range(2)}

    with pytest.raises(SalesforceMoreThanOneRecord) as refused:
        sf.Contact.get(f"Email/{address}")

    assert refused.value.status == 300
    assert {url.rsplit("/", 1)[1] for url in refused.value.content} == ids
    assert all(
        url.startswith("/services/data/v59.0/sobjects/Contact/") for url in refused.value.content
    )


def test_400_for_a_malformed_query(sf):
    with pytest.raises(SalesforceMalformedRequest) as refused:
        sf.query("SELECT Id FRM Account")

    assert refused.value.status == 400
    assert refused.value.content[0]["errorCode"] == "MALFORMED_QUERY"


def test_400_for_a_missing_field_names_the_field(sf):
    with pytest.raises(SalesforceMalformedRequest) as refused:
        sf.Contact.create({"FirstName": "Ana"})

    assert refused.value.content == [
        {
            "message": "Required fields are missing: [LastName]",
            "errorCode": "REQUIRED_FIELD_MISSING",
            "fields": ["LastName"],
        }
    ]


def test_401_for_a_session_that_is_none(server):
    sf = Salesforce(session_id="00D000000000001!AQEAQKnope", instance_url=server.url)

    with pytest.raises(SalesforceExpiredSession) as refused:
        sf.query("SELECT Id FROM Account")

    assert refused.value.status == 401
    assert refused.value.content[0]["errorCode"] == "INVALID_SESSION_ID"
    assert refused.value.content[0]["message"].startswith("Session expired or invalid")


def test_403_for_what_only_an_administrator_may(sf, agent_sf):
    administrator = sf.query(f"SELECT Id FROM User WHERE Username = '{username(sf)}'")["records"][0]

    with pytest.raises(SalesforceRefusedRequest) as refused:
        agent_sf.set_password(administrator["Id"], "Korrekt-Pferd-Batterie-7")

    assert refused.value.status == 403
    assert refused.value.content[0]["errorCode"] == "INSUFFICIENT_ACCESS"


def test_404_for_a_record_that_never_was(sf):
    with pytest.raises(SalesforceResourceNotFound) as refused:
        sf.Account.get("001000000000001AAA")

    assert refused.value.status == 404
    assert refused.value.content[0]["errorCode"] == "NOT_FOUND"


def test_another_error_for_a_method_that_is_not_allowed(sf):
    with pytest.raises(SalesforceGeneralError) as refused:
        sf.restful("limits", method="PUT")

    assert refused.value.status == 405
    assert refused.value.content[0]["errorCode"] == "METHOD_NOT_ALLOWED"


# Who sees what


def test_an_agent_sees_fewer_cases_than_the_administrator(sf, agent_sf):
    everything = sf.query("SELECT COUNT() FROM Case")["totalSize"]
    own = agent_sf.query("SELECT COUNT() FROM Case")["totalSize"]

    assert 0 < own < everything


def test_a_field_that_is_hidden_does_not_exist(agent_sf):
    described = {field["name"] for field in agent_sf.Contact.describe()["fields"]}
    assert "Birthdate" not in described and "LastName" in described

    with pytest.raises(SalesforceMalformedRequest) as hidden:
        agent_sf.query("SELECT Birthdate FROM Contact")
    with pytest.raises(SalesforceMalformedRequest) as missing:
        agent_sf.query("SELECT Birthdaty FROM Contact")

    def told(refused):
        return refused.value.content[0]["errorCode"], refused.value.content[0]["message"].replace(
            "Birthdaty", "Birthdate"
        )

    assert told(hidden) == told(missing)


def test_an_agent_may_not_delete_a_case(sf, agent_sf):
    case = agent_sf.Case.create({"Subject": unique()})["id"]

    with pytest.raises((SalesforceMalformedRequest, SalesforceRefusedRequest)) as refused:
        agent_sf.Case.delete(case)

    assert refused.value.content[0]["errorCode"].startswith("INSUFFICIENT_ACCESS")
    assert sf.Case.get(case)["IsDeleted"] is False
