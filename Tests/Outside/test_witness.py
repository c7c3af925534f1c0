"""Witnesses in processes of their own: they vouch for a log that grows, and for no other."""

import datetime
import json
import shutil
import subprocess
import time
from dataclasses import dataclass

import pytest
import requests
import tile_log
from accountability import Deciders, run
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from deployment import PROGRAM, free_ports, steward

START_SECONDS = 60


@dataclass
class WitnessProcess:
    """`steward log witness`, listening."""

    name: str
    folder: object
    log_key: object
    port: int
    vkey: str = ""
    scheme: str = "http"
    process: subprocess.Popen = None

    def make_key(self):
        self.folder.mkdir()
        self.vkey = run("log", "witness-key", self.name, self.folder / "key").strip()
        return self

    def start(self, *more):
        arguments = ["log", "witness", "--key", self.folder / "key", *more]
        self.scheme = "https" if more else "http"
        arguments += ["--state", self.folder / "state", "--log", self.log_key]
        arguments += ["--listen", f"127.0.0.1:{self.port}"]
        self.process = subprocess.Popen(
            [PROGRAM, *map(str, arguments)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + START_SECONDS
        while True:
            assert self.process.poll() is None, "the witness ended at once"
            assert time.monotonic() < deadline, "the witness does not answer"
            try:
                answer = requests.get(self.url, timeout=5, verify=more[1] if more else True)
                assert answer.text.strip() == self.vkey
                return
            except requests.ConnectionError:
                time.sleep(0.05)

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait(30)

    @property
    def url(self):
        host = "localhost" if self.scheme == "https" else "127.0.0.1"
        return f"{self.scheme}://{host}:{self.port}"

    @property
    def key(self):
        return tile_log.Key.read(self.vkey)


class Logged:
    """A deployment with a log, to which an order at a time adds entries."""

    def __init__(self, server, folder):
        self.server = server
        self.data = server.data
        run("log", "create", "harborview.example/log", "--data", self.data)
        self.deciders = Deciders.declare(self.data, folder)
        self.org_id = server.org_id(server.orgs[0])
        self.orders = 0

    @property
    def vkey(self):
        return self.data / "keys" / "log.vkey"

    @property
    def key(self):
        return tile_log.Key.read(self.vkey.read_text().strip())

    @property
    def address(self):
        return f"{self.server.plain_url}/accountability/log"

    def add_entry(self):
        self.orders += 1
        self.deciders.apply(self.deciders.one_more(self.org_id, self.orders))

    def ask(self, *more):
        return steward("log", "cosign", "--data", self.data, *more)


@pytest.fixture
def logged(own_server, tmp_path):
    logged = Logged(own_server, tmp_path)
    logged.add_entry()
    return logged


@pytest.fixture
def witnesses(logged, tmp_path):
    made = [
        WitnessProcess(f"witness.example/w{number}", tmp_path / f"w{number}", logged.vkey, port)
        for number, port in enumerate(free_ports(3), start=1)
    ]
    for witness in made:
        witness.make_key().start()
    yield made
    for witness in made:
        witness.stop()


def name_witnesses(data, witnesses, quorum):
    listed = [{"url": witness.url, "key": witness.vkey} for witness in witnesses]
    (data / "accountability" / "witnesses.json").write_text(
        json.dumps({"quorum": quorum, "witnesses": listed})
    )


def wait_for_quorum(logged, witnesses, quorum):
    """The server asks by itself, every few seconds."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            return tile_log.verify(
                logged.data / "log", logged.key, [each.key for each in witnesses], quorum
            )
        except tile_log.Fault:
            assert time.monotonic() < deadline, "the witnesses were not asked"
            time.sleep(0.5)


def test_a_server_has_its_checkpoints_cosigned(logged, witnesses):
    name_witnesses(logged.data, witnesses, quorum=2)
    assert wait_for_quorum(logged, witnesses, 3).size == 1
    logged.add_entry()
    assert wait_for_quorum(logged, witnesses, 3).size == 2
    arguments = ["log", "verify", logged.address, "--key", logged.vkey, "--quorum", "2"]
    for witness in witnesses:
        arguments += ["--witness", witness.vkey]
    assert "sound: 2 entries" in run(*arguments)
    clocks = requests.get(f"{logged.server.plain_url}/services/accountability/v1/clocks").json()
    assert not [each for each in clocks["clocks"] if each["kind"] == "witnessQuorum"]


def test_a_witness_that_is_away_stops_nothing(logged, witnesses):
    witnesses[0].stop()
    name_witnesses(logged.data, witnesses, quorum=2)
    assert wait_for_quorum(logged, witnesses, 2).size == 1
    witnesses[1].stop()
    logged.add_entry()
    done = logged.ask()
    assert done.returncode == 1 and "1 witnesses have cosigned 2 entries" in done.stdout
    # The log has the entry, and everybody sees that too few vouch for it.
    assert "sound: 2 entries" in run("log", "verify", logged.address, "--key", logged.vkey)
    arguments = ["log", "verify", logged.address, "--key", logged.vkey, "--quorum", "2"]
    for witness in witnesses:
        arguments += ["--witness", witness.vkey]
    assert steward(*arguments).returncode == 1
    clocks = requests.get(f"{logged.server.plain_url}/services/accountability/v1/clocks").json()
    waiting = [each for each in clocks["clocks"] if each["kind"] == "witnessQuorum"]
    assert [each["state"] for each in waiting] == ["running"]
    # A witness that comes back goes on where it was.
    witnesses[0].start()
    assert wait_for_quorum(logged, witnesses, 2).size == 2


def test_a_split_view_is_refused(logged, witnesses, tmp_path):
    name_witnesses(logged.data, witnesses, quorum=2)
    wait_for_quorum(logged, witnesses, 3)
    logged.server.stop()
    # Whoever has the key can sign a second story; nobody vouches for it.
    other = tmp_path / "other"
    shutil.copytree(logged.data, other)
    logged.add_entry()
    assert logged.ask().returncode == 0
    told = Logged.__new__(Logged)
    told.data, told.org_id, told.orders = other, logged.org_id, 6
    told.deciders = Deciders(other, logged.deciders.folder)
    told.add_entry()
    told.add_entry()
    done = told.ask()
    assert done.returncode == 1
    assert "does not extend what it has cosigned" in done.stderr
    # Each of the two is signed by the log, and only the first by the witnesses.
    assert "sound" in run("log", "verify", other / "log", "--key", logged.vkey)
    keys = [each.key for each in witnesses]
    assert tile_log.verify(logged.data / "log", logged.key, keys, 3).size == 2
    with pytest.raises(tile_log.Fault):
        tile_log.verify(other / "log", logged.key, keys, 1)


def test_a_witness_keeps_what_it_has_cosigned(logged, witnesses):
    name_witnesses(logged.data, witnesses, quorum=3)
    wait_for_quorum(logged, witnesses, 3)
    one = witnesses[0]
    one.stop()
    one.start()
    note = (logged.data / "log" / "checkpoint").read_bytes()
    answer = requests.post(f"{one.url}/add-checkpoint", data=b"old 0\n\n" + note)
    assert answer.status_code == 409 and answer.text == "1\n"
    assert answer.headers["content-type"] == "text/x.tlog.size"
    answer = requests.post(f"{one.url}/add-checkpoint", data=b"old 1\n\n" + note)
    assert answer.status_code == 200
    text, _ = tile_log.read_note(note)
    _, signatures = tile_log.read_note(text + b"\n" + answer.content)
    assert tile_log.signers(text, signatures, [one.key])


def test_a_witness_refuses_what_it_should(logged, witnesses):
    url = f"{witnesses[0].url}/add-checkpoint"
    note = (logged.data / "log" / "checkpoint").read_bytes()
    assert requests.post(url, data=b"").status_code == 400
    assert requests.post(url, data=b"old 2\n\n" + note).status_code == 400
    forged = note.replace(b"\n1\n", b"\n2\n", 1)
    assert requests.post(url, data=b"old 0\n\n" + forged).status_code == 403
    strange = note.replace(b"harborview.example/log", b"elsewhere.example/log")
    assert requests.post(url, data=b"old 0\n\n" + strange).status_code == 404
    assert requests.get(url).status_code == 404
    assert requests.post(url, data=b"x" * 2_000_000).status_code in (400, 413)
    assert requests.get(witnesses[0].url).status_code == 200


def test_a_log_is_followed_from_elsewhere(logged, tmp_path):
    """Without the log's doing: whoever keeps what it said finds out when it says something else."""
    vkey = run("log", "witness-key", "witness.example/f", tmp_path / "f.key").strip()
    arguments = ["log", "witness", "--key", tmp_path / "f.key", "--state", tmp_path / "state"]
    arguments += ["--log", logged.vkey, "--follow", logged.address, "--every", "0"]
    assert "cosigned: 1 entries" in run(*arguments)
    logged.add_entry()
    assert "cosigned: 2 entries" in run(*arguments)
    assert vkey.startswith("witness.example/f+")
    log = logged.data / "log"
    kept = tmp_path / "kept"
    shutil.move(log, kept)
    run_again = steward(*arguments)
    assert run_again.returncode == 1 and "not sound" in run_again.stderr
    shutil.move(kept, log)
    assert "cosigned: 2 entries" in run(*arguments)


def certificate(folder):
    """A certificate for localhost, signed by itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.timezone.utc)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "tls.pem").write_bytes(made.public_bytes(pem))
    (folder / "tls.key").write_bytes(
        key.private_bytes(
            pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return folder / "tls.pem", folder / "tls.key"


def test_a_witness_is_asked_over_tls_and_believed_by_its_certificate(logged, tmp_path):
    chain, key = certificate(tmp_path)
    witness = WitnessProcess("witness.example/t", tmp_path / "t", logged.vkey, free_ports(1)[0])
    witness.make_key()
    witness.start("--certificate", chain, "--certificate-key", key)
    try:
        name_witnesses(logged.data, [witness], quorum=1)
        done = logged.ask()
        assert done.returncode == 1 and "CERTIFICATE_VERIFY_FAILED" in done.stderr
        done = logged.ask("--authorities", chain)
        assert done.returncode == 0, done.stderr
        assert tile_log.verify(logged.data / "log", logged.key, [witness.key], 1).size == 1
    finally:
        witness.stop()


def test_addresses_that_are_none_are_refused(logged):
    closed = free_ports(1)[0]
    for wrong in (
        "https://user@localhost/log",
        "http://",
        "https://localhost/log?x",
        f"http://127.0.0.1:{closed}/log",
        f"{logged.server.plain_url}/accountability",
    ):
        done = steward("log", "verify", wrong, "--key", logged.vkey)
        assert done.returncode not in (0, -4, -5, -6, -11), wrong
        assert done.stderr, wrong
