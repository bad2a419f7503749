"""The archives among the case files of ../shared give their articles."""

from pathlib import Path

import pytest

from tests.support.reading import read_path

CASES = Path(__file__).parents[6] / "shared" / "cases" / "formats" / "files"


@pytest.mark.skipif(not CASES.is_dir(), reason="needs the folder ../shared")
@pytest.mark.parametrize(
    ("name", "least", "is_cut"),
    [
        ("10-files/a.txt.bz2", 1, False),
        ("10-files/a.txt.xz", 1, False),
        ("10-files/some.zip", 1, False),
        ("11-warc/br-flag-decoded.warc", 1, False),
        ("11-warc/chunk-flag-dechunked.warc", 1, False),
        ("11-warc/crawl.wacz", 1, False),
        ("11-warc/cut.warc.gz", 1, True),
        ("11-warc/cut100.jsonl.gz", 94, True),
        ("11-warc/cut20.warc", 19, True),
        ("11-warc/cut20.warc.gz", 19, True),
        ("11-warc/gzip-flag-decoded.warc", 1, False),
        ("11-warc/lt-gt.warc", 1, False),
        ("11-warc/noct.warc", 1, False),
        ("11-warc/old.arc", 1, False),
        ("11-warc/plain.warc.gz", 1, False),
        ("11-warc/resource.warc", 1, False),
        ("11-warc/textplain.warc", 1, False),
        ("11-warc/wet.warc", 1, False),
        ("11-warc/x-archive-orig.warc", 1, False),
        ("14-ids", 2, False),
    ],
)
def test_each_case_file_is_read_and_a_cut_is_named(name: str, least: int, is_cut: bool) -> None:
    result = read_path(CASES / name)
    assert len(result.articles) >= least
    assert [("ends in the middle" in error) for error in result.errors] == [True] * is_cut
    assert len(set(result.ids)) == len(result.ids)
