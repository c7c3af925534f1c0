"""What breaks existing clients when it is missed, looked at without a client library.

The numbers are those of the list of invariants that clients depend on. Streaming (18) and the
older bulk API (6, 17) have no tests here yet.
"""

import base64
import gzip
import hashlib
import hmac
import json
import re
import time
from datetime import datetime, timedelta, timezone
from urllib.parse import quote, urlsplit

import pytest
import requests
from wire import (
    API,
    answer_on,
    connect,
    eventually,
    exchange,
    is_record_id,
    refusal,
    unique,
    xml_text,
)

VERSIONS = [f"v{number}.0" for number in range(20, 68)]
SOME_VERSIONS = ["v20.0", "v26.0", "v36.0", "v37.0", "v46.0", "v59.0", "v67.0"]


def strings_in(value):
    """Every text in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for member in value.values():
            yield from strings_in(member)
    elif isinstance(value, list):
        for member in value:
            yield from strings_in(member)


def versions_in(value):
    """Every version that a URL of the value names."""
    return {
        found
        for text in strings_in(value)
        for found in re.findall(r"/services/data/(v[^/]+)", text)
    }


# 1: versions


@pytest.mark.parametrize("version", VERSIONS)
def test_01_every_version_is_answered_and_echoed(api, version):
    api = api.at(version)

    resources = api.get("")
    records = api.ask("SELECT Id, Owner.Name FROM Case LIMIT 1")

    assert resources.status_code == 200
    assert {"query", "sobjects", "limits", "search", "recent"} <= set(resources.json())
    assert versions_in(resources.json()) == {version}
    assert records.status_code == 200
    assert versions_in(records.json()) == {version}


@pytest.mark.parametrize("version", SOME_VERSIONS)
def test_01_the_version_is_echoed_in_every_kind_of_answer(api, version):
    api = api.at(version)
    created = api.post("sobjects/Account", {"Name": unique()})
    account = created.json()["id"]

    assert created.headers["Location"] == f"/services/data/{version}/sobjects/Account/{account}"
    for path in (
        "sobjects",
        "sobjects/Case",
        "sobjects/Case/describe",
        f"sobjects/Account/{account}",
        "query?q=SELECT+Id+FROM+Case",
        "recent",
    ):
        answer = api.get(path)
        assert answer.status_code == 200, path
        assert versions_in(answer.json()) <= {version}, path


def test_01_the_list_of_versions_is_oldest_first_and_whole(api):
    versions = requests.get(api.url("/services/data"), timeout=30).json()

    assert [entry["version"] for entry in versions] == [name[1:] for name in VERSIONS]
    assert [entry["url"] for entry in versions] == [f"/services/data/{name}" for name in VERSIONS]
    assert all(entry["label"] for entry in versions)


@pytest.mark.parametrize("version", ["v19.0", "v68.0", "v59", "v59.1", "59.0", "v059.0", "vv.0"])
def test_01_other_versions_do_not_exist(api, version):
    refusal(api.at(version).get("limits"), 404, "NOT_FOUND")


# 2, 3: sessions


@pytest.mark.parametrize(
    ("header", "scheme"),
    [
        ("Authorization", "Bearer "),
        ("Authorization", "OAuth "),
        ("authorization", "bearer "),
        ("X-SFDC-Session", ""),
        ("x-sfdc-session", ""),
        ("X-Sfdc-Session", ""),
    ],
)
def test_02_one_session_in_whichever_header(api, header, scheme):
    answer = requests.get(api.url("limits"), headers={header: scheme + api.token}, timeout=30)

    assert answer.status_code == 200


def test_02_a_session_of_oauth_serves_soap_too(server, org):
    token = server.token_request(
        grant_type="password",
        client_id=org.client_id,
        client_secret=org.client_secret,
        username=org.administrator.username,
        password=org.administrator.password + org.administrator.security_token,
    ).json()["access_token"]
    envelope = f"""<Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/">
        <Header><SessionHeader xmlns="urn:partner.soap.sforce.com"><sessionId>{token}</sessionId>
        </SessionHeader></Header>
        <Body><logout xmlns="urn:partner.soap.sforce.com"/></Body></Envelope>"""
    assert API(server.plain_url, token).get("limits").status_code == 200

    ended = requests.post(
        f"{server.plain_url}/services/Soap/u/59.0",
        envelope,
        headers={"Content-Type": "text/xml"},
        timeout=30,
    )

    assert ended.status_code == 200, ended.text
    refusal(API(server.plain_url, token).get("limits"), 401, "INVALID_SESSION_ID")


def test_03_a_session_id_begins_with_the_org(server, org, api):
    organization = api.query("SELECT Id FROM Organization")[0]["Id"]
    oauth = server.token_request(
        grant_type="client_credentials", client_id=org.client_id, client_secret=org.client_secret
    ).json()["access_token"]

    for token in (api.token, oauth):
        assert re.fullmatch(r"00D[A-Za-z0-9]{12}![A-Za-z0-9._-]{20,}", token), token
        assert token[:15] == organization[:15]


# 4: usage


def test_04_every_answer_of_the_api_tells_the_usage(api):
    account = api.create("Account", Name=unique())
    answers = [
        api.get(""),
        api.get("limits"),
        api.get("sobjects"),
        api.get("sobjects/Account/describe"),
        api.ask("SELECT Id FROM Account LIMIT 1"),
        api.post("sobjects/Account", {"Name": unique()}),
        api.patch(f"sobjects/Account/{account}", {"Site": "x"}),
        api.delete(f"sobjects/Account/{account}"),
        api.post("composite", {"compositeRequest": []}),
        api.get(f"sobjects/Account/{account}"),
        api.ask("SELECT nonsense"),
        api.get("there/is/no/such/resource"),
        api.put("limits"),
        api.post("sobjects/Account", data="{", headers={"Content-Type": "application/json"}),
    ]

    used = []
    for answer in answers:
        info = answer.headers.get("Sforce-Limit-Info", "")
        found = re.fullmatch(r"api-usage=(\d+)/(\d+)", info)
        assert found, f"{info!r} with {answer.status_code} for {answer.request.url}"
        assert int(found[2]) > 5_000
        used.append(int(found[1]))
    assert used == sorted(used) and len(set(used)) == len(used)


# 5: errors


@pytest.mark.parametrize(
    ("method", "path", "options", "status", "code"),
    [
        ("GET", "query?q=SELECT+Id+FRM+Account", {}, 400, "MALFORMED_QUERY"),
        ("GET", "query?q=SELECT+Nope+FROM+Account", {}, 400, "INVALID_FIELD"),
        ("GET", "query?q=SELECT+Id+FROM+Nope", {}, 400, "INVALID_TYPE"),
        ("GET", "query?q=SELECT+Nope.Name+FROM+Account", {}, 400, "INVALID_FIELD"),
        ("GET", "query?q=SELECT+Name+FROM+Account+WHERE+Name=1", {}, 400, "INVALID_FIELD"),
        ("GET", "query?q=SELECT+Id+FROM+Case+OFFSET+2001", {}, 400, "NUMBER_OUTSIDE_VALID_RANGE"),
        (
            "GET",
            "query?q=SELECT+Id+FROM+Case+WHERE+Id='x'",
            {},
            400,
            "INVALID_QUERY_FILTER_OPERATOR",
        ),
        ("GET", "query", {}, 400, "MALFORMED_QUERY"),
        ("GET", "search?q=FIND", {}, 400, "MALFORMED_SEARCH"),
        ("GET", "sobjects/Nope/describe", {}, 404, "NOT_FOUND"),
        ("GET", "sobjects/Account/001000000000001AAA", {}, 404, "NOT_FOUND"),
        ("GET", "nope", {}, 404, "NOT_FOUND"),
        ("POST", "sobjects/Account", {"json": {}}, 400, "REQUIRED_FIELD_MISSING"),
        ("POST", "sobjects/Account", {"json": {"Name": "x", "Nope": 1}}, 400, "INVALID_FIELD"),
        ("POST", "sobjects/Account", {"json": {"Name": "x" * 256}}, 400, "STRING_TOO_LONG"),
        ("POST", "sobjects/Account", {"json": []}, 400, "JSON_PARSER_ERROR"),
        (
            "POST",
            "sobjects/Contact",
            {"json": {"LastName": "x", "Email": "x"}},
            400,
            "INVALID_EMAIL_ADDRESS",
        ),
        (
            "POST",
            "sobjects/Contact",
            {"json": {"LastName": "x", "AccountId": "x"}},
            400,
            "MALFORMED_ID",
        ),
        (
            "POST",
            "sobjects/Contact",
            {"json": {"LastName": "x", "AccountId": "001000000000001AAA"}},
            400,
            "INVALID_CROSS_REFERENCE_KEY",
        ),
        (
            "POST",
            "sobjects/Case",
            {"json": {"Department__c": "Nope"}},
            400,
            "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
        ),
        ("POST", "sobjects/Account", {"data": "{"}, 400, "JSON_PARSER_ERROR"),
        (
            "PATCH",
            "sobjects/Account/001000000000001AAA",
            {"json": {"Id": "x"}},
            400,
            "INVALID_FIELD",
        ),
        ("DELETE", "query", {}, 405, "METHOD_NOT_ALLOWED"),
        ("PATCH", "sobjects/Account/AccountNumber/1", {"json": {}}, 404, "NOT_FOUND"),
    ],
)
def test_05_a_refusal_is_an_array_of_errors(api, method, path, options, status, code):
    if "data" in options:
        options = {**options, "headers": {"Content-Type": "application/json"}}

    refusal(api.request(method, path, **options), status, code)


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "Bearer nonsense",
        "Bearer 00D000000000001!AQEAQnonsense",
        "OAuth 00D000000000001",
        "Bearer " + "x" * 5_000,
    ],
)
def test_05_a_dead_session_is_401(api, authorization):
    headers = {"Authorization": authorization} if authorization is not None else {}

    for path in ("limits", "sobjects", "query?q=SELECT+Id+FROM+Account", "composite"):
        answer = requests.get(api.url(path), headers=headers, timeout=30)
        error = refusal(answer, 401, "INVALID_SESSION_ID")
        assert error["message"].startswith("Session expired or invalid")


def test_05_a_session_that_has_been_revoked_is_dead_at_once(server, org):
    token = server.log_in(org.user("Support Agent"))
    assert API(server.plain_url, token).get("limits").status_code == 200

    revoked = requests.post(
        f"{server.plain_url}/services/oauth2/revoke", {"token": token}, timeout=30
    )

    assert (revoked.status_code, revoked.text) == (200, "")
    refusal(API(server.plain_url, token).get("limits"), 401, "INVALID_SESSION_ID")


# 7: the last page of a bulk query


def test_07_the_last_page_of_a_bulk_query_says_null(api):
    job = api.post("jobs/query", {"operation": "query", "query": "SELECT Id FROM Case"})
    assert job.status_code == 200, job.text
    path = f"jobs/query/{job.json()['id']}"
    eventually("the job is done", lambda: api.get(path).json()["state"] == "JobComplete", 60)
    total = api.count("Case")

    first = api.get(f"{path}/results", params={"maxRecords": 5_000})
    locator = first.headers["Sforce-Locator"]
    rest = api.get(f"{path}/results", params={"maxRecords": 5_000, "locator": locator})
    whole = api.get(f"{path}/results")

    assert first.headers["Content-Type"].split(";")[0] == "text/csv"
    assert first.headers["Sforce-NumberOfRecords"] == "5000"
    assert locator != "null"
    assert rest.headers["Sforce-Locator"] == "null"
    assert rest.headers["Sforce-NumberOfRecords"] == str(total - 5_000)
    assert whole.headers["Sforce-Locator"] == "null"
    assert len(whole.text.splitlines()) == total + 1


def test_07_a_bulk_query_without_rows_has_a_header_and_no_further_page(api):
    query = f"SELECT Id, Name FROM Account WHERE Name = '{unique()}'"
    job = api.post("jobs/query", {"operation": "query", "query": query}).json()
    path = f"jobs/query/{job['id']}"
    eventually("the job is done", lambda: api.get(path).json()["state"] == "JobComplete", 60)

    results = api.get(f"{path}/results")

    assert results.headers["Sforce-Locator"] == "null"
    assert results.headers["Sforce-NumberOfRecords"] == "0"
    assert results.text.strip() in ('"Id","Name"', "Id,Name")


# 8: login by SOAP


@pytest.mark.parametrize("version", ["20.0", "v29.0", "59.0", "67.0"])
def test_08_soap_elements_have_no_prefix_and_name_the_server(server, org, version):
    user = org.administrator

    answer = server.soap_login(user.username, user.password + user.security_token, version)

    assert answer.status_code == 200
    assert answer.headers["Content-Type"].replace(" ", "").lower() == "text/xml;charset=utf-8"
    number = version.lstrip("v")
    token = xml_text(answer.text, "sessionId")
    assert xml_text(answer.text, "serverUrl") == (
        f"{server.plain_url}/services/Soap/u/{number}/{token[:15]}"
    )
    assert xml_text(answer.text, "metadataServerUrl") == (
        f"{server.plain_url}/services/Soap/m/{number}/{token[:15]}"
    )
    assert is_record_id(xml_text(answer.text, "userId"))
    assert is_record_id(xml_text(answer.text, "organizationId"))
    assert xml_text(answer.text, "userName") == user.username
    assert int(xml_text(answer.text, "sessionSecondsValid")) > 60
    assert xml_text(answer.text, "passwordExpired") == "false"


def test_08_a_soap_fault_is_500_with_the_prefix_that_clients_look_for(server, org):
    answer = server.soap_login(unique() + "@example.org", "nonsense")

    assert answer.status_code == 500
    assert xml_text(answer.text, "faultcode") == "sf:INVALID_LOGIN"
    assert xml_text(answer.text, "faultstring") == (
        "INVALID_LOGIN: Invalid username, password, security token; or user locked out."
    )
    assert xml_text(answer.text, "sf:exceptionCode") == "INVALID_LOGIN"
    assert "urn:fault.partner.soap.sforce.com" in answer.text


def test_08_the_envelope_may_be_indented_and_the_password_escaped(server, org):
    user = org.administrator
    password = (user.password + user.security_token).replace("a", "&#97;")
    envelope = f"""

        <?xml version="1.0" encoding="utf-8" ?>
        <se:Envelope xmlns:se="http://schemas.xmlsoap.org/soap/envelope/">
          <se:Header/>
          <se:Body><login xmlns="urn:partner.soap.sforce.com">
            <username>{user.username}</username><password>{password}</password>
          </login></se:Body>
        </se:Envelope>
        """

    answer = requests.post(
        f"{server.plain_url}/SERVICES/soap/U/36.0/?x=.salesforce.com/services/Soap/u/36.0",
        envelope.encode(),
        headers={"Content-Type": "text/xml", "SOAPAction": '""'},
        timeout=60,
    )

    assert answer.status_code == 200, answer.text


# 9: login by OAuth


@pytest.mark.parametrize("grant", ["password", "client_credentials"])
def test_09_the_token_answer_is_signed_and_names_the_user(server, org, grant):
    form = {"grant_type": grant, "client_id": org.client_id, "client_secret": org.client_secret}
    if grant == "password":
        user = org.administrator
        form |= {"username": user.username, "password": user.password + user.security_token}
    before = int(time.time() * 1_000)

    response = requests.post(f"{server.url}/services/oauth2/token", form, timeout=60)
    answer = response.json()

    assert response.status_code == 200
    assert response.headers["Content-Type"].replace(" ", "") == "application/json;charset=UTF-8"
    assert answer["instance_url"] == server.url
    assert answer["token_type"] == "Bearer"
    assert isinstance(answer["issued_at"], str)
    assert before - 60_000 < int(answer["issued_at"]) < before + 60_000
    found = re.fullmatch(re.escape(server.url) + r"/id/(\w{18})/(\w{18})", answer["id"])
    assert found and is_record_id(found[1]) and is_record_id(found[2])
    signed = hmac.new(
        org.client_secret.encode(),
        (answer["id"] + answer["issued_at"]).encode(),
        hashlib.sha256,
    ).digest()
    assert answer["signature"] == base64.b64encode(signed).decode()


def test_09_the_identity_url_tells_who_it_is(server, org):
    answer = requests.post(
        f"{server.url}/services/oauth2/token",
        {
            "grant_type": "client_credentials",
            "client_id": org.client_id,
            "client_secret": org.client_secret,
        },
        timeout=60,
    ).json()
    token = answer["access_token"]

    by_header = requests.get(answer["id"], headers={"Authorization": f"OAuth {token}"}, timeout=30)
    by_query = requests.get(answer["id"], {"oauth_token": token, "format": "json"}, timeout=30)

    assert by_header.status_code == by_query.status_code == 200
    identity = by_header.json()
    assert identity == by_query.json()
    assert answer["id"].endswith(f"/{identity['organization_id']}/{identity['user_id']}")
    assert "{version}" in identity["urls"]["rest"]
    assert identity["username"] in [user.username for user in org.users]
    refused = requests.get(answer["id"], headers={"Authorization": "Bearer nonsense"}, timeout=30)
    assert (refused.status_code, refused.text) == (403, "Bad_OAuth_Token")
    missing = requests.get(answer["id"], timeout=30)
    assert (missing.status_code, missing.text) == (403, "Missing_OAuth_Token")


def test_09_client_credentials_by_basic_authentication(server, org):
    answer = requests.post(
        f"{server.plain_url}/services/oauth2/token",
        {"grant_type": "client_credentials"},
        auth=(org.client_id, org.client_secret),
        timeout=60,
    )

    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"grant_type": "magic"}, "unsupported_grant_type"),
        ({"grant_type": None}, "invalid_request"),
        ({"client_id": "nobody"}, "invalid_client_id"),
        ({"client_secret": "wrong"}, "invalid_client"),
        (
            {"grant_type": "password", "username": "nobody@example.org", "password": "x"},
            "invalid_grant",
        ),
        ({"grant_type": "refresh_token", "refresh_token": "x"}, "invalid_grant"),
        ({"grant_type": "authorization_code", "code": "x"}, "invalid_grant"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_09_oauth_refusals_have_their_own_form(server, org, changed, error):
    form = {
        "grant_type": "client_credentials",
        "client_id": org.client_id,
        "client_secret": org.client_secret,
    } | changed

    answer = server.token_request(**{name: value for name, value in form.items() if value})

    assert answer.status_code == 400
    # A client that may not use a grant at all is told that instead.
    assert answer.json()["error"] in (error, "unauthorized_client")
    assert answer.json()["error_description"]


# 10: what the domain trick leaves in the URL


def test_10_unknown_parameters_do_no_harm(server, org):
    token = requests.post(
        f"{server.plain_url}/services/oauth2/token?x=.salesforce.com/services/oauth2/token&y",
        {
            "grant_type": "client_credentials",
            "client_id": org.client_id,
            "client_secret": org.client_secret,
            "utm_source": "x",
        },
        timeout=60,
    )

    assert token.status_code == 200


def test_10_parameters_may_come_in_the_query_of_the_post(server, org):
    token = requests.post(
        f"{server.plain_url}/services/oauth2/token",
        params={
            "grant_type": "client_credentials",
            "client_id": org.client_id,
            "client_secret": org.client_secret,
        },
        timeout=60,
    )

    assert token.status_code == 200, token.text


# 11: paths


@pytest.mark.parametrize(
    "path",
    [
        "/services/data/v62.0",
        "limits",
        "sobjects",
        "sobjects/Case",
        "sobjects/Case/describe",
        "sobjects/Case/describe/layouts",
        "sobjects/Case/listviews",
        "recent",
        "tabs",
        "theme",
        "composite",
        "query?q=SELECT+Id+FROM+Case+LIMIT+1",
        "queryAll?q=SELECT+Id+FROM+Case+LIMIT+1",
        "search?q=FIND+{street}+RETURNING+Case",
        "jobs/ingest",
        "jobs/query",
    ],
)
def test_11_a_slash_at_the_end_and_letter_case_change_nothing(api, path):
    name, mark, query = path.partition("?")
    plain = api.get(path)
    assert plain.status_code == 200, plain.text

    for variant in (name + "/", name.upper(), name.lower() + "/"):
        answer = api.get(variant + mark + query)
        assert answer.status_code == 200, variant
        if name not in ("limits", "recent"):
            told, expected = answer.json(), plain.json()
            assert type(told) is type(expected), variant
            assert list(told) == list(expected) or isinstance(told, list), variant


def test_11_object_and_field_names_in_any_letter_case(api):
    account = api.create("aCCOUNT", nAME="Amt", sITE="Nord")

    record = api.get(f"sobjects/ACCOUNT/{account}", params={"fields": "name,SITE"}).json()
    [found] = api.query(f"select NAME, site from ACCOUNT where id = '{account}'")

    assert {"Name": "Amt", "Site": "Nord"}.items() <= record.items()
    assert {"Name": "Amt", "Site": "Nord"}.items() <= found.items()
    assert record["attributes"]["type"] == "Account"


def test_11_ids_of_15_and_of_18_characters_are_one(api):
    account = api.create("Account", Name=unique())

    assert api.read("Account", account[:15])["Id"] == account
    [found] = api.query(f"SELECT Id FROM Account WHERE Id = '{account[:15]}'")
    assert found["Id"] == account


# 12: transport


def head(api, method, target, *headers):
    lines = [
        f"{method} {target} HTTP/1.1",
        f"Host: {urlsplit(api.base).netloc}",
        f"Authorization: Bearer {api.token}",
        *headers,
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def test_12_a_chunked_body(server, api):
    name = unique()
    body = json.dumps({"Name": name}).encode()

    answer = exchange(
        server.port,
        head(
            api,
            "POST",
            "/services/data/v59.0/sobjects/Account",
            "Content-Type: application/json",
            "Transfer-Encoding: chunked",
        ),
        *(b"1\r\n" + body[at : at + 1] + b"\r\n" for at in range(len(body))),
        b"0\r\n\r\n",
    )

    assert answer.status == 201
    assert api.count("Account", f"WHERE Name = '{name}'") == 1


@pytest.mark.parametrize("is_chunked", [False, True])
def test_12_a_compressed_body(api, is_chunked):
    name = unique()
    body = gzip.compress(json.dumps({"Name": name}).encode())

    answer = api.post(
        "sobjects/Account",
        data=iter([body[:10], body[10:]]) if is_chunked else body,
        headers={"Content-Type": "application/json", "Content-Encoding": "gzip"},
    )

    assert answer.status_code == 201, answer.text
    assert api.count("Account", f"WHERE Name = '{name}'") == 1


def test_12_a_compressed_answer_only_for_those_who_ask(server, api):
    target = "/services/data/v59.0/sobjects/Case/describe"

    plain = exchange(server.port, head(api, "GET", target))
    packed = exchange(server.port, head(api, "GET", target, "Accept-Encoding: gzip"))

    assert plain.headers["Content-Encoding"] is None
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.body) < len(plain.body) / 3
    assert json.loads(gzip.decompress(packed.body)) == json.loads(plain.body)


def test_12_a_get_with_a_content_type(api):
    answer = api.get("limits", headers={"Content-Type": "application/json"})

    assert answer.status_code == 200


def test_12_an_absolute_target(server, api):
    name = unique()
    body = gzip.compress(json.dumps({"Name": name}).encode())

    answer = exchange(
        server.port,
        head(
            api,
            "POST",
            f"{api.base}/services/data/v59.0/sobjects/Account",
            "Content-Type: application/json",
            "Content-Encoding: gzip",
            f"Content-Length: {len(body)}",
        ),
        body,
    )

    assert answer.status == 201
    assert api.count("Account", f"WHERE Name = '{name}'") == 1


def test_12_several_requests_on_one_connection_and_then_a_close(server, api):
    with connect(server.port) as connection:
        for _ in range(3):
            connection.sendall(head(api, "GET", "/services/data/v59.0/limits"))
            answer = answer_on(connection)
            assert answer.status == 200
        connection.sendall(head(api, "GET", "/services/data/v59.0/limits", "Connection: close"))
        assert answer_on(connection).status == 200
        assert connection.recv(1) == b""


def test_12_a_client_that_waits_to_be_told_to_continue(server, api):
    body = json.dumps({"Name": unique()}).encode()

    with connect(server.port) as connection:
        connection.sendall(
            head(
                api,
                "POST",
                "/services/data/v59.0/sobjects/Account",
                "Content-Type: application/json",
                f"Content-Length: {len(body)}",
                "Expect: 100-continue",
            )
        )
        assert connection.recv(64).startswith(b"HTTP/1.1 100 ")
        connection.sendall(body)
        assert answer_on(connection).status == 201


def test_12_no_body_and_no_content_type_with_204(api):
    account = api.create("Account", Name=unique())

    answer = api.patch(f"sobjects/Account/{account}", {"Site": "x"})

    assert (answer.status_code, answer.content) == (204, b"")
    assert "Content-Type" not in answer.headers
    assert answer.headers["Date"]


def test_12_a_target_of_15500_characters_is_taken(api):
    soql = "SELECT Id FROM Account WHERE Name IN ('" + "x" * 200 + "'"
    while len(soql) < 15_300:
        soql += ",'" + unique("y" * 150) + "'"
    target = "query?q=" + quote(soql + ")", safe="(),'")

    assert len(target) > 15_400
    assert api.get(target).status_code == 200


# 13: children and empty parents


def test_13_no_children_are_null_and_so_is_an_empty_parent(api):
    account = api.create("Account", Name=unique())
    with_children = api.create("Account", Name=unique())
    contact = api.create("Contact", LastName=unique(), AccountId=with_children)
    alone = api.create("Contact", LastName=unique())

    accounts = api.query(
        "SELECT Id, (SELECT Id FROM Contacts) FROM Account "
        f"WHERE Id IN ('{account}', '{with_children}')"
    )
    [orphan] = api.query(
        f"SELECT Account.Name, Account.Owner.Name FROM Contact WHERE Id = '{alone}'"
    )

    children = {record["Id"]: record["Contacts"] for record in accounts}
    assert children[account] is None
    assert children[with_children]["totalSize"] == 1
    assert children[with_children]["done"] is True
    assert [record["Id"] for record in children[with_children]["records"]] == [contact]
    assert orphan["Account"] is None


# 14: pages


def test_14_the_link_to_the_next_page_ends_in_a_cursor_and_an_offset(api):
    first = api.ask("SELECT Id FROM Case ORDER BY Id").json()
    pages = [first]
    while not pages[-1]["done"]:
        pages.append(api.get(pages[-1]["nextRecordsUrl"]).json())

    for number, page in enumerate(pages[:-1], 1):
        found = re.fullmatch(
            r"/services/data/v62\.0/query/([A-Za-z0-9]{18})-(\d+)", page["nextRecordsUrl"]
        )
        assert found, page["nextRecordsUrl"]
        assert int(found[2]) == 2_000 * number
        assert len(page["records"]) == 2_000
        assert page["totalSize"] == first["totalSize"]
    assert pages[-1]["done"] is True
    assert "nextRecordsUrl" not in pages[-1]
    ids = [record["Id"] for page in pages for record in page["records"]]
    assert ids == sorted(set(ids)) and len(ids) == first["totalSize"]


def test_14_a_client_may_jump_to_any_offset_forwards_and_backwards(api):
    first = api.ask("SELECT Id FROM Case ORDER BY Id").json()
    ids = [record["Id"] for record in api.query("SELECT Id FROM Case ORDER BY Id")]
    cursor = first["nextRecordsUrl"].rsplit("-", 1)[0]

    for offset in (5_000, 3, 2_000, 4_999, 0):
        page = api.get(f"{cursor}-{offset}").json()
        found = [record["Id"] for record in page["records"]]
        assert found == ids[offset : offset + 2_000], offset
        assert page["done"] == (offset + 2_000 >= len(ids)), offset


def test_14_a_page_stays_as_it_was_when_records_come_and_go(api):
    mark = unique()
    accounts = [
        {"attributes": {"type": "Account"}, "Name": f"{number:04}", "Site": mark}
        for number in range(250)
    ]
    created = api.post("composite/sobjects", {"records": accounts[:200]}).json()
    created += api.post("composite/sobjects", {"records": accounts[200:]}).json()
    soql = f"SELECT Name FROM Account WHERE Site = '{mark}' ORDER BY Name"
    first = api.ask(soql, headers={"Sforce-Query-Options": "batchSize=200"}).json()
    api.create("Account", Name="0000", Site=mark)
    api.delete(f"sobjects/Account/{created[210]['id']}")

    second = api.get(
        first["nextRecordsUrl"], headers={"Sforce-Query-Options": "batchSize=200"}
    ).json()

    assert [record["Name"] for record in first["records"]] == [f"{n:04}" for n in range(200)]
    names = [record["Name"] for record in second["records"]]
    # The deleted record may be missing; nothing is given twice and nothing is passed over.
    assert [name for name in names if name != "0210"] == [
        f"{n:04}" for n in range(200, 250) if n != 210
    ]


@pytest.mark.parametrize(
    ("option", "size"),
    [
        ("batchSize=200", 200),
        ("batchSize = 500", 500),
        ("batchSize=1", 200),
        ("batchSize=9999", 2_000),
    ],
)
def test_14_the_page_size_is_what_the_client_asks_for_within_bounds(api, option, size):
    headers = {"Sforce-Query-Options": option}

    first = api.ask("SELECT Id FROM Case", headers=headers).json()
    second = api.get(first["nextRecordsUrl"], headers=headers).json()

    assert len(first["records"]) == len(second["records"]) == size


@pytest.mark.parametrize(
    "locator", ["0r8000000000001AAA-2000", "nonsense", "nonsense-1", "-5", "0r8000000000001AAA-x"]
)
def test_14_a_cursor_that_is_none_is_refused(api, locator):
    refusal(api.get(f"query/{locator}"), 400, "INVALID_QUERY_LOCATOR")


def test_14_pages_of_query_all_link_to_query_all(api):
    first = api.get("queryAll", params={"q": "SELECT Id FROM Case"}).json()

    assert "/queryAll/" in first["nextRecordsUrl"]


# 15: described objects can be queried: in test_simple_salesforce.py


# 16: input


@pytest.mark.parametrize(
    ("field", "sent", "kept"),
    [
        ("NumberOfEmployees", "3", 3),
        ("NumberOfEmployees", 3, 3),
        ("NumberOfEmployees", 3.0, 3),
        ("NumberOfEmployees", "", None),
        ("AnnualRevenue", "1000000", 1_000_000),
        ("Description", "", None),
        ("Description", None, None),
        ("Site", "Nord", "Nord"),
    ],
)
def test_16_values_of_accounts_are_taken_in_several_forms(api, field, sent, kept):
    account = api.create("Account", **{"Name": unique(), field: sent})

    assert api.read("Account", account)[field] == kept


@pytest.mark.parametrize(
    ("field", "sent", "kept"),
    [
        ("IsEscalated", "true", True),
        ("IsEscalated", "false", False),
        ("IsEscalated", True, True),
        ("Hours_Spent__c", "1.25", 1.25),
        ("Estimated_Cost__c", "100", 100.0),
        ("Tags__c", "Repeat report;Safety hazard", "Safety hazard;Repeat report"),
    ],
)
def test_16_values_of_cases_are_taken_in_several_forms(api, field, sent, kept):
    case = api.create("Case", **{"Subject": unique(), field: sent})

    assert api.read("Case", case)[field] == kept


@pytest.mark.parametrize(
    "sent",
    [
        "2026-07-01T10:30:00Z",
        "2026-07-01T10:30:00.000Z",
        "2026-07-01T10:30:00.000000Z",
        "2026-07-01T12:30:00+02:00",
        "2026-07-01T12:30:00.000+0200",
        "2026-07-01T05:30:00-0500",
    ],
)
def test_16_a_datetime_with_any_offset(api, sent):
    event = api.create(
        "Event", Subject=unique(), StartDateTime=sent, EndDateTime="2026-07-01T11:00:00Z"
    )

    assert api.read("Event", event)["StartDateTime"] == "2026-07-01T10:30:00.000+0000"


@pytest.mark.parametrize(
    ("object_name", "field", "sent"),
    [
        ("Account", "NumberOfEmployees", "three"),
        ("Account", "NumberOfEmployees", {"a": 1}),
        ("Account", "NumberOfEmployees", [1]),
        ("Account", "NumberOfEmployees", 10**30),
        ("Contact", "Birthdate", "2026-02-30"),
        ("Contact", "Birthdate", "yesterday"),
        ("Contact", "Birthdate", 5),
        ("Contact", "DoNotCall", "perhaps"),
        ("Event", "StartDateTime", "2026-07-01 at noon"),
    ],
)
def test_16_a_value_of_the_wrong_kind_is_refused(api, object_name, field, sent):
    required = {"Account": "Name", "Contact": "LastName", "Event": "Subject"}[object_name]

    answer = api.post(f"sobjects/{object_name}", {required: unique(), field: sent})

    error = refusal(answer, 400)
    assert error["errorCode"] in (
        "JSON_PARSER_ERROR", "INVALID_TYPE_ON_FIELD_IN_RECORD", "NUMBER_OUTSIDE_VALID_RANGE",
    )  # fmt: skip


@pytest.mark.parametrize("value", [None, False, "false"])
def test_16_all_or_none_may_be_null(api, value):
    mark = unique()

    answer = api.post(
        "composite/sobjects",
        {
            "allOrNone": value,
            "records": [
                {"attributes": {"type": "Contact"}, "LastName": mark},
                {"attributes": {"type": "Contact"}},
            ],
        },
    )

    assert answer.status_code == 200, answer.text
    assert [result["success"] for result in answer.json()] == [True, False]
    assert api.count("Contact", f"WHERE LastName = '{mark}'") == 1


def test_16_a_parent_may_be_named_by_an_external_id(api):
    reference = unique("ref-")
    account = api.create("Account", Name=unique(), Account_Reference__c=reference)

    contact = api.create("Contact", LastName=unique(), Account={"Account_Reference__c": reference})

    assert api.read("Contact", contact)["AccountId"] == account


# 19: composite


def test_19_references_do_not_depend_on_letter_case(api):
    answer = api.post(
        "composite",
        {
            "compositeRequest": [
                {
                    "method": "POST",
                    "url": "/services/data/v62.0/sobjects/Account",
                    "referenceId": "NewAccount",
                    "body": {"Name": unique()},
                },
                {
                    "method": "GET",
                    "url": "/services/data/v62.0/sobjects/Account/@{newaccount.ID}?fields=Name",
                    "referenceId": "read",
                },
            ]
        },
    )

    assert answer.status_code == 200
    parts = answer.json()["compositeResponse"]
    assert [part["httpStatusCode"] for part in parts] == [201, 200]
    assert [part["referenceId"] for part in parts] == ["NewAccount", "read"]


def test_19_a_composite_answer_is_200_whatever_its_parts_are(api):
    mark = unique()
    answer = api.post(
        "composite",
        {
            "allOrNone": False,
            "compositeRequest": [
                {
                    "method": "POST",
                    "url": "/services/data/v62.0/sobjects/Contact",
                    "referenceId": "bad",
                    "body": {"FirstName": "Ana"},
                },
                {
                    "method": "GET",
                    "url": "/services/data/v62.0/sobjects/Contact/@{bad.id}",
                    "referenceId": "dependent",
                },
                {
                    "method": "POST",
                    "url": "/services/data/v62.0/sobjects/Contact",
                    "referenceId": "good",
                    "body": {"LastName": mark},
                },
                {
                    "method": "PATCH",
                    "url": "/services/data/v62.0/sobjects/Contact/@{good.id}",
                    "referenceId": "change",
                    "body": {"Title": "Clerk"},
                },
            ],
        },
    )

    assert answer.status_code == 200
    parts = {part["referenceId"]: part for part in answer.json()["compositeResponse"]}
    assert parts["bad"]["httpStatusCode"] == 400
    assert parts["bad"]["body"][0]["errorCode"] == "REQUIRED_FIELD_MISSING"
    assert parts["dependent"]["httpStatusCode"] == 400
    assert parts["dependent"]["body"][0]["errorCode"] == "PROCESSING_HALTED"
    assert parts["good"]["httpStatusCode"] == 201
    assert (parts["change"]["httpStatusCode"], parts["change"]["body"]) == (204, None)
    assert api.count("Contact", f"WHERE LastName = '{mark}' AND Title = 'Clerk'") == 1


def test_19_all_or_none_takes_everything_back(api):
    mark = unique()
    parts = api.post(
        "composite",
        {
            "allOrNone": True,
            "compositeRequest": [
                {
                    "method": "POST",
                    "url": "/services/data/v62.0/sobjects/Contact",
                    "referenceId": f"part{number}",
                    "body": body,
                }
                for number, body in enumerate([{"LastName": mark}, {}, {"LastName": mark}])
            ],
        },
    ).json()["compositeResponse"]

    assert [part["httpStatusCode"] for part in parts] == [400, 400, 400]
    assert [part["body"][0]["errorCode"] for part in parts] == [
        "PROCESSING_HALTED", "REQUIRED_FIELD_MISSING", "PROCESSING_HALTED",
    ]  # fmt: skip
    assert api.count("Contact", f"WHERE LastName = '{mark}'") == 0


def test_19_a_batch_goes_on_after_a_failure_unless_told_to_halt(api):
    requests_of_batch = [
        {"method": "GET", "url": "v62.0/limits"},
        {"method": "GET", "url": "v62.0/sobjects/Nope/describe"},
        {"method": "GET", "url": "/services/data/v62.0/sobjects/Account/describe"},
    ]

    going_on = api.post("composite/batch", {"batchRequests": requests_of_batch}).json()
    halting = api.post(
        "composite/batch", {"haltOnError": True, "batchRequests": requests_of_batch}
    ).json()

    assert [result["statusCode"] for result in going_on["results"]] == [200, 404, 200]
    assert [result["statusCode"] for result in halting["results"]] == [200, 404, 412]
    assert going_on["hasErrors"] is halting["hasErrors"] is True
    assert halting["results"][2]["result"][0]["errorCode"] == "BATCH_PROCESSING_HALTED"


# 20: what needs no session


def test_20_the_root_and_the_versions_answer_without_a_session(server):
    for base in (server.plain_url, server.url):
        assert requests.get(f"{base}/", timeout=30).status_code < 500
        for path in ("/services/data", "/services/data/", "/SERVICES/DATA"):
            answer = requests.get(base + path, timeout=30)
            assert answer.status_code == 200
            assert "json" in answer.headers["Content-Type"]


# Beside the twenty


def test_a_record_is_not_changed_behind_a_clients_back(api):
    account = api.create("Account", Name=unique())
    long_ago = "Sat, 01 Jan 2000 00:00:00 GMT"
    tomorrow = (datetime.now(timezone.utc) + timedelta(days=1)).strftime(
        "%a, %d %b %Y %H:%M:%S GMT"
    )

    refusal(
        api.patch(
            f"sobjects/Account/{account}", {"Site": "x"}, headers={"If-Unmodified-Since": long_ago}
        ),
        412,
    )
    assert api.read("Account", account)["Site"] is None
    assert (
        api.get(f"sobjects/Account/{account}", headers={"If-Modified-Since": tomorrow}).status_code
        == 304
    )
    changed = api.patch(
        f"sobjects/Account/{account}", {"Site": "x"}, headers={"If-Unmodified-Since": tomorrow}
    )
    assert changed.status_code == 204


def test_a_lost_update_is_refused_by_its_tag(api):
    account = api.create("Account", Name=unique("Tagged "))
    path = f"sobjects/Account/{account}"
    first = api.get(path)
    tag = first.headers["ETag"]
    assert api.get(path, headers={"If-None-Match": tag}).status_code == 304
    assert api.patch(path, {"Site": "one"}, headers={"If-Match": tag}).status_code == 204

    refusal(api.patch(path, {"Site": "two"}, headers={"If-Match": tag}), 412)
    refusal(api.delete(path, headers={"If-Match": f'W/{tag}, "nonsense"'}), 412)

    now = api.get(path)
    assert now.headers["ETag"] != tag
    assert now.json()["Site"] == "one"
    assert api.patch(path, {"Site": "three"}, headers={"If-Match": "*"}).status_code == 204


def test_a_duplicate_is_told_with_what_it_repeats(api):
    person = {"FirstName": unique("Jo"), "LastName": unique("Zimmer"), "Email": f"{unique('j')}@a.example"}
    first = api.create("Contact", **person)

    alert = {"Sforce-Duplicate-Rule-Header": "allowSave=false, includeRecordDetails=true"}
    refused = api.post("sobjects/Contact", person, headers=alert)
    assert refused.status_code == 400
    error = refused.json()[0]
    assert error["errorCode"] == "DUPLICATES_DETECTED"
    result = error["duplicateResult"]
    assert result["duplicateRuleEntityType"] == "Contact"
    assert result["allowSave"] is True
    match = result["matchResults"][0]
    assert (match["size"], match["success"], match["errors"]) == (1, True, [])
    record = match["matchRecords"][0]
    assert record["record"]["Id"] == first
    assert api.get(record["record"]["attributes"]["url"]).json()["Id"] == first
    assert {"name": "Email", "difference": "SAME"} in record["fieldDiffs"]

    several = api.post(
        "composite/sobjects",
        {"records": [{"attributes": {"type": "Contact"}, **person}]},
        headers=alert,
    ).json()
    assert several[0]["errors"][0]["statusCode"] == "DUPLICATES_DETECTED"
    assert several[0]["errors"][0]["duplicateResult"]["matchResults"]

    allowed = api.post(
        "sobjects/Contact", person, headers={"Sforce-Duplicate-Rule-Header": "allowSave=true"}
    )
    assert allowed.status_code == 201
    assert api.post("sobjects/Contact", person).status_code == 201


def test_records_that_are_one_are_merged_and_parted_again(api):
    name = unique("Twin ")
    master = api.create("Account", Name=name)
    twin = api.create("Account", Name=name, Site="Annex")
    contact = api.create("Contact", LastName="Weir", AccountId=twin)

    merged = api.post(
        "steward/merges", {"master": master, "merged": [twin], "values": {"Site": "Annex"}}
    ).json()
    assert merged["mergedRecordIds"] == [twin]
    assert contact in merged["updatedRelatedIds"]
    assert api.read("Contact", contact)["AccountId"] == master
    assert api.get(f"sobjects/Account/{twin}").status_code == 404
    journals = api.get("steward/merges", params={"record": master}).json()["journals"]
    assert journals == [merged["journal"]]

    undone = api.delete(f"steward/merges/{merged['journal']}").json()
    assert undone["restored"] == [twin]
    assert api.read("Contact", contact)["AccountId"] == twin
    assert api.read("Account", master)["Site"] is None


def test_a_manual_share_is_explained(api):
    account = api.create("Account", Name=unique("Shared "))
    user = api.get("/services/oauth2/userinfo").json()["user_id"]
    found = api.get("steward/explain/access", params={"record": account, "user": user}).json()
    assert found["level"] == "All"
    assert found["decisive"] in found["grants"]
    refusal(api.get("steward/explain/access", params={"record": "001"}), 400)


def test_the_stages_of_an_answer_are_told(api):
    answer = api.get("query", params={"q": "SELECT Id FROM Account LIMIT 1"})
    stages = [part.split(";")[0].strip() for part in answer.headers["Server-Timing"].split(",")]
    for stage in ["parse", "resolve", "authorize", "store", "render", "total"]:
        assert stage in stages, stages


def test_upserts_of_old_versions_answer_without_a_body(api):
    reference = unique("ref-")
    path = f"sobjects/Contact/Contact_Reference__c/{reference}"
    assert api.patch(path, {"LastName": "Silva"}).status_code == 201

    old = api.at("v45.0").patch(path, {"LastName": "Sousa"})
    new = api.at("v46.0").patch(path, {"LastName": "Abreu"})

    assert (old.status_code, old.content) == (204, b"")
    assert (new.status_code, new.json()["created"]) == (200, False)


def test_search_answers_with_a_bare_array_before_version_37(api):
    word = unique("Wort")
    account = api.create("Account", Name=word)
    params = {"q": f"FIND {{{word}}} RETURNING Account"}

    old = api.at("v36.0").get("search", params=params).json()
    new = api.at("v37.0").get("search", params=params).json()

    assert [record["Id"] for record in old] == [account]
    assert [record["Id"] for record in new["searchRecords"]] == [account]


def test_a_duplicate_value_names_the_record_that_has_it(api):
    reference = unique("ref-")
    first = api.create("Contact", LastName="Silva", Contact_Reference__c=reference)

    refused = api.post("sobjects/Contact", {"LastName": "Sousa", "Contact_Reference__c": reference})

    error = refusal(refused, 400, "DUPLICATE_VALUE")
    assert first[:15] in error["message"]
    assert "Contact_Reference__c" in error["message"]
