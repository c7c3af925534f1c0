"""A verifier of transparency logs that shares nothing with the one it is held against.

It reads a log's folder as the published formats say (C2SP tlog-tiles, tlog-checkpoint, signed-note,
tlog-cosignature; RFC 6962 for the hashes) and checks all of it, with hashlib and cryptography alone.
"""

import base64
import hashlib
import struct
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

WIDTH = 256


class Fault(Exception):
    """What is wrong with the log, and in which file."""


def strict_base64(text):
    data = base64.b64decode(text, validate=True)
    if base64.b64encode(data).decode() != text:
        raise ValueError(f"{text!r} is not the one way to write these bytes")
    return data


@dataclass(frozen=True)
class Key:
    """A verifier key: `<name>+<key ID in hex>+<base64 of type and key>`."""

    name: str
    id: bytes
    kind: int
    public: bytes

    @classmethod
    def read(cls, text):
        name, hex_id, encoded = text.strip().split("+", 2)
        data = strict_base64(encoded)
        key_id = hashlib.sha256(name.encode() + b"\n" + data).digest()[:4]
        assert key_id.hex() == hex_id, "the key ID is that of the name and key"
        return cls(name, key_id, data[0], data[1:])

    def has_signed(self, text, signature):
        """Whether the signature is this key's; a witness's comes with the time."""
        message = text
        if self.kind == 4:
            time = struct.unpack(">Q", signature[:8])[0]
            message = b"cosignature/v1\ntime %d\n" % time + text
            signature = signature[8:]
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except InvalidSignature:
            return False
        return True


def read_note(note):
    """The text of a note, and its signatures as (name, key ID, bytes)."""
    text, _, lines = note.rpartition(b"\n\n")
    if not lines.endswith(b"\n"):
        raise Fault("checkpoint: has no signatures")
    signatures = []
    for line in lines.decode().removesuffix("\n").split("\n"):
        dash, name, encoded = line.split(" ")
        if dash != "\u2014":
            raise Fault("checkpoint: a signature line does not begin as one")
        data = strict_base64(encoded)
        signatures.append((name, data[:4], data[4:]))
    return text + b"\n", signatures


def signers(text, signatures, keys):
    """Those of the keys that have signed."""
    found = set()
    for name, key_id, signature in signatures:
        for key in keys:
            if (key.name, key.id) == (name, key_id):
                if not key.has_signed(text, signature):
                    raise Fault(f"checkpoint: the signature of {name} is not one of this text")
                found.add(key)
    return found


def leaf_hash(entry):
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def tree_hash(hashes):
    """The root above hashes, as RFC 6962 section 2.1 defines it."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    split = 1 << ((len(hashes) - 1).bit_length() - 1)
    return node_hash(tree_hash(hashes[:split]), tree_hash(hashes[split:]))


def tile_path(kind, index, width):
    digits = f"{index:03d}"
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    parts = [digits[i : i + 3] for i in range(0, len(digits), 3)]
    path = "/".join([*(f"x{part}" for part in parts[:-1]), parts[-1]])
    return f"tile/{kind}/{path}" + (f".p/{width}" if width < WIDTH else "")


def read(folder, path):
    try:
        return (Path(folder) / path).read_bytes()
    except FileNotFoundError:
        raise Fault(f"{path}: is missing") from None


def entries_of(bundle, path):
    entries = []
    while bundle:
        length = int.from_bytes(bundle[:2], "big")
        entry, bundle = bundle[2 : 2 + length], bundle[2 + length :]
        if len(entry) != length:
            raise Fault(f"{path}: ends within an entry")
        entries.append(entry)
    return entries


def tiles_of(count):
    """The index and width of each tile that so many hashes take."""
    for index in range(-(-count // WIDTH)):
        yield index, min(count - index * WIDTH, WIDTH)


@dataclass(frozen=True)
class Log:
    """A log that was found to be as it should be."""

    size: int
    root: bytes
    witnesses: frozenset
    entries: list


def verify(folder, log_key, witness_keys=(), quorum=0):
    """Checks all that a log's checkpoint commits to; raises Fault at the first thing wrong."""
    text, signatures = read_note(read(folder, "checkpoint"))
    origin, size, root = text.decode().splitlines()[:3]
    if origin != log_key.name or log_key not in signers(text, signatures, [log_key]):
        raise Fault("checkpoint: is not signed by the log")
    witnesses = signers(text, signatures, witness_keys)
    if len(witnesses) < quorum:
        raise Fault(f"checkpoint: {len(witnesses)} witnesses have cosigned, {quorum} must")
    size, root = int(size), strict_base64(root)

    entries = []
    for index, width in tiles_of(size):
        path = tile_path("entries", index, width)
        found = entries_of(read(folder, path), path)
        if len(found) != width:
            raise Fault(f"{path}: has {len(found)} entries")
        entries += found

    leaves = [leaf_hash(entry) for entry in entries]
    level, hashes = 0, leaves
    while hashes:
        above = []
        for index, width in tiles_of(len(hashes)):
            path = tile_path(level, index, width)
            row = hashes[index * WIDTH : index * WIDTH + width]
            if read(folder, path) != b"".join(row):
                raise Fault(f"{path}: is not what lies below it")
            if width == WIDTH:
                above.append(tree_hash(row))
        level, hashes = level + 1, above
    if tree_hash(leaves) != root:
        raise Fault("checkpoint: the entries lead to another root")
    return Log(size, root, frozenset(witnesses), entries)
