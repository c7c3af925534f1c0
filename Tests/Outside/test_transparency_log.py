"""The transparency log's files, read by verifiers that others could have written."""

import shutil

import pytest
import requests
import tile_log
from accountability import Deciders, run
from deployment import steward


@pytest.fixture
def log(own_server, tmp_path):
    """A deployment's log with three entries."""
    data = own_server.data
    run("log", "create", "harborview.example/log", "--data", data)
    deciders = Deciders.declare(data, tmp_path)
    org_id = own_server.org_id(own_server.orgs[0])
    for number in (1, 2, 3):
        deciders.apply(deciders.one_more(org_id, number))
    return data / "log"


@pytest.fixture
def key(log):
    return tile_log.Key.read((log.parent / "keys" / "log.vkey").read_text().strip())


def test_another_verifier_accepts_the_log(log, key):
    found = tile_log.verify(log, key, [], quorum=0)
    assert found.size == len(found.entries) == 3


def test_another_verifier_finds_a_changed_entry(log, key, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(log, copy)
    bundle = next(path for path in (copy / "tile/entries").rglob("*") if path.is_file())
    changed = bytearray(bundle.read_bytes())
    changed[-1] ^= 1
    bundle.write_bytes(changed)
    with pytest.raises(tile_log.Fault):
        tile_log.verify(copy, key, [], quorum=0)
    done = steward("log", "verify", copy, "--key", log.parent / "keys" / "log.vkey")
    assert done.returncode == 1
    assert "not sound" in done.stderr and "tile/entries" in done.stderr


def test_everybody_can_fetch_and_verify_it(log, key, own_server, tmp_path):
    """Copied file by file over HTTP, it is the log that lies in the folder."""
    base = f"{own_server.plain_url}/accountability"
    assert requests.get(f"{base}/log.vkey").text.startswith("harborview.example/log+")
    copy = tmp_path / "copy"
    for path in log.rglob("*"):
        name = path.relative_to(log).as_posix()
        if not path.is_file() or name.startswith(".") or name == "promise":
            continue
        answer = requests.get(f"{base}/log/{name}")
        assert answer.status_code == 200, name
        assert answer.content == path.read_bytes()
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / name).write_bytes(answer.content)
    assert tile_log.verify(copy, key, [], quorum=0).size == 3
    for name in ("promise", "tile/0/../../../keys/log.key", "%2e%2e/keys/log.key", "tile/0/9"):
        answer = requests.get(f"{base}/log/{name}")
        assert answer.status_code in (400, 401, 404), name
        assert b"PRIVATE" not in answer.content


def test_a_log_is_held_to_what_it_said_before(log, key, tmp_path):
    vkey = log.parent / "keys" / "log.vkey"
    assert "sound: 3 entries" in run("log", "verify", log, "--key", vkey)
    kept = tmp_path / "checkpoint"
    shutil.copy(log / "checkpoint", kept)
    assert "sound" in run("log", "verify", log, "--key", vkey, "--seen", kept)
    # Another log of the same name and key cannot stand in for it: its key is another.
    done = steward("log", "verify", log, "--key", "harborview.example/log+00000000+AAAA")
    assert done.returncode not in (0, -4, -5, -6, -11)
