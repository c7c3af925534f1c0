"""The transparency log's files, read by verifiers that others could have written.

`STEWARD_LOG` names a log's folder; beside it lie `<folder>.vkey`, the log's verifier key, and
`<folder>.witness.vkey`, those of its witnesses, one a line, all of whom have cosigned.
"""

import os
import shutil
from pathlib import Path

import pytest
import tile_log


@pytest.fixture(scope="module")
def folder():
    path = os.environ.get("STEWARD_LOG")
    if not path:
        pytest.skip("STEWARD_LOG names no log")
    return Path(path)


@pytest.fixture(scope="module")
def log_key(folder):
    return tile_log.Key.read(Path(f"{folder}.vkey").read_text())


@pytest.fixture(scope="module")
def witness_keys(folder):
    lines = Path(f"{folder}.witness.vkey").read_text().splitlines()
    return [tile_log.Key.read(line) for line in lines]


def test_another_verifier_accepts_the_log(folder, log_key, witness_keys):
    log = tile_log.verify(folder, log_key, witness_keys, quorum=len(witness_keys))
    assert len(log.entries) == log.size
    assert log.witnesses == set(witness_keys)


def test_another_verifier_finds_a_changed_entry(folder, log_key, witness_keys, tmp_path):
    copy = tmp_path / "log"
    shutil.copytree(folder, copy)
    bundles = [path for path in sorted((copy / "tile/entries").rglob("*")) if path.is_file()]
    if not bundles:
        pytest.skip("the log has no entries")
    bundle = bundles[0]
    changed = bytearray(bundle.read_bytes())
    changed[-1] ^= 1
    bundle.write_bytes(changed)
    with pytest.raises(tile_log.Fault, match="is not what lies below it"):
        tile_log.verify(copy, log_key, witness_keys)


def test_a_published_verifier_accepts_the_log(folder):
    """With aics-tlog, where it is installed: it needs Python 3.12."""
    pytest.importorskip("aics_tlog")
    from aics_tlog.checkpoint import checkpoint_from_note, verify_checkpoint
    from aics_tlog.note import parse_note, parse_vkey
    from aics_tlog.tiles import FileSystemTileReader
    from aics_tlog.verified import audit_tiles

    note = parse_note((folder / "checkpoint").read_bytes())
    witnesses = Path(f"{folder}.witness.vkey").read_text().splitlines()
    result = verify_checkpoint(
        note,
        parse_vkey(Path(f"{folder}.vkey").read_text().strip()),
        [parse_vkey(line) for line in witnesses],
        len(witnesses),
    )
    assert result.ok, result.error
    checkpoint, _ = checkpoint_from_note(note)
    audit = audit_tiles(FileSystemTileReader(folder), checkpoint.size, result.root)
    assert audit.size == checkpoint.size
