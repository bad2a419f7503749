"""A few bytes of Windows-1252 in UTF-8 text are mended where they are certain, and harm nothing else."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.errors import BadInput
from briefings.ingest.formats.encoding import decode_bytes
from briefings.ingest.formats.stray_bytes import decode_stray_bytes, is_mostly_utf8

SOUND = "“Nobody wants another café,” said Zoë Müller – “or a naïve plan.” "


@pytest.mark.parametrize(
    ("stray", "expected"),
    [
        (b"\x93Yes,\x94 she said", "“Yes,” she said"),
        (b"the mayor\x92s plan \x97 or not\x85\x94", "the mayor’s plan — or not…”"),
        (b"\xa35m in K\xf6ln and caf\xe9s", "£5m in Köln and cafés"),
        (b"cut \xe2\x80 here", "cut \ufffd here"),  # the beginning of a quotation mark
        (b"cut \x80\x9c here", "cut \ufffd\ufffd here"),  # the end of one
        (b"no \x9d character", "no \ufffd character"),
    ],
)
def test_stray_byte_becomes_its_character_only_if_certain(stray: bytes, expected: str) -> None:
    data = SOUND.encode() * 3 + stray
    assert decode_bytes(data, "x") == SOUND * 3 + expected
    assert decode_bytes(data, "x", "windows-1252") == SOUND * 3 + expected


@pytest.mark.parametrize("encoding", ["cp1252", "iso-8859-1"])
def test_text_in_windows_1252_is_not_taken_for_utf8(encoding: str) -> None:
    data = ("Zoë Müller besuchte das Café in Köln. " * 5).encode(encoding)
    assert not is_mostly_utf8(data)
    assert decode_bytes(data, "x") == data.decode("cp1252")


@pytest.mark.parametrize(
    ("text", "encoding"), [("北京的消息很好", "gb18030"), ("東京のニュース", "shift_jis"), ("Привет", "cp1251")]
)
def test_declared_encoding_is_used_for_other_scripts(text: str, encoding: str) -> None:
    assert decode_bytes((text * 20).encode(encoding), "x", encoding) == text * 20


@given(st.binary(max_size=500))
def test_any_bytes_are_decoded_or_refused(data: bytes) -> None:
    decode_stray_bytes(data)
    with suppress(BadInput):
        decode_bytes(data, "x")


@given(st.text(max_size=500))
def test_valid_utf8_stays_unchanged(text: str) -> None:
    data = text.encode("utf-8", "ignore")
    assert decode_stray_bytes(data) == data.decode()
