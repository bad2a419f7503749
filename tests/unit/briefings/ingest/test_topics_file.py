"""topics.toml gives topics, or one sentence names the line."""

from pathlib import Path

import pytest

from briefings.errors import BadInput
from briefings.ingest.topics_file import read_topics
from briefings.model import Topic

GOOD = '[[topic]]\nslug = "labour-crisis"\ntitle = "Labour"\nwords = ["no-confidence"]\n'


def topics(tmp_path: Path, toml: str) -> tuple[Topic, ...]:
    path = tmp_path / "topics.toml"
    path.write_text(toml, encoding="utf-8")
    return read_topics(path)


def test_topics_come_in_their_order(tmp_path: Path) -> None:
    found = topics(tmp_path, GOOD + GOOD.replace("labour-crisis", "a1"))
    assert found[0] == Topic(slug="labour-crisis", title="Labour", words=("no-confidence",))
    assert found[1].slug == "a1"


def test_the_seeds_topics_are_read() -> None:
    (topic,) = read_topics(Path(__file__).parents[4] / "seeds" / "topics.toml")
    assert topic.slug == "labour-crisis"
    assert "vote of no confidence" in topic.words


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("", "holds no topics"),
        (GOOD + GOOD, "line 5: the slug 'labour-crisis' is taken"),
        (GOOD.replace("labour-crisis", "Labour Crisis"), "line 1: the slug 'Labour Crisis' must be small letters"),
        (GOOD.replace("labour-crisis", "a--b"), "must be small letters"),
        (GOOD.replace("labour-crisis", "a\\n"), "must be small letters"),
        (GOOD.replace("labour-crisis", "a" * 65), "must be small letters"),
        (GOOD.replace('slug = "labour-crisis"', ""), '"slug" is missing'),
        (GOOD.replace('"Labour"', '" "'), '"title" is empty'),
        (GOOD.replace('"Labour"', "1"), '"title" must be a text'),
        (GOOD.replace('["no-confidence"]', "[]"), '"words" must be a list'),
        (GOOD.replace('["no-confidence"]', '"no-confidence"'), '"words" must be a list'),
        (GOOD.replace("words", "word"), '"words" must be a list'),
        (GOOD.replace('"no-confidence"', '"fine", "?!"'), 'each of "words"'),
        (GOOD.replace('"no-confidence"', "3"), 'each of "words"'),
        (GOOD.replace("[[topic]]", "[topic]"), "[[topic]] in double brackets"),
        (GOOD + "slug", "line 5: this is not valid TOML"),
    ],
)
def test_a_wrong_file_is_told(tmp_path: Path, toml: str, said: str) -> None:
    with pytest.raises(BadInput, match=r"topics\.toml") as error:
        topics(tmp_path, toml)
    assert said in str(error.value)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        read_topics(tmp_path / "none.toml")
