"""Text files and folders become articles with unchanged text, or one message explains the failure."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.errors import BadInput
from briefings.ingest import text_file
from briefings.ingest.reader import read_raw_articles
from briefings.model import Article

STORABLE = st.text().filter(lambda text: "\0" not in text and text.replace("\ufeff", "").strip() != "")


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_file_becomes_an_article_with_its_name_line_endings_and_byte_order_mark(tmp_path: Path) -> None:
    text = "\ufeffFirst.\r\nSecond.\rThird.\n\x85\u2028"
    assert list(read_raw_articles(write(tmp_path / "a.b.txt", text))) == [Article(id="a.b", text=text)]


@given(STORABLE)
def test_any_storable_text_is_read_byte_for_byte(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = write(tmp_path_factory.mktemp("texts") / "one.txt", text)
    assert [article.text.encode() for article in read_raw_articles(path)] == [path.read_bytes()]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b" \r\n\xef\xbb\xbf", "is empty"),
        (b"\xef\xbb\xbf\n", "is empty"),
        (b"caf\xe9", "not UTF-8"),
        (b"one\ntwo\ncaf\xe9\n", "line 3: this is not UTF-8"),
        ("Hi".encode("utf-16-le"), "NUL"),
    ],
)
def test_invalid_text_is_reported_with_the_file_name(tmp_path: Path, content: bytes, message: str) -> None:
    path = write(tmp_path / "bad.txt", content)
    with pytest.raises(BadInput, match=r"bad\.txt") as error:
        list(read_raw_articles(path))
    assert message in str(error.value)


def test_file_over_the_size_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_file, "MAX_BYTES", 10)
    assert list(read_raw_articles(write(tmp_path / "ten.txt", "0123456789")))
    with pytest.raises(BadInput, match="longer than 10 bytes"):
        list(read_raw_articles(write(tmp_path / "eleven.txt", "0123456789a")))


@pytest.mark.parametrize("name", ["missing.txt", "missing", "x" * 5_000, "a\0b"])
def test_missing_path_is_reported(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput, match=r"was not found|cannot be read"):
        read_raw_articles(tmp_path / name)


def test_unsupported_file_type_is_reported(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="is a RAR archive"):
        read_raw_articles(write(tmp_path / "page.rar", b"Rar!"))


def test_folder_gives_its_articles_by_name_with_metadata_from_sources(tmp_path: Path) -> None:
    write(tmp_path / "b.txt", "Second.")
    write(tmp_path / "a.txt", "First.")
    write(tmp_path / ".hidden.txt", "")
    write(tmp_path / "topics.toml", "")
    (tmp_path / "sub.txt").mkdir()
    write(
        tmp_path / "sources.toml",
        '\ufeff[[article]]\r\nfile = "b.txt"\r\npublisher = " The Paper "\r\nbyline = ""\r\npublished = 2016-06-30\r\n'
        'url = "https://paper.example/b"\r\ntitle = "A title"\r\nnote = 7\r\n',
    )
    assert list(read_raw_articles(tmp_path)) == [
        Article(id="a", text="First."),
        Article(
            id="b",
            text="Second.",
            publisher="The Paper",
            published=date(2016, 6, 30),
            url="https://paper.example/b",
            title="A title",
        ),
    ]


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ('[[article]]\nfile = "a.txt"\npublisher =\n', "sources.toml, line 3: this is not valid TOML"),
        ('[[article]]\nfile = "a.txt', "sources.toml, line 2: this is not valid TOML"),
        ("x = " + "[" * 50_000, "not valid TOML"),
        ('[[article]]\nfile = "a.txt"\n\n[[article]]\nfile = "c.txt"', "line 4: 'c.txt' is not in this folder"),
        ('[[article]]\nfile = "../a.txt"', "is not in this folder"),
        ('[[article]]\nfile = "a.txt"\n[[article]]\nfile = "a.txt"', "line 3: 'a.txt' already has an entry"),
        ('[[article]]\nfile = "a.txt"\npublished = "30 June"', '"published" is not a valid date'),
        ('[[article]]\nfile = "a.txt"\npublished = "2016-W26"', '"published" is not a valid date'),
        ('[[article]]\nfile = "a.txt"\npublished = 2016-06-31', "line 3: this is not valid TOML"),
        ('[[article]]\nfile = "a.txt"\npublished = 20160630', '"published" must be text in quotation marks'),
        ('[[article]]\nfile = "a.txt"\nurl = "javascript:alert(1)"', '"url" is not a web address'),
        ('[[article]]\nfile = "a.txt"\ntitle = ["A"]', '"title" must be text in quotation marks, not a list'),
        ('[[article]]\npublisher = "P"', 'line 1: "file" is missing'),
        ('[article]\nfile = "a.txt"', "[[article]] in double brackets"),
        ('article = [{file = "a.txt"}, {file = 3}]', 'article 2: "file" must be text'),
        (b"\xff", "not UTF-8"),
    ],
)
def test_invalid_sources_file_is_reported_with_its_line(tmp_path: Path, toml: str | bytes, message: str) -> None:
    write(tmp_path / "a.txt", "First.")
    write(tmp_path / "sources.toml", toml)
    with pytest.raises(BadInput, match=r"sources\.toml") as error:
        list(read_raw_articles(tmp_path))
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_invalid_file_of_a_folder_raises_or_is_passed_to_the_callback(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", b"\xff")
    write(tmp_path / "z.txt", "Last.")
    with pytest.raises(BadInput, match=r"a\.txt"):
        list(read_raw_articles(tmp_path))
    errors: list[BadInput] = []
    assert [article.id for article in read_raw_articles(tmp_path, on_error=errors.append)] == ["z"]
    assert len(errors) == 1


def test_folder_without_articles_is_reported(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="contains no articles"):
        list(read_raw_articles(tmp_path))


def test_two_files_of_the_same_name_get_different_ids(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", "First.")
    write(tmp_path / "a.TXT", "Other.")
    if len(list(tmp_path.iterdir())) == 1:
        pytest.skip("this file system treats a.txt and a.TXT as the same file")
    assert [(article.id, article.text) for article in read_raw_articles(tmp_path)] == [
        ("a", "Other."),
        ("a.txt", "First."),
    ]


def test_the_seeds_are_read_unchanged() -> None:
    seeds = Path(__file__).parents[4] / "seeds"
    articles = {article.id: article for article in read_raw_articles(seeds)}
    assert len(articles) == 4
    assert all(article.text.encode() == (seeds / f"{name}.txt").read_bytes() for name, article in articles.items())
    assert articles["002_494a08902a45e5b0"].published == date(2016, 6, 30)
    assert articles["001_35c75fa326b54fdb"].published is None
    assert articles["000_3e648ece572ec1d5"].byline == "Heather Stewart"
