"""The API as it is on the wire, without a client library in between."""

import http.client
import io
import re
import socket
import time
import uuid
from dataclasses import dataclass

import requests

RECORD_ID = re.compile(r"[A-Za-z0-9]{15}[A-Z0-5]{3}")


class API:
    """The REST API with one session."""

    def __init__(self, base, token=None, version="v62.0"):
        self.base = base
        self.token = token
        self.version = version
        self.session = requests.Session()
        if token:
            self.session.headers["Authorization"] = f"Bearer {token}"

    def at(self, version):
        """The same session, speaking another version."""
        return API(self.base, self.token, version)

    def url(self, path):
        """A path from the host's root on, or from the version on."""
        if path.startswith("/"):
            return self.base + path
        return f"{self.base}/services/data/{self.version}/{path}"

    def request(self, method, path, **options):
        options.setdefault("timeout", 60)
        return self.session.request(method, self.url(path), **options)

    def get(self, path, **options):
        return self.request("GET", path, **options)

    def post(self, path, json=None, **options):
        return self.request("POST", path, json=json, **options)

    def patch(self, path, json=None, **options):
        return self.request("PATCH", path, json=json, **options)

    def put(self, path, **options):
        return self.request("PUT", path, **options)

    def delete(self, path, **options):
        return self.request("DELETE", path, **options)

    def create(self, object_name, **values):
        """Creates a record, and gives its id."""
        response = self.post(f"sobjects/{object_name}", values)
        assert response.status_code == 201, response.text
        return response.json()["id"]

    def read(self, object_name, record_id, *fields):
        params = {"fields": ",".join(fields)} if fields else None
        response = self.get(f"sobjects/{object_name}/{record_id}", params=params)
        assert response.status_code == 200, response.text
        return response.json()

    def ask(self, soql, **options):
        """The answer to a query, whatever it is."""
        return self.get("query", params={"q": soql}, **options)

    def query(self, soql, verb="query"):
        """All records of a query."""
        response = self.get(verb, params={"q": soql})
        assert response.status_code == 200, response.text
        page = response.json()
        records = page["records"]
        while not page["done"]:
            response = self.get(page["nextRecordsUrl"])
            assert response.status_code == 200, response.text
            page = response.json()
            records += page["records"]
        return records

    def count(self, object_name, where=""):
        response = self.ask(f"SELECT COUNT() FROM {object_name} {where}")
        assert response.status_code == 200, response.text
        return response.json()["totalSize"]


# Expectations


def refusal(response, status, code=None):
    """Checks that an answer refuses as the API does, and gives the first error."""
    assert response.status_code == status, f"{response.status_code} {response.text[:2_000]}"
    assert "json" in response.headers["Content-Type"]
    errors = response.json()
    assert isinstance(errors, list) and errors, errors
    for error in errors:
        assert set(error) <= {"message", "errorCode", "fields", "duplicateResult"}, error
        assert isinstance(error["message"], str) and error["message"], error
        assert re.fullmatch(r"[A-Z][A-Z_]+", error["errorCode"]), error
        assert all(isinstance(field, str) for field in error.get("fields", [])), error
    if code is not None:
        assert errors[0]["errorCode"] == code, errors
    return errors[0]


def is_record_id(text):
    return RECORD_ID.fullmatch(text) is not None and text == long_id(text[:15])


def long_id(short):
    """The 18 characters of an id of 15: three more say which letters are upper case."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
    groups = [short[start : start + 5] for start in (0, 5, 10)]
    bits = [
        sum(1 << k for k, letter in enumerate(group) if "A" <= letter <= "Z") for group in groups
    ]
    return short + "".join(alphabet[number] for number in bits)


def unique(prefix="t"):
    """A word that no other test uses."""
    return f"{prefix}{uuid.uuid4().hex[:14]}"


def eventually(what, condition, within=15.0):
    """Waits until something is the case, and gives what the condition gave."""
    deadline = time.monotonic() + within
    while True:
        found = condition()
        if found:
            return found
        assert time.monotonic() < deadline, f"not within {within} s: {what}"
        time.sleep(0.05)


def xml_text(xml, element):
    found = re.search(f"<{element}>(.*?)</{element}>", xml, re.DOTALL)
    assert found, f"no <{element}> in {xml[:2_000]}"
    return found[1]


# Below HTTP libraries


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes


def connect(port, timeout=30, receive_buffer=None):
    connection = socket.socket()
    connection.settimeout(timeout)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if receive_buffer:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    connection.connect(("127.0.0.1", port))
    return connection


def answer_on(connection):
    """The next answer on a connection; `None` when the server closed it instead."""
    response = http.client.HTTPResponse(connection)
    try:
        response.begin()
    except (http.client.RemoteDisconnected, ConnectionResetError):
        return None
    return Answer(response.status, response.headers, response.read())


def exchange(port, *pieces, timeout=30):
    """Sends bytes as they are, and reads one answer."""
    with connect(port, timeout) as connection:
        try:
            for piece in pieces:
                connection.sendall(piece)
        except (BrokenPipeError, ConnectionResetError):
            # The server may refuse before it has read all; what it said is still to be read.
            pass
        return answer_on(connection)


def answers_in(raw):
    """The answers in what came over a connection, in order."""

    class Whole(io.BytesIO):
        def makefile(self, *_, **__):
            return self

        def close(self):
            pass

    stream = Whole(raw)
    answers = []
    while stream.tell() < len(raw):
        response = http.client.HTTPResponse(stream)
        response.begin()
        answers.append(Answer(response.status, response.headers, response.read()))
    return answers
