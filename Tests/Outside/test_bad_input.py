"""Whatever one sends: the server refuses it in words, stays up, and loses nothing."""

import base64
import gzip
import json
import resource
import socket
import threading
import time
from pathlib import Path
from urllib.parse import quote
from xml.sax.saxutils import escape

import pytest
import requests
from crowd import Crowd
from wire import (
    API,
    answer_on,
    answers_in,
    connect,
    eventually,
    exchange,
    refusal,
    unique,
    xml_text,
)

INJECTIONS = [
    "'",
    "\\",
    "\\'",
    '"',
    "' OR '1'='1",
    "' OR Name != '",
    "\\' OR Name != \\'",
    "x') OR (Name != '",
    "\\u0027 OR Name != \\u0027",
    "'; DROP TABLE Account; --",
    'Robert\'); DROP TABLE "Case";--',
    "x' UNION SELECT Id FROM User --",
    "*/ UNION SELECT * FROM sqlite_master --",
    "1; SELECT pg_sleep(10)",
    "%",
    "%' --",
    "_",
    "a\nb",
    "a\rb",
    "NULL",
    "Id, Username FROM User --",
    "../../../../../../etc/passwd",
    "..\\..\\platform.sqlite",
    "$(id)",
    "`id`",
    "{{7*7}}",
    "${jndi:ldap://127.0.0.1/x}",
    "<script>alert(1)</script>",
    "@{a.id}",
    '" OR "a" NEAR "b',
    "name:x*",
    "^x AND NOT (",
    "\u202eesrever",
    "\ufeff",
    "İ",
    "ß" * 100,
    "🌙" * 60,
]


@pytest.fixture
def mark():
    return unique()


@pytest.fixture(autouse=True)
def unharmed(server, org):
    """After each test the server answers, promptly, and has what it had before."""
    api = server.api(org.administrator)
    name = unique("marker ")
    marker = api.create("Account", Name=name, Site="here")
    cases = api.count("Case")
    yield
    assert server.process.poll() is None, f"the server has gone:\n{server.last_words()}"
    api = server.api(org.administrator)
    assert api.get("/services/data", timeout=20).status_code == 200
    record = api.read("Account", marker)
    assert (record["Name"], record["Site"], record["IsDeleted"]) == (name, "here", False)
    assert api.count("Case") == cases
    assert api.delete(f"sobjects/Account/{marker}").status_code == 204


def request_bytes(api, method, target, *headers, body=b""):
    lines = [
        f"{method} {target} HTTP/1.1",
        "Host: localhost",
        f"Authorization: Bearer {api.token}",
        *headers,
    ]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


def refused_in_words(answer, *statuses):
    """An answer that came over a bare connection and refuses with one of the statuses."""
    assert answer is not None, "the server closed the connection without a word"
    assert answer.status in statuses, (answer.status, answer.body[:500])


# Ids

WRONG_IDS = [
    "x",
    "0",
    "-1",
    "null",
    "0010000000000",
    "001000000000001A",
    "001000000000001AAAA",
    "001000000000001AAZ",
    "001-00000000001",
    "００１０００００００００００１",
    "500000000000001AAA",
    "zzz000000000001AAA",
    "001zzzzzzzzzzzzzzz",
    "000000000000000AAA",
    "001000000000001 OR",
    "../../User",
    "x" * 10_000,
    "'\"\\",
    "%00",
    "名前",
]


@pytest.mark.parametrize("wrong", WRONG_IDS, ids=lambda text: ascii(text[:20]))
def test_a_wrong_id_is_refused_wherever_it_stands(api, wrong):
    path = f"sobjects/Account/{quote(wrong, safe='')}"

    for answer in (
        api.get(path),
        api.patch(path, {"Site": "x"}),
        api.delete(path),
        api.get(f"sobjects/Account/Id/{quote(wrong, safe='')}"),
        api.get(f"sobjects/User/{quote(wrong, safe='')}/password"),
        api.get(f"sobjects/Attachment/{quote(wrong, safe='')}/Body"),
        api.post("sobjects/Contact", {"LastName": "x", "AccountId": wrong}),
        api.get(f"jobs/ingest/{quote(wrong, safe='')}"),
        api.get(f"jobs/query/{quote(wrong, safe='')}/results"),
        api.get(f"query/{quote(wrong, safe='')}"),
        api.get(f"sobjects/Account/listviews/{quote(wrong, safe='')}"),
    ):
        where = f"{answer.request.method} {answer.request.url[:200]}: {answer.text[:500]}"
        assert answer.status_code in (400, 404, 405, 414), where
        refusal(answer, answer.status_code)


@pytest.mark.parametrize("wrong", WRONG_IDS[:-3], ids=lambda text: ascii(text[:20]))
def test_a_wrong_id_in_a_collection_is_told_for_its_record(api, wrong, mark):
    own = api.create("Account", Name=mark)

    deleted = api.delete("composite/sobjects", params={"ids": f"{own},{wrong}"[:12_000]})

    assert deleted.status_code == 200, deleted.text
    assert [result["success"] for result in deleted.json()] == [True, False]


# Injection


@pytest.mark.parametrize("text", INJECTIONS, ids=lambda text: ascii(text[:24]))
def test_a_text_is_only_ever_a_text(api, text, mark):
    """Saved, found and given back as it is: nothing in it has a meaning."""
    account = api.create("Account", Name=mark, Site="x", AccountNumber=text[:40], Description=text)
    literal = text[:40].replace("\\", "\\\\").replace("'", "\\'")
    literal = literal.replace("\n", "\\n").replace("\r", "\\r")

    [found] = api.query(
        f"SELECT AccountNumber FROM Account WHERE Name = '{mark}' AND AccountNumber = '{literal}'"
    )

    assert api.read("Account", account)["Description"] == text
    assert found["AccountNumber"] == text[:40]
    pattern = literal.replace("%", "\\%").replace("_", "\\_")
    like = f"WHERE Name = '{mark}' AND AccountNumber LIKE '{pattern}'"
    assert api.count("Account", like) == 1


@pytest.mark.parametrize("text", INJECTIONS, ids=lambda text: ascii(text[:24]))
def test_an_injection_into_a_literal_opens_nothing(api, text):
    for soql in (
        f"SELECT Id FROM Account WHERE Name = '{text}'",
        f"SELECT Id FROM Account WHERE Name IN ('x', '{text}')",
        f"SELECT Id FROM Account WHERE Id = '{text}'",
        f"SELECT Id FROM Account WHERE CreatedDate > {text}",
        f"SELECT Id FROM Account WHERE NumberOfEmployees = {text}",
        f"SELECT Id FROM Account WHERE Name = 'x' LIMIT {text}",
        f"SELECT COUNT(Id) FROM Account WHERE Name = 'x' GROUP BY Name HAVING COUNT(Id) > {text}",
    ):
        answer = api.ask(soql)
        if answer.status_code != 200:
            refusal(answer, 400)
        elif "Name !=" not in text and text != "NULL":
            # What is a condition within the query is the client's own mistake, and its own rows.
            assert answer.json()["totalSize"] == 0, soql


@pytest.mark.parametrize("text", INJECTIONS, ids=lambda text: ascii(text[:24]))
def test_an_injection_into_a_name_is_no_name(api, text):
    path = quote(text, safe="")
    for answer in (
        api.ask(f"SELECT {text} FROM Account"),
        api.ask(f"SELECT Id FROM {text}"),
        api.ask(f"SELECT Id FROM Account WHERE {text} = 'x'"),
        api.ask(f"SELECT Id FROM Account ORDER BY {text}"),
        api.ask(f"SELECT COUNT(Id) FROM Account GROUP BY {text}"),
        api.ask(f"SELECT Id, (SELECT Id FROM {text}) FROM Account"),
        api.ask(f"SELECT {text}.Name FROM Account"),
        api.get(f"sobjects/{path}/describe"),
        api.post(f"sobjects/{path}", {"Name": "x"}),
        api.get(f"sobjects/Account/{path}/x"),
        api.patch(f"sobjects/Account/{path}/x", {"Name": "x"}),
        api.get("sobjects/Account/001000000000001AAA", params={"fields": text}),
        api.post("sobjects/Account", {"Name": "x", text: "x"}),
        api.post("sobjects/Contact", {"LastName": "x", "Account": {text: "x"}}),
        api.get("composite/sobjects/Account", params={"ids": "001000000000001AAA", "fields": text}),
        api.post("composite/sobjects", {"records": [{"attributes": {"type": text}}]}),
        api.post("jobs/ingest", {"object": text, "operation": "insert"}),
        api.post("jobs/ingest", {"object": "Account", "operation": text}),
        api.post("jobs/query", {"operation": "query", "query": f"SELECT Id FROM {text}"}),
        api.get("parameterizedSearch", params={"q": "street", "sobject": text}),
        api.get("search/suggestions", params={"q": "street", "sobject": text}),
    ):
        where = f"{answer.request.method} {answer.request.url}"
        if answer.status_code == 200 and answer.request.url.endswith("composite/sobjects"):
            assert [result["success"] for result in answer.json()] == [False], where
        else:
            assert 400 <= answer.status_code < 500, f"{where}: {answer.text[:500]}"
            refusal(answer, answer.status_code)


@pytest.mark.parametrize("text", INJECTIONS, ids=lambda text: ascii(text[:24]))
def test_an_injection_into_a_search_is_a_word_or_refused(api, text):
    for answer in (
        api.get("search", params={"q": f"FIND {{{text}}} RETURNING Account(Id)"}),
        api.get("search", params={"q": f"FIND {{x}} RETURNING Account(Id WHERE Name = '{text}')"}),
        api.get("search", params={"q": f"FIND {{x}} RETURNING {text}"}),
        api.get("search", params={"q": text}),
        api.get("parameterizedSearch", params={"q": text, "sobject": "Account"}),
        api.get("search/suggestions", params={"q": text, "sobject": "Account"}),
    ):
        assert answer.status_code in (200, 400), f"{answer.request.url}: {answer.text[:500]}"


@pytest.mark.parametrize("text", INJECTIONS, ids=lambda text: ascii(text[:24]))
def test_an_injection_into_an_external_id_is_a_value(api, text, mark):
    value = (mark + text)[:64]
    path = f"sobjects/Account/Account_Reference__c/{quote(value, safe='')}"

    created = api.patch(path, {"Name": mark})
    if value != value.strip():
        assert created.status_code in (201, 400)
        return
    assert created.status_code == 201, created.text
    found = api.get(path)

    assert found.json()["Account_Reference__c"] == value
    assert api.delete(path).status_code == 204


@pytest.mark.parametrize(
    "header",
    [
        "Sforce-Query-Options",
        "Sforce-Call-Options",
        "Sforce-Auto-Assign",
        "Sforce-Duplicate-Rule-Header",
        "Sforce-Mru",
        "Accept",
        "Accept-Encoding",
        "Accept-Language",
        "If-Modified-Since",
        "If-Unmodified-Since",
        "If-None-Match",
        "X-PrettyPrint",
        "Range",
        "X-Forwarded-For",
        "Cookie",
        "Origin",
        "Upgrade",
    ],
)
def test_nonsense_in_a_header_does_no_harm(api, header):
    for value in (
        "nonsense",
        "-1",
        "batchSize=-1",
        "=;,=",
        "9" * 400,
        '"',
        "\x7f\x80".strip("\x7f"),
    ):
        answer = api.ask(
            "SELECT Id FROM Account LIMIT 1", headers={header: value.encode("latin-1")}
        )
        assert answer.status_code in (200, 400), (value, answer.text)


@pytest.mark.parametrize(
    "host", ['x"><script>', "evil.example\\", "a" * 300, "a b", "localhost:99999999", "x@y", ""]
)
def test_a_host_that_is_none_is_not_repeated(server, api, host):
    answer = exchange(
        server.port,
        f"GET /services/data/v62.0 HTTP/1.1\r\nHost: {host}\r\n"
        f"Authorization: Bearer {api.token}\r\n\r\n".encode(),
    )

    if answer is not None and answer.status == 200:
        identity = json.loads(answer.body)["identity"]
        assert not set('"<>\\ @') & set(identity), identity
        assert len(identity) < 400
    else:
        refused_in_words(answer, 400)


# JSON


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"{",
        b"{}}",
        b"[",
        b"nonsense",
        b"{'Name': 'x'}",
        b'{"Name": x}',
        b'{"Name": "x",}',
        b'{"Name": "x"} {"Name": "y"}',
        b'{"Name": "x\n"}',
        b'{"Name": "\xff\xfe"}',
        b'{"Name": "\xc3\x28"}',
        b'{"Name": "\xed\xa0\x80"}',
        b'{"Name": "\xf4\x90\x80\x80"}',
        b'{"Name": "\xc0\xaf"}',
        b'{"Name": "\\ud800"}',
        b'{"Name": "\\u12"}',
        b'{"Name": "\\x"}',
        b'{"Name": "unfinished',
        b'{"Name" "x"}',
        b'{"NumberOfEmployees": 1e}',
        b'{"NumberOfEmployees": 01}',
        b'{"NumberOfEmployees": NaN, "Name": "x"}',
        b'{"NumberOfEmployees": 1e999999999, "Name": "x"}',
        b'{"NumberOfEmployees": ' + b"9" * 100_000 + b', "Name": "x"}',
        '{"Name": "x"}'.encode("utf-16"),
        b'"Name"',
        b"null",
        b"1",
        b"true",
        b"[" * 100_000,
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":' * 100_000,
        b'{"Name":' + b"[" * 50_000 + b"]" * 50_000 + b"}",
        b'{"Name": {"Name": {"Name": "x"}}}',
        b'{"Name": ["x"]}',
        b'{"": "x", "Name": "x"}',
        b'{"Na\\u0000me": "x", "Name": "x"}',
    ],
    ids=lambda body: repr(body[:24]),
)
def test_a_body_that_is_no_record_is_refused(api, body):
    for path in ("sobjects/Account", "composite", "composite/sobjects", "jobs/ingest"):
        answer = api.post(path, data=body, headers={"Content-Type": "application/json"})
        refusal(answer, 400)


def test_a_zero_character_in_a_text_is_kept_or_refused(api, mark):
    answer = api.post("sobjects/Account", {"Name": mark, "Description": "a\u0000b"})

    if answer.status_code == 201:
        kept = api.read("Account", answer.json()["id"])["Description"]
        assert kept in ("a\u0000b", "ab"), kept
    else:
        refusal(answer, 400)


def test_a_name_that_occurs_twice_has_one_value_or_is_refused(api, mark):
    answer = api.post(
        "sobjects/Account",
        data=f'{{"Name": "{mark}", "Site": "a", "site": "b"}}',
        headers={"Content-Type": "application/json"},
    )

    if answer.status_code == 201:
        assert api.read("Account", answer.json()["id"])["Site"] in ("a", "b")
    else:
        refusal(answer, 400)


@pytest.mark.parametrize(
    ("object_name", "values"),
    [
        ("Account", {"Nope": "x"}),
        ("Account", {"Nope__c": "x"}),
        ("Account", {"Nope__r": {"Id": "x"}}),
        ("Account", {"Contacts": {"records": []}}),
        ("Account", {"Id": "001000000000001AAA"}),
        ("Account", {"CreatedDate": "2000-01-01T00:00:00Z"}),
        ("Account", {"IsDeleted": True}),
        ("Account", {"SystemModstamp": None}),
        ("Case", {"CaseNumber": "1"}),
        ("Case", {"IsClosed": True}),
        ("Contact", {"Name": "x"}),
        ("Contact", {"MailingAddress": {"city": "x"}}),
    ],
)
def test_a_field_that_is_not_there_or_not_to_be_written_is_refused(api, object_name, values):
    required = {"Account": {"Name": "x"}, "Contact": {"LastName": "x"}, "Case": {}}[object_name]

    answer = api.post(f"sobjects/{object_name}", {**required, **values})

    error = refusal(answer, 400)
    assert error["errorCode"] in ("INVALID_FIELD", "INVALID_FIELD_FOR_INSERT_UPDATE")


# SOQL


@pytest.mark.parametrize(
    "soql",
    [
        "SELECT",
        "SELECT Id FROM",
        "SELECT * FROM Account",
        "SELECT Id FROM Account; SELECT Id FROM User",
        "SELECT Id FROM Account WHERE",
        "SELECT Id FROM Account WHERE Name = 'unfinished",
        'SELECT Id FROM Account WHERE Name = "x"',
        "SELECT Id FROM Account WHERE Name = 'x' AND",
        "SELECT Id FROM Account WHERE Name = 'a' AND Name = 'b' OR Name = 'c'",
        "SELECT Id FROM Account LIMIT -1",
        "SELECT Id FROM Account LIMIT 99999999999999999999",
        "SELECT Id FROM Account WHERE NumberOfEmployees = 1e999999",
        "SELECT Id FROM Account WHERE CreatedDate = LAST_N_DAYS:99999999999999999999",
        "SELECT Id FROM Account WHERE CreatedDate > 99999-01-01T00:00:00Z",
        "SELECT Id, Id FROM Account",
        "SELECT FIELDS(ALL) FROM Account",
        "SELECT Name FROM Account GROUP BY Id",
        "SELECT Account.Account.Account.Account.Account.Account.Name FROM Contact",
        "SELECT Id FROM Case WHERE ContactId IN (SELECT Id FROM Contact WHERE AccountId IN "
        "(SELECT Id FROM Account WHERE Id IN (SELECT AccountId FROM Contact)))",
        "INSERT INTO Account VALUES (1)",
        "DELETE FROM Account",
        "",
        "\x01\x02",
        "SELECT Id FROM Account" + " " * 3 + "-- comment",
        "SELECT Id /* comment */ FROM Account",
    ],
    ids=lambda soql: ascii(soql[:40]),
)
def test_a_query_that_is_none_is_refused(api, soql):
    refusal(api.ask(soql), 400)


@pytest.mark.parametrize(
    "where",
    [
        "(" * 6_000 + "Name = 'x'" + ")" * 6_000,
        "(" * 40_000 + "Name = 'x'" + ")" * 40_000,
        "NOT " * 20_000 + "Name = 'x'",
        "NOT (" * 15_000 + "Name = 'x'" + ")" * 15_000,
        " OR ".join(["Name = 'x'"] * 5_000),
        " AND ".join(["(Name = 'x' OR Site = 'y')"] * 2_500),
        "Name IN (" + ",".join(["'x'"] * 20_000) + ")",
        "Name LIKE '" + "%a" * 1_900 + "b'",
        "Name = '" + "x" * 90_000 + "'",
        "Name = 'x'" + " " * 90_000,
    ],
    ids=lambda text: ascii(text[:24]),
)
def test_a_query_that_is_very_deep_or_long_is_answered_or_refused(api, where):
    """By way of a composite request, since a URL may not be so long."""
    started = time.monotonic()
    answer = api.post(
        "composite",
        {
            "compositeRequest": [
                {
                    "method": "GET",
                    "url": "/services/data/v62.0/query?q="
                    + quote(f"SELECT Id FROM Account WHERE {where}"),
                    "referenceId": "q",
                }
            ]
        },
    )

    if answer.status_code == 200:
        [part] = answer.json()["compositeResponse"]
        assert part["httpStatusCode"] in (200, 400, 414), json.dumps(part)[:500]
        if part["httpStatusCode"] == 200:
            assert part["body"]["totalSize"] == 0
    else:
        refusal(answer, 400)
    assert time.monotonic() - started < 30


def test_patterns_with_many_wildcards_do_not_take_for_ever(api, mark):
    api.create("Account", Name="a" * 255, Site=mark)
    started = time.monotonic()

    found = api.count("Account", f"WHERE Site = '{mark}' AND Name LIKE '{'%a' * 60}b'")

    assert found == 0
    assert time.monotonic() - started < 10


# Too much


def test_a_text_of_10_megabytes_is_too_long(api, mark):
    answer = api.post("sobjects/Account", {"Name": mark, "Description": "x" * 10_000_000})

    error = refusal(answer, 400, "STRING_TOO_LONG")
    assert len(error["message"]) < 5_000
    assert api.count("Account", f"WHERE Name = '{mark}'") == 0


def test_a_body_of_10_megabytes_of_blanks_is_a_record_all_the_same(api, mark):
    answer = api.post(
        "sobjects/Account",
        data=b" " * 10_000_000 + json.dumps({"Name": mark}).encode(),
        headers={"Content-Type": "application/json"},
    )

    assert answer.status_code == 201, answer.text


def test_a_file_of_some_megabytes_comes_back_whole(api, mark):
    account = api.create("Account", Name=mark)
    content = bytes(range(256)) * 8_000

    attachment = api.create(
        "Attachment", Name="x.bin", ParentId=account, Body=base64.b64encode(content).decode()
    )

    assert api.get(f"sobjects/Attachment/{attachment}/Body").content == content


def test_a_body_that_is_announced_too_large_is_refused_before_it_is_sent(server, api):
    answer = exchange(
        server.port,
        request_bytes(
            api,
            "POST",
            "/services/data/v62.0/sobjects/Account",
            "Content-Type: application/json",
            "Content-Length: 99999999999",
        ),
    )

    refused_in_words(answer, 413)


def test_a_body_that_turns_out_too_large_is_refused(server, api):
    chunk = b"100000\r\n" + b" " * 0x100000 + b"\r\n"

    answer = exchange(
        server.port,
        request_bytes(
            api,
            "POST",
            "/services/data/v62.0/sobjects/Account",
            "Content-Type: application/json",
            "Transfer-Encoding: chunked",
        ),
        *[chunk] * 52,
    )

    # The server need not read on to say so: the word may be lost when the connection is cut.
    if answer is not None:
        refused_in_words(answer, 413)


def test_a_small_body_that_inflates_to_a_large_one_is_refused(api):
    bomb = gzip.compress(b" " * (64 << 20))

    answer = api.post(
        "sobjects/Account",
        data=bomb,
        headers={"Content-Type": "application/json", "Content-Encoding": "gzip"},
    )

    assert answer.status_code == 413, answer.text


@pytest.mark.parametrize(
    ("coding", "body", "status"),
    [
        ("gzip", b"nonsense", 400),
        ("gzip", gzip.compress(b'{"Name": "x"}')[:-9], 400),
        ("gzip", b"\x1f\x8b", 400),
        ("br", b"nonsense", 415),
        ("nonsense", b"{}", 415),
    ],
)
def test_a_body_in_another_coding_than_it_says_is_refused(api, coding, body, status):
    answer = api.post(
        "sobjects/Account",
        data=body,
        headers={"Content-Type": "application/json", "Content-Encoding": coding},
    )

    refusal(answer, status)


@pytest.mark.parametrize(
    ("method", "path", "options"),
    [
        (
            "POST",
            "composite/sobjects",
            {"json": {"records": [{"attributes": {"type": "Account"}, "Name": "x"}] * 201}},
        ),
        (
            "PATCH",
            "composite/sobjects",
            {
                "json": {
                    "records": [{"attributes": {"type": "Account"}, "id": "001000000000001AAA"}]
                    * 201
                }
            },
        ),
        ("DELETE", "composite/sobjects?ids=" + ",".join(["001000000000001AAA"] * 201), {}),
        (
            "POST",
            "composite/sobjects/Account",
            {"json": {"ids": ["001000000000001AAA"] * 2_001, "fields": ["Id"]}},
        ),
        (
            "POST",
            "composite",
            {
                "json": {
                    "compositeRequest": [
                        {
                            "method": "GET",
                            "url": "/services/data/v62.0/limits",
                            "referenceId": f"r{n}",
                        }
                        for n in range(26)
                    ]
                }
            },
        ),
        (
            "POST",
            "composite/batch",
            {"json": {"batchRequests": [{"method": "GET", "url": "v62.0/limits"}] * 26}},
        ),
        (
            "POST",
            "composite/tree/Account",
            {
                "json": {
                    "records": [
                        {"attributes": {"type": "Account", "referenceId": f"r{n}"}, "Name": "x"}
                        for n in range(201)
                    ]
                }
            },
        ),
    ],
    ids=["create", "update", "delete", "retrieve", "composite", "batch", "tree"],
)
def test_too_many_records_or_parts_are_refused_as_a_whole(api, method, path, options):
    before = api.count("Account")

    refusal(api.request(method, path, **options), 400)

    assert api.count("Account") == before


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"compositeRequest": None},
        {"compositeRequest": {}},
        {"compositeRequest": [1]},
        {"compositeRequest": [{}]},
        {"compositeRequest": [{"method": "GET"}]},
        {"compositeRequest": [{"method": 1, "url": 2, "referenceId": 3}]},
    ],
)
def test_a_composite_request_without_sense_is_refused(api, body):
    answer = api.post("composite", body)

    if answer.status_code == 200:
        assert all(part["httpStatusCode"] >= 400 for part in answer.json()["compositeResponse"])
    else:
        refusal(answer, 400)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "/",
        "http://127.0.0.1:1/services/data/v62.0/limits",
        "https://example.org/",
        "/services/Soap/u/62.0",
        "/services/oauth2/token",
        "/services/data/v62.0/composite",
        "/services/data/v62.0/composite/batch",
        "/services/data/v62.0/sobjects/User/005000000000001AAA/password",
        "/services/data/v62.0/@{x.y}",
        "/services/data/v62.0/%00",
        "file:///etc/passwd",
        "/../../etc/passwd",
        "x" * 20_000,
    ],
    ids=lambda url: url[:40],
)
def test_a_part_of_a_composite_request_goes_nowhere_else(api, url):
    answer = api.post(
        "composite",
        {"compositeRequest": [{"method": "POST", "url": url, "referenceId": "a", "body": {}}]},
    )

    assert "root:" not in answer.text
    if answer.status_code == 200:
        assert answer.json()["compositeResponse"][0]["httpStatusCode"] >= 400
    else:
        refusal(answer, 400)


# Methods and media types


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "POST"])
@pytest.mark.parametrize("path", ["", "limits", "sobjects", "query", "sobjects/Case/describe"])
def test_a_method_that_a_resource_does_not_have_is_refused(api, method, path):
    error = refusal(api.request(method, path), 405, "METHOD_NOT_ALLOWED")

    assert f"'{method}'" in error["message"] and "GET" in error["message"]


@pytest.mark.parametrize("method", ["BREW", "TRACE", "CONNECT", "PROPFIND", "get", "G" * 300])
def test_a_method_that_nobody_has_is_refused(server, api, method):
    answer = exchange(server.port, request_bytes(api, method, "/services/data/v62.0/limits"))

    refused_in_words(answer, 400, 404, 405, 501)


@pytest.mark.parametrize(
    "media_type",
    [
        "text/plain",
        "application/xml",
        "text/xml",
        "text/csv",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "multipart/form-data; boundary=" + "x" * 300,
        "image/png",
        "nonsense",
    ],
)
def test_a_body_of_another_media_type_is_refused(api, media_type, mark):
    answer = api.post(
        "sobjects/Account",
        data=json.dumps({"Name": mark}),
        headers={"Content-Type": media_type},
    )

    assert answer.status_code in (400, 415), answer.text
    refusal(answer, answer.status_code)
    assert api.count("Account", f"WHERE Name = '{mark}'") == 0


# Heads


def test_a_target_that_is_too_long_is_refused(server, api):
    answer = exchange(
        server.port, request_bytes(api, "GET", "/services/data/v62.0/query?q=" + "x" * 20_000)
    )

    refused_in_words(answer, 414)


@pytest.mark.parametrize("size", [20_000, 60_000, 100_000, 1_000_000])
def test_a_header_that_is_too_long_is_refused(server, api, size):
    answer = exchange(
        server.port,
        request_bytes(api, "GET", "/services/data/v62.0/limits", "X-Filler: " + "x" * size),
    )

    # What is far too much may be cut off.
    if answer is not None or size < 60_000:
        refused_in_words(answer, 400, 431)


@pytest.mark.parametrize("count", [300, 3_000, 100_000])
def test_a_flood_of_headers_is_refused(server, api, count):
    headers = [f"X-{number}: x" for number in range(count)]

    answer = exchange(
        server.port, request_bytes(api, "GET", "/services/data/v62.0/limits", *headers)
    )

    if answer is not None:
        refused_in_words(answer, 400, 431)


@pytest.mark.parametrize(
    "target",
    [
        "/services/data/v62.0/../../../../etc/passwd",
        "/services/data/v62.0/..%2f..%2f..%2fetc%2fpasswd",
        "/services/data/v62.0/%2e%2e/%2e%2e/etc/passwd",
        "//etc/passwd",
        "/services/data/v62.0/%",
        "/services/data/v62.0/%zz",
        "/services/data/v62.0/%ff%fe",
        "/services/data/v62.0/%00",
        "/services/data/v62.0/query?q=%ff",
        "/services/data/v62.0/query?" + "&".join(["a=b"] * 3_000),
        "/services/data/" + "/".join(["x"] * 3_000),
        "*",
        "services/data",
    ],
    ids=lambda target: target[:48],
)
def test_a_target_without_sense_is_refused(server, api, target):
    answer = exchange(server.port, request_bytes(api, "GET", target))

    refused_in_words(answer, 400, 404)
    assert b"root:" not in answer.body


@pytest.mark.parametrize(
    "sent",
    [
        b"nonsense\r\n\r\n",
        b"GET /\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 100,
        b"\x00" * 1_000,
        b"\r\n" * 1_000 + b"\x01",
        b"GET / HTTP/1.1\r\nHost: x\r\nno colon\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n folded: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX\x00: x\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: nonsense\r\n\r\n",
    ],
    ids=lambda sent: repr(sent[:40]),
)
def test_what_is_not_http_gets_a_refusal_or_nothing(server, sent):
    with connect(server.port, timeout=20) as connection:
        connection.sendall(sent)
        # So that the server does not wait for more.
        connection.shutdown(socket.SHUT_WR)
        answer = answer_on(connection)

    if answer is not None:
        assert 400 <= answer.status < 600, answer


def test_a_request_cannot_be_smuggled_behind_another(server, api, mark):
    """A body whose end is told in two ways is not read in the wrong one."""
    inner = request_bytes(
        api,
        "POST",
        "/services/data/v62.0/sobjects/Account",
        body=json.dumps({"Name": mark}).encode(),
    )
    outer = request_bytes(
        api,
        "POST",
        "/services/data",
        f"Content-Length: {5 + len(inner)}",
        "Transfer-Encoding: chunked",
    )

    with connect(server.port) as connection:
        connection.sendall(outer + b"0\r\n\r\n" + inner)
        connection.shutdown(socket.SHUT_WR)
        received = b""
        try:
            while some := connection.recv(1 << 16):
                received += some
        except ConnectionResetError:
            pass

    assert api.count("Account", f"WHERE Name = '{mark}'") == 0, answers_in(received)


# Logging in

ENVELOPE = b"<Envelope xmlns='http://schemas.xmlsoap.org/soap/envelope/'>%s</Envelope>"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"nonsense",
        b"<a>",
        b"<a/>",
        b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>",
        b"<!DOCTYPE a [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>"
        b"<!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;'>]><a>&c;&c;&c;&c;&c;</a>",
        b"<a>" * 10_000,
        b"<a>" * 9_000 + b"</a>" * 9_000,
        b"<a " + b"b='c' " * 10_000 + b"/>",
        b"\xff\xfe<\x00a\x00/\x00>\x00",
        b" " * 2_000_000,
        ENVELOPE % b"<Body/>",
        ENVELOPE % b"<Body><login/></Body>",
        ENVELOPE % b"<Body><query/></Body>",
    ],
    ids=lambda body: repr(body[:32]),
)
def test_a_soap_body_without_sense_is_a_fault(server, body):
    answer = requests.post(
        f"{server.plain_url}/services/Soap/u/62.0",
        body,
        headers={"Content-Type": "text/xml"},
        timeout=30,
    )

    assert answer.status_code == 500
    assert xml_text(answer.text, "faultcode")
    assert "root:" not in answer.text and len(answer.text) < 5_000


@pytest.mark.parametrize("name", ["'", "' OR '1'='1", "<!--", "\u202e"], ids=ascii)
def test_a_login_with_an_injection_is_a_wrong_login(server, name):
    answer = server.soap_login(escape(name), escape(name))

    assert answer.status_code == 500
    assert "<sessionId>" not in answer.text


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"nonsense",
        b"grant_type=password",
        b"grant_type=password&" * 1_500,
        b"&".join(b"a%d=b" % number for number in range(5_000)),
        b"grant_type=%ff",
        b"grant_type=client_credentials&client_id=%00&client_secret=%00",
        b"grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer&assertion=a.b.c",
        b"grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer&assertion=" + b"e30." * 20_000,
        b"grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer&assertion="
        b"eyJhbGciOiJub25lIn0.eyJpc3MiOiJ4Iiwic3ViIjoieCJ9.",
        b"x" * 5_000_000,
    ],
    ids=lambda body: repr(body[:32]),
)
def test_a_token_request_without_sense_is_refused(server, body):
    answer = requests.post(
        f"{server.plain_url}/services/oauth2/token",
        body,
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        timeout=30,
    )

    assert answer.status_code in (400, 413), answer.text
    assert "access_token" not in answer.text


# Bulk


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"object": "Account"},
        {"operation": "insert"},
        {"object": "Nope", "operation": "insert"},
        {"object": "Account", "operation": "nonsense"},
        {"object": "Account", "operation": "upsert"},
        {"object": "Account", "operation": "upsert", "externalIdFieldName": "Nope"},
        {"object": "Account", "operation": "insert", "contentType": "JSON"},
        {"object": "Account", "operation": "insert", "columnDelimiter": "NOPE"},
        {"object": "Account", "operation": "insert", "lineEnding": "NOPE"},
        {"object": 1, "operation": 2},
    ],
    ids=str,
)
def test_a_job_without_sense_is_refused(api, body):
    refusal(api.post("jobs/ingest", body), 400)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "SELECT",
        "SELECT Id FROM Nope",
        "SELECT COUNT() FROM Account",
        "SELECT Name, COUNT(Id) FROM Account GROUP BY Name",
        "SELECT Id, (SELECT Id FROM Contacts) FROM Account",
        "SELECT MailingAddress FROM Contact",
        "SELECT Id FROM Account OFFSET 5",
    ],
)
def test_a_query_that_bulk_cannot_do_is_refused(api, query):
    """At once, or by the job, which then has failed and says why."""
    answer = api.post("jobs/query", {"operation": "query", "query": query})

    if answer.status_code == 200:
        path = f"jobs/query/{answer.json()['id']}"
        job = eventually(
            "the job has failed",
            lambda: (state := api.get(path).json())["state"] in ("Failed", "JobComplete") and state,
        )
        assert job["state"] == "Failed" and job["errorMessage"], job
    else:
        refusal(answer, 400)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n\n\n",
        b"Name",
        b'"Name\nx\n',
        b'Name\n"unfinished\n',
        b'Name\nx "y" z\n',
        b"Name,Name\nx,y\n",
        b"Nope\nx\n",
        b"Name,Site\nx\n",
        b"Name\nx,y,z\n",
        b"Name\n\xff\xfe\n",
        b"Name\n" + b"x" * 500_000 + b"\n",
        b"," * 10_000 + b"\n" + b"," * 10_000 + b"\n",
        b"\x00\n\x00\n",
        "Name\nx\n".encode("utf-16"),
        b"Name;Site\nx;y\n",
    ],
    ids=lambda data: repr(data[:24]),
)
def test_csv_without_sense_creates_nothing(api, data):
    before = api.count("Account")
    job = api.post("jobs/ingest", {"object": "Account", "operation": "insert"}).json()["id"]
    path = f"jobs/ingest/{job}"

    upload = api.put(f"{path}/batches", data=data, headers={"Content-Type": "text/csv"})
    assert upload.status_code in (201, 400, 413), upload.text
    api.patch(path, {"state": "UploadComplete"})
    job = eventually(
        "the job has ended",
        lambda: (
            (found := api.get(path).json())["state"] in ("JobComplete", "Failed", "Aborted", "Open")
            and found
        ),
        60,
    )

    if job["state"] == "JobComplete":
        assert job["numberRecordsProcessed"] == job["numberRecordsFailed"], job
    assert api.count("Account") == before


def test_a_job_takes_its_steps_in_order_only(api):
    job = api.post("jobs/ingest", {"object": "Account", "operation": "insert"}).json()["id"]
    path = f"jobs/ingest/{job}"
    csv = {"data": "Name\nx\n", "headers": {"Content-Type": "text/csv"}}

    refusal(api.patch(path, {"state": "JobComplete"}), 400)
    refusal(api.patch(path, {"state": "nonsense"}), 400)
    refusal(api.patch(path, {}), 400)
    assert api.patch(path, {"state": "Aborted"}).status_code == 200
    refusal(api.patch(path, {"state": "UploadComplete"}), 400)
    refusal(api.put(f"{path}/batches", **csv), 400)
    assert api.delete(path).status_code == 204
    assert api.get(path).status_code == 404


# Connections


def test_a_request_cut_off_in_its_body_saves_nothing(server, api, mark):
    body = json.dumps({"Name": mark, "Description": "x" * 5_000}).encode()
    whole = request_bytes(api, "POST", "/services/data/v62.0/sobjects/Account", body=body)
    records = [{"attributes": {"type": "Account"}, "Name": mark}] * 50
    many = request_bytes(
        api,
        "POST",
        "/services/data/v62.0/composite/sobjects",
        body=json.dumps({"records": records}).encode(),
    )

    for sent in (whole[:-1], whole[: len(whole) // 2], many[:-2], many[: len(many) - 900]):
        for is_abrupt in (False, True):
            with connect(server.port) as connection:
                if is_abrupt:
                    connection.setsockopt(
                        socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00"
                    )
                connection.sendall(sent)

    assert api.get("limits").status_code == 200
    assert api.count("Account", f"WHERE Name = '{mark}'") == 0


def test_a_chunked_request_cut_off_saves_nothing(server, api, mark):
    body = json.dumps({"Name": mark}).encode()
    with connect(server.port) as connection:
        connection.sendall(
            request_bytes(
                api,
                "POST",
                "/services/data/v62.0/sobjects/Account",
                "Content-Type: application/json",
                "Transfer-Encoding: chunked",
            )
            + f"{len(body):x}\r\n".encode()
            + body
            + b"\r\n"
        )
        connection.shutdown(socket.SHUT_WR)
        answer = answer_on(connection)

    assert answer is None or answer.status >= 400
    assert api.count("Account", f"WHERE Name = '{mark}'") == 0


def test_a_client_that_does_not_listen_harms_nobody(server, api):
    soql = quote("SELECT Id, Subject, Description, Resolution__c FROM Case")
    request = request_bytes(api, "GET", f"/services/data/v62.0/query?q={soql}")

    with Crowd(server.port, 8, receive_buffer=4_096) as deaf:
        deaf.say(request * 10)
        for _ in range(5):
            assert api.get("limits", timeout=10).status_code == 200


def test_slow_senders_keep_nobody_waiting(server, api, mark):
    """Heads and bodies that come a byte at a time, and are answered in the end."""
    body = json.dumps({"Name": mark}).encode()
    whole = request_bytes(api, "POST", "/services/data/v62.0/sobjects/Account", body=body)

    with Crowd(server.port, 30) as in_head, Crowd(server.port, 30) as in_body:
        in_head.say(whole[:20])
        in_body.say(whole[:-10])
        for position in range(5):
            in_head.say(whole[20 + position : 21 + position])
            in_body.say(whole[len(whole) - 10 + position : len(whole) - 9 + position])
            started = time.monotonic()
            assert api.get("limits", timeout=10).status_code == 200
            assert time.monotonic() - started < 5
        heads = in_head.ask(whole[25:], at_once=30) + in_body.ask(whole[-5:], at_once=30)

    assert [head.split()[1] for head in heads] == ["201"] * 60
    assert api.count("Account", f"WHERE Name = '{mark}'") == 60


def test_thousands_of_requests_that_never_end_keep_nobody_out(server, api):
    """Each takes a connection, as is its right, and nothing that others need."""
    unfinished = (
        b"POST /services/oauth2/token HTTP/1.1\r\nHost: localhost\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\ngrant"
    )

    with Crowd(server.port, 2_500) as crowd:
        crowd.say(unfinished)
        for _ in range(5):
            assert api.get("limits", timeout=15).status_code == 200


def test_ten_thousand_connections_are_all_answered(server):
    """In turns all are answered; all at one moment, some may be told to come again."""
    open_files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    count = min(10_000, open_files - 500)
    request = b"GET /services/data/nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n"

    with Crowd(server.port, count) as crowd:
        in_turns = crowd.ask(request, at_once=500)
        at_once = crowd.ask(request, at_once=count)
        waiting = [head for head in at_once if head.split()[1] == "503"]
        again = crowd.ask(request, at_once=500) if waiting else []

    assert [head.split()[1] for head in in_turns] == ["404"] * count
    assert {head.split()[1] for head in at_once} <= {"404", "503"}
    assert len(waiting) < count * 0.9
    assert all("retry-after:" in head.lower() for head in waiting)
    assert {head.split()[1] for head in again} <= {"404"}


def test_many_callers_of_one_org_at_once_are_answered_or_told_to_wait(server, api):
    request = request_bytes(api, "GET", "/services/data/v62.0/query?q=SELECT+Id+FROM+Case+LIMIT+10")

    with Crowd(server.port, 400) as crowd:
        heads = crowd.ask(request, at_once=400)

    statuses = [head.split()[1] for head in heads]
    assert set(statuses) <= {"200", "403", "503"}
    assert statuses.count("200") >= 100


def test_connections_that_come_and_go_leave_nothing_behind(server):
    def descriptors():
        return len(list(Path(f"/proc/{server.process.pid}/fd").iterdir()))

    requests.get(f"{server.plain_url}/services/data", timeout=30)
    before = descriptors()
    for _ in range(10):
        with Crowd(server.port, 200) as crowd:
            crowd.say(b"GET /services/da")

    eventually("the connections are closed", lambda: descriptors() <= before + 20, 30)


def test_the_same_session_from_many_threads(server, api, mark):
    failures = []

    def work(number):
        own = API(server.plain_url, api.token)
        for step in range(5):
            account = own.create("Account", Name=mark, Site=f"{number}-{step}")
            if own.read("Account", account, "Site")["Site"] != f"{number}-{step}":
                failures.append((number, step))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert not failures
    assert api.count("Account", f"WHERE Name = '{mark}'") == 60
