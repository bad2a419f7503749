"""topics.toml gives topics, or one message names the line."""

from pathlib import Path

import pytest

from briefings.errors import BadInput
from briefings.ingest.topics_file import read_topics
from briefings.model import Topic

GOOD = '[[topic]]\nslug = "labour-crisis"\ntitle = "Labour"\nwords = ["no-confidence"]\n'


def parse_topics(tmp_path: Path, toml: str) -> tuple[Topic, ...]:
    path = tmp_path / "topics.toml"
    path.write_text(toml, encoding="utf-8")
    return read_topics(path)


def test_topics_keep_the_order_of_the_file(tmp_path: Path) -> None:
    topics = parse_topics(tmp_path, GOOD + GOOD.replace("labour-crisis", "a1"))
    assert topics[0] == Topic(slug="labour-crisis", title="Labour", words=("no-confidence",))
    assert topics[1].slug == "a1"


def test_the_seeds_topics_are_read() -> None:
    (topic,) = read_topics(Path(__file__).parents[4] / "seeds" / "topics.toml")
    assert topic.slug == "labour-crisis"
    assert "vote of no confidence" in topic.words


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ("", "contains no topics"),
        (GOOD + GOOD, "line 5: an earlier topic already uses the slug 'labour-crisis'"),
        (GOOD.replace("labour-crisis", "Labour Crisis"), "line 1: invalid slug 'Labour Crisis'"),
        (GOOD.replace("labour-crisis", "a--b"), "lowercase letters, digits"),
        (GOOD.replace("labour-crisis", "a\\n"), "lowercase letters, digits"),
        (GOOD.replace("labour-crisis", "a" * 65), "lowercase letters, digits"),
        (GOOD.replace('slug = "labour-crisis"', ""), '"slug" is missing'),
        (GOOD.replace('"Labour"', '" "'), '"title" is empty'),
        (GOOD.replace('"Labour"', "1"), '"title" must be text'),
        (GOOD.replace('["no-confidence"]', "[]"), '"words" must be a list'),
        (GOOD.replace('["no-confidence"]', '"no-confidence"'), '"words" must be a list'),
        (GOOD.replace("words", "word"), '"words" must be a list'),
        (GOOD.replace('"no-confidence"', '"fine", "?!"'), 'each phrase in "words"'),
        (GOOD.replace('"no-confidence"', "3"), 'each phrase in "words"'),
        (GOOD.replace("[[topic]]", "[topic]"), "[[topic]] in double brackets"),
        (GOOD + "slug", "line 5: this is not valid TOML"),
    ],
)
def test_invalid_file_is_reported(tmp_path: Path, toml: str, message: str) -> None:
    with pytest.raises(BadInput, match=r"topics\.toml") as error:
        parse_topics(tmp_path, toml)
    assert message in str(error.value)


def test_missing_file_is_reported(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        read_topics(tmp_path / "none.toml")
