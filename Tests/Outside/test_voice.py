"""Concerns of people without a login, through the wire: sealed, answered, and leading to nobody."""

import base64
import hashlib
import json
import re
import secrets
import shutil
import struct
import zlib

import pytest
import requests
from accountability import run
from conftest import FEW_CASES
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from deployment import Deployment, steward
from office import Office, change, judge, make, today
from wire import eventually

V1 = "/services/accountability/v1"
WORDS = (
    "The agency keeps lists of families at the crossing with your service, and children are taken "
    "from their parents by what the lists say. We have seen it twice since spring, at the bridge."
)


@pytest.fixture
def office(own_server):
    return Office.create(own_server)


@pytest.fixture
def reader(own_server, office, tmp_path):
    """The key file of one who reads concerns; another reads identities."""
    for role in ("concerns", "identities"):
        public = run("accountability", "reader", "key", tmp_path / f"{role}.key").strip()
        run(
            *("accountability", "reader", "add", role, public),
            *("--role", role, "--data", own_server.data),
        )
    return tmp_path


@pytest.fixture(scope="module")
def voice_server(small_deployment, tmp_path_factory):
    """A deployment that takes concerns, for tests that leave nothing behind."""
    folder = tmp_path_factory.mktemp("voice")
    with Deployment(shutil.copytree(small_deployment, folder / "data"), FEW_CASES) as server:
        Office.create(server)
        public = run("accountability", "reader", "key", folder / "reader.key").strip()
        run("accountability", "reader", "add", "Olu", public, "--data", server.data)
        yield server


def post(server, path, **body):
    return requests.post(f"{server.plain_url}{V1}/{path}", json=body, timeout=60)


def opened(sealed, key):
    done = steward("accountability", "open", "--key", key, input=sealed)
    assert done.returncode == 0, done.stderr
    return done.stdout


def png(comment):
    def chunk(name, body):
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n" + head + chunk(b"tEXt", b"Author\0" + comment)
        + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")
    )


def test_nobody_takes_concerns_before_somebody_reads_them(own_server, office):
    answer = post(own_server, "concerns", text=WORDS)
    assert answer.status_code == 403 and "names nobody who reads" in answer.text
    page = requests.post(
        f"{own_server.plain_url}/accountability/concerns/new", data={"text": WORDS}, timeout=60
    )
    assert page.status_code == 403 and "names nobody" in page.text
    assert "taken from their parents" in page.text, "a mistake costs nobody their words"


def test_a_concern_from_its_words_to_its_reasons(own_server, office, reader):
    answer = post(
        own_server,
        "concerns",
        text=WORDS,
        org="Border agency",
        product="Service",
        reporterKind="Employee",
        wish="Confidential",
        identity="Ada, third floor",
        files=[base64.b64encode(png(b"made by Ada")).decode()],
    )
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert "set-cookie" not in answer.headers
    receipt = answer.json()["receipt"]
    assert re.fullmatch(r"\d{4}( \d{4}){3}", receipt)

    olu = office["Olu"]
    concern = olu.request(
        "GET",
        "query",
        params={"q": "SELECT Id, Name, SealedText, CreatedDate, OwnerId FROM Concern"},
    ).json()["records"][0]
    assert concern["CreatedDate"].endswith("T00:00:00.000+0000"), "the hour is not kept"
    assert opened(concern["SealedText"], reader / "concerns.key") == WORDS
    wrong = steward(
        *("accountability", "open", "--key", reader / "identities.key"),
        input=concern["SealedText"],
    )
    assert wrong.returncode != 0 and "does not open" in wrong.stderr
    file = olu.request(
        "GET", "query", params={"q": "SELECT SealedContent, Kind FROM ConcernFile"}
    ).json()["records"][0]
    (reader / "file.sealed").write_text(file["SealedContent"])
    picture = steward(
        *("accountability", "open", "--key", reader / "concerns.key", reader / "file.sealed"),
        text=False,
    ).stdout
    assert file["Kind"] == "image/png" and b"Ada" not in picture and b"IDAT" in picture
    # Nobody but the custodian is shown even the sealed identity.
    answer = olu.request("GET", "query", params={"q": "SELECT SealedIdentity FROM Concern"})
    assert answer.status_code == 400

    number = concern["Name"]
    asked = olu.request(
        "POST", f"{V1}/office/messages", json={"concern": number, "text": "Which bridge?"}
    )
    assert asked.status_code == 204, asked.text
    for api in (office["Efe"], own_server.api(own_server.orgs[0].administrator)):
        answer = api.request(
            "POST", f"{V1}/office/messages", json={"concern": number, "text": "Who are you?"}
        )
        assert answer.status_code in (400, 403, 404), answer.text
    assert post(own_server, "mailbox/messages", receipt=receipt, text="The old one.").status_code == 204
    box = post(own_server, "mailbox", receipt=receipt.replace(" ", "-")).json()
    assert [message["text"] for message in box["messages"]] == [WORDS, "Which bridge?", "The old one."]
    assert box["stage"] == "Received" and box["reasons"] == ""

    record = concern["Id"]
    reasons = "It was looked into by the review that is public as R-0001; you were right."
    judge(olu, record, reasons, harm=3, link="Linked")
    early = post(own_server, "mailbox/again", receipt=receipt)
    assert early.status_code == 400, "what is not closed needs no other look"
    change(olu, "Concern", record, Stage="Closed")
    assert post(own_server, "mailbox/again", receipt=receipt).status_code == 204
    again = post(own_server, "mailbox/again", receipt=receipt)
    assert again.status_code == 400 and "looked at again once" in again.text
    box = post(own_server, "mailbox", receipt=receipt).json()
    assert "you were right" in box["reasons"] and box["stage"] == "Closed"
    secret = WORDS.split(".")[0].encode()
    kept = [file for file in own_server.data.rglob("*") if file.is_file()]
    for file in kept:
        data = file.read_bytes()
        for canary in (secret, b"third floor", receipt.encode(), receipt.replace(" ", "").encode()):
            assert canary not in data, f"{file} holds {canary!r}"


def test_the_pages_work_without_scripts(own_server, office, reader):
    base = f"{own_server.plain_url}/accountability"
    form = requests.get(f"{base}/concerns/new", timeout=60)
    assert form.status_code == 200 and "<script" not in form.text
    assert form.headers["cache-control"] == "no-store"
    assert "computed from the transparency log" not in form.text, "this page is not"
    raised = requests.post(
        f"{base}/concerns/new",
        data={"text": WORDS + " <b>bold</b>", "wish": "Anonymous", "reporterKind": "Public"},
        files={"files": ("my name.png", png(b"me"), "image/png")},
        timeout=60,
    )
    assert raised.status_code == 200, raised.text
    receipt = re.search(r"\d{4}( \d{4}){3}", raised.text).group()
    box = requests.post(f"{base}/mailbox", data={"receipt": receipt}, timeout=60)
    assert "&lt;b&gt;bold" in box.text and "From you" in box.text
    box = requests.post(
        f"{base}/mailbox",
        data={"receipt": receipt, "step": "write", "text": "And again."},
        timeout=60,
    )
    assert "And again." in box.text
    wrong = requests.post(f"{base}/mailbox", data={"receipt": "0" * 16}, timeout=60)
    assert wrong.status_code == 404 and "no mailbox" in wrong.text


def test_copies_are_one_concern_whatever_their_number(own_server, office, reader):
    for number in range(6):
        assert "receipt" in post(own_server, "concerns", text=f"{WORDS} Reader {number}").json()
    count = "SELECT COUNT() FROM Concern"
    total = lambda: office["Olu"].request("GET", "query", params={"q": count}).json()["totalSize"]
    assert total() == 6
    for number in range(20):
        answer = post(own_server, "concerns", text=f"{WORDS} Reader {number}")
        assert answer.json() == {"joined": "C-00001"}, answer.text
    assert total() == 6
    first = office["Olu"].request(
        "GET", "query", params={"q": "SELECT DuplicateCount FROM Concern WHERE Name = 'C-00001'"}
    ).json()["records"][0]
    assert first["DuplicateCount"] == 25


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": " "},
        {"text": 7},
        {"text": "x" * 30_001},
        {"text": WORDS, "identity": "Ada"},
        {"text": WORDS, "wish": "Famous"},
        {"text": WORDS, "files": ["%%"]},
        {"text": WORDS, "files": [base64.b64encode(b"%PDF\0").decode()]},
        {"sealed": "{}"},
        {"sealed": json.dumps({"sealed": 1, "keys": [], "box": ""})},
        {"text": WORDS, "org": "x" * 300},
    ],
)
def test_bad_concerns_are_refused_and_nothing_is_kept(voice_server, body):
    answer = post(voice_server, "concerns", **body)
    assert answer.status_code == 400, answer.text
    assert answer.json()[0]["errorCode"]
    for receipt in (None, "", "12", 5, "x" * 10_000):
        assert post(voice_server, "mailbox", receipt=receipt).status_code == 400


# Open letters, signed by a client of our own make that follows RFC 9474


class Signer:
    """The signer's side of RSABSSA-SHA384-PSS-Randomized."""

    def __init__(self, letter, key):
        public = serialization.load_der_public_key(base64.b64decode(key))
        self.public = public
        self.modulus, self.exponent = public.public_numbers().n, public.public_numbers().e
        self.message = secrets.token_bytes(32) + f"steward letter {letter}".encode()
        encoded = int.from_bytes(self.encode(), "big")
        self.factor = secrets.randbelow(self.modulus - 2) + 2
        blinded = encoded * pow(self.factor, self.exponent, self.modulus) % self.modulus
        self.blinded = blinded.to_bytes(256, "big")

    def encode(self):
        """EMSA-PSS (RFC 8017, 9.1.1) with SHA-384 and a salt of 48 bytes, for 2047 bits."""
        salt, size = secrets.token_bytes(48), 256
        digest = hashlib.sha384(self.message).digest()
        tail = hashlib.sha384(bytes(8) + digest + salt).digest()
        block = bytes(size - 48 - 48 - 2) + b"\x01" + salt
        mask = b"".join(
            hashlib.sha384(tail + counter.to_bytes(4, "big")).digest() for counter in range(5)
        )[: len(block)]
        masked = bytearray(a ^ b for a, b in zip(block, mask))
        masked[0] &= 0x7F
        return bytes(masked) + tail + b"\xbc"

    def finish(self, blind_signature):
        inverse = pow(self.factor, -1, self.modulus)
        value = int.from_bytes(base64.b64decode(blind_signature), "big") * inverse % self.modulus
        signature = value.to_bytes(256, "big")
        self.public.verify(
            signature,
            self.message,
            padding.PSS(padding.MGF1(hashes.SHA384()), 48),
            hashes.SHA384(),
        )
        return {
            "message": base64.b64encode(self.message).decode(),
            "signature": base64.b64encode(signature).decode(),
        }


def test_a_letter_is_signed_by_those_who_may_and_nobody_learns_by_whom(own_server, office):
    olu, kim = office["Olu"], office["Kim"]
    letter = make(
        olu,
        "OpenLetter",
        Title="On the use of our work at the border",
        Body="We ask which of our products are used at crossings, and for what.",
        Addressee="Chief executive",
        Asks="A plan to examine the use of all products. A meeting with those affected.",
        TextDigest="ab" * 32,
        PromoterCount=3,
        OpensOn=str(today()),
        ClosesOn=str(today(30)),
        AnswerThreshold=200,
    )
    early = kim.request("POST", f"{V1}/office/letters/L-0001/entitlements", json={"count": 2})
    assert early.status_code == 400 and "not in the log" in early.text, early.text
    for state in ("Validated", "Collecting"):
        change(olu, "OpenLetter", letter, State=state)
    url = f"{own_server.plain_url}{V1}/letters/L-0001"
    eventually("the text is public", lambda: requests.get(url).status_code == 200, within=20)
    refused = olu.request("POST", f"{V1}/office/letters/L-0001/entitlements", json={"count": 2})
    assert refused.status_code in (400, 403), "officers do not hand out codes"
    codes = kim.request("POST", f"{V1}/office/letters/L-0001/entitlements", json={"count": 3})
    assert codes.status_code == 200, codes.text
    codes = codes.json()["codes"]
    keys = requests.get(url).json()["keys"]
    assert len(keys) == 1

    signer = Signer("L-0001", keys[0])
    ask = {"code": codes[0], "blinded": base64.b64encode(signer.blinded).decode()}
    answer = post(own_server, "letters/L-0001/tokens", **ask)
    assert answer.status_code == 200, answer.text
    assert post(own_server, "letters/L-0001/tokens", **ask).json() == answer.json()
    other = Signer("L-0001", keys[0])
    ask["blinded"] = base64.b64encode(other.blinded).decode()
    assert post(own_server, "letters/L-0001/tokens", **ask).status_code == 400
    token = signer.finish(answer.json()["blindSignature"])
    assert post(own_server, "letters/L-0001/signatures", mode="unnamed", **token).status_code == 204
    twice = post(own_server, "letters/L-0001/signatures", mode="named", line="Ada", **token)
    assert twice.status_code == 400 and "signed already" in twice.text
    forged = {**token, "signature": base64.b64encode(bytes(256)).decode()}
    for body in [forged, {"message": "", "signature": ""}, {}, {**token, "message": 7}]:
        answer = post(own_server, "letters/L-0001/signatures", mode="unnamed", **body)
        assert answer.status_code == 400, answer.text
    assert post(own_server, "letters/L-0001/signatures", mode="loud").status_code == 400
    assert post(own_server, "letters/L-0009/signatures", mode="unnamed", **token).status_code == 404
    assert post(own_server, "letters/..%2f..%2fx/tokens", **ask).status_code in (400, 404)
    assert post(own_server, "letters/L-0001/withdrawals", **token).status_code == 204
    assert post(own_server, "letters/L-0001/withdrawals", **token).status_code == 404
    again = post(
        own_server, "letters/L-0001/signatures", mode="named", line="Ada, engineer", **token
    )
    assert again.status_code == 204, again.text
    assert requests.get(url).json()["entitled"] == 0, "few are shown to nobody"
    run("log", "verify", "--data", own_server.data)
