"""Compressed files are read to the last whole byte, and bombs are refused."""

import bz2
import gzip
import io
import json
import lzma
import tracemalloc
import zlib
from collections import deque
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from briefings.errors import BadInput
from briefings.ingest.formats.compression import open_content, open_decompressed
from briefings.ingest.formats.integrity import Damage, Integrity
from tests.stand_ins.pages import make_page
from tests.support.reading import read_path

Compress = Callable[[bytes], bytes]
COMPRESSIONS: list[tuple[str, Compress]] = [
    (".gz", gzip.compress),
    (".zst", zstandard.compress),
    (".bz2", bz2.compress),
    (".xz", lzma.compress),
]
LINES = b"".join(
    json.dumps({"id": f"n{number}", "text": f"Jane Roe counted {number * 7919 % 1000} ballots in Easton."}).encode()
    + b"\n"
    for number in range(200)
)


@pytest.mark.parametrize(("suffix", "compress"), COMPRESSIONS)
def test_each_compression_is_read(tmp_path: Path, suffix: str, compress: Compress) -> None:
    path = tmp_path / f"news.jsonl{suffix}"
    path.write_bytes(compress(LINES))
    result = read_path(path)
    assert len(result.articles) == 200
    assert not result.errors
    text = tmp_path / f"lead.txt{suffix}"
    text.write_bytes(compress(b"The hall was full.\n"))
    assert [(article.id, article.text) for article in read_path(text).articles] == [("lead", "The hall was full.\n")]


@pytest.mark.parametrize(("suffix", "compress"), COMPRESSIONS)
def test_parts_that_were_compressed_one_by_one_are_one_file(tmp_path: Path, suffix: str, compress: Compress) -> None:
    path = tmp_path / f"news.jsonl{suffix}"
    path.write_bytes(compress(LINES[:5_000]) + compress(LINES[5_000:]) + (b"\0" * 8 if suffix != ".zst" else b""))
    result = read_path(path)
    assert len(result.articles) == 200
    assert not result.errors


@pytest.mark.parametrize("outer", COMPRESSIONS)
@pytest.mark.parametrize("inner", COMPRESSIONS)
def test_two_layers_of_compression_are_removed(
    tmp_path: Path, outer: tuple[str, Compress], inner: tuple[str, Compress]
) -> None:
    path = tmp_path / f"news.jsonl{inner[0]}{outer[0]}"
    path.write_bytes(outer[1](inner[1](LINES)))
    assert len(read_path(path).articles) == 200


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
@pytest.mark.parametrize(("suffix", "compress"), [COMPRESSIONS[0], COMPRESSIONS[3]])
def test_lines_before_a_cut_are_taken_and_the_cut_is_told_once(
    tmp_path: Path, suffix: str, compress: Compress, share: float
) -> None:
    path = tmp_path / f"news.jsonl{suffix}"
    data = compress(LINES)
    path.write_bytes(data[: int(share * len(data))])
    result = read_path(path)
    count = len(result.articles)
    assert result.ids == [f"n{number}" for number in range(count)]
    assert count > 200 * (share - 0.25)
    assert result.errors == [
        f"{path} ends in the middle: the download was cut off. {count} articles before that were taken. "
        "Download it again."
    ]


def test_a_cut_between_two_parts_of_gzip_is_no_damage_and_one_inside_is(tmp_path: Path) -> None:
    first, second = gzip.compress(LINES[:5_000]), gzip.compress(LINES[5_000:])
    path = tmp_path / "news.jsonl.gz"
    path.write_bytes(first + second[:5])
    result = read_path(path)
    assert len(result.articles) == LINES[:5_000].count(b"\n")
    assert "ends in the middle" in result.errors[0]


def test_lines_of_every_compression_that_are_whole_survive_a_missing_end(tmp_path: Path) -> None:
    for suffix, compress in COMPRESSIONS:
        path = tmp_path / f"news.jsonl{suffix}"
        path.write_bytes(compress(LINES) + compress(LINES[:5_000])[:20])
        result = read_path(path)
        assert len(result.articles) == 200
        assert len(result.errors) == 1


@pytest.mark.parametrize(("suffix", "compress"), COMPRESSIONS)
@pytest.mark.parametrize(
    ("name", "data"), [("lead.txt", b"The hall was full of people. " * 900), ("page.html", make_page().encode())]
)
def test_a_cut_off_article_is_refused(tmp_path: Path, name: str, data: bytes, suffix: str, compress: Compress) -> None:
    path = tmp_path / f"{name}{suffix}"
    path.write_bytes(compress(data)[:-3])
    result = read_path(path)
    assert result.articles == []
    assert result.errors == [
        f"{path} ends in the middle: the download was cut off, so nothing was taken from it. Download it again."
    ]


def test_an_error_before_the_damage_is_reported_too(tmp_path: Path) -> None:
    path = tmp_path / "news.jsonl.gz"
    path.write_bytes(gzip.compress(b"no JSON\n" + LINES)[:-300])
    result = read_path(path)
    assert [error.removeprefix(str(path))[:8] for error in result.errors] == [", line 1", " ends in"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data[:-6] + b"\xff\xff" + data[-4:],  # check sum
        lambda data: data + b"not compressed",
        lambda data: data + data[:5] + b"\xff" * 50,
    ],
)
def test_damaged_content_is_named_and_a_text_is_not_taken(tmp_path: Path, spoil: Compress) -> None:
    path = tmp_path / "lead.txt.gz"
    path.write_bytes(spoil(gzip.compress(b"The hall was full.")))
    result = read_path(path)
    assert result.articles == []
    assert "is a damaged or incomplete gzip file" in result.errors[0]


def test_strict_reading_raises_at_the_damage(tmp_path: Path) -> None:
    path = tmp_path / "news.jsonl.gz"
    path.write_bytes(gzip.compress(LINES)[:-100])
    with pytest.raises(BadInput, match="ends in the middle"), open_decompressed(path) as (stream, _):
        stream.read()


@pytest.mark.parametrize(
    "create_compressor",
    [
        lambda: zlib.compressobj(9, zlib.DEFLATED, 31),
        lambda: zstandard.ZstdCompressor().compressobj(),
        bz2.BZ2Compressor,
        lambda: lzma.LZMACompressor(preset=1),
    ],
)
def test_a_bomb_is_refused_early_with_little_memory(tmp_path: Path, create_compressor: Callable[[], object]) -> None:
    compressor = create_compressor()
    path, zeros = tmp_path / "bomb.warc", bytes(10_000_000)
    with path.open("wb") as file:
        file.write(compressor.compress(b"WARC/1.0\r\n"))  # type: ignore[attr-defined]  # all of them have it
        for _ in range(40):
            file.write(compressor.compress(zeros))  # type: ignore[attr-defined]  # as above
        file.write(compressor.flush())  # type: ignore[attr-defined]  # as above
    tracemalloc.start()
    with (
        open_content(lambda: path.open("rb"), Integrity("bomb")) as content,
        pytest.raises(BadInput, match="decompresses to more than 200 times its size"),
    ):
        deque(iter(lambda: content.stream.read(65_536), b""), maxlen=0)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 100_000_000


def test_content_that_needs_much_memory_is_refused(tmp_path: Path) -> None:
    filters = [{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 28}]
    path = tmp_path / "lead.txt.xz"
    path.write_bytes(lzma.compress(b"The hall was full.", filters=filters))
    assert "needs too much memory to decompress" in read_path(path).errors[0]


def test_every_byte_before_the_cut_is_returned() -> None:
    data = zlib.compressobj(6, zlib.DEFLATED, 31)
    compressed = data.compress(LINES) + data.flush(zlib.Z_SYNC_FLUSH)
    integrity = Integrity("news.gz")
    with open_content(lambda: io.BytesIO(compressed), integrity) as content:
        assert content.stream.read() == LINES
    assert integrity.damage is Damage.CUT_OFF
