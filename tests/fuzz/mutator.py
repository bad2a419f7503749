"""Damage bytes at random, in ways that real files are damaged and that parsers handle badly."""

from collections.abc import Callable
from random import Random

#: pieces that mean something to one parser or another
_PIECES = (
    b"\x00",
    b"\xff\xff\xff\xff",
    b"\r\n\r\n",
    b"<!DOCTYPE a [<!ENTITY b 'c'>]>",
    b"]]>",
    b"<![CDATA[",
    b"\xef\xbb\xbf",
    b"999999999999999999999",
    b"-1",
    b"%s%n{0}",
    b"../../../../etc/passwd",
    b"[" * 2_000,
    b"<div>" * 2_000,
    b'"',
    "“".encode(),
    b"\xed\xa0\x80",
    b"--",
    b"Content-Type: multipart/mixed; boundary=a\n\n--a\n",
)
_MAX_CHANGES = 8


def mutate(data: bytes, random: Random) -> bytes:
    """Return a damaged copy of `data`: one to eight changes at random places."""
    for _ in range(random.randint(1, _MAX_CHANGES)):
        data = random.choice(_CHANGES)(data, random)
    return data


def _flip_bits(data: bytes, random: Random) -> bytes:
    changed = bytearray(data)
    for _ in range(random.randint(1, 20)):
        if changed:
            changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
    return bytes(changed)


def _cut_off(data: bytes, random: Random) -> bytes:
    return data[: random.randint(0, len(data))]


def _delete_slice(data: bytes, random: Random) -> bytes:
    start, end = _choose_slice(data, random)
    return data[:start] + data[end:]


def _repeat_slice(data: bytes, random: Random) -> bytes:
    start, end = _choose_slice(data, random)
    return data[:end] + data[start:end] * random.choice((1, 1, 5, 50)) + data[end:]


def _move_slice(data: bytes, random: Random) -> bytes:
    start, end = _choose_slice(data, random)
    rest = data[:start] + data[end:]
    target = random.randint(0, len(rest))
    return rest[:target] + data[start:end] + rest[target:]


def _insert_piece(data: bytes, random: Random) -> bytes:
    position = random.randint(0, len(data))
    return data[:position] + random.choice(_PIECES) + data[position:]


def _overwrite_piece(data: bytes, random: Random) -> bytes:
    position, piece = random.randint(0, len(data)), random.choice(_PIECES)
    return data[:position] + piece + data[position + len(piece) :]


def _choose_slice(data: bytes, random: Random) -> tuple[int, int]:
    start = random.randint(0, len(data))
    return start, min(len(data), start + random.choice((1, 4, 64, 1_024)))


_CHANGES: tuple[Callable[[bytes, Random], bytes], ...] = (
    _flip_bits,
    _flip_bits,
    _cut_off,
    _delete_slice,
    _repeat_slice,
    _move_slice,
    _insert_piece,
    _overwrite_piece,
)
