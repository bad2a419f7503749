"""Quotes of the four seed articles, compared with the gold entries and a baseline. A loss fails.

After an improvement, update the baseline: `python -m tests.gold.test_gold_quotes`
"""

import json
from pathlib import Path

import pytest

from briefings.attribution import complete_speakers, find_attributions
from briefings.model import Article, Span
from tests.gold.score import judge_entries, load_gold

ROOT = Path(__file__).parents[2]
BASELINE = Path(__file__).parent / "baseline.json"
#: first words of the boilerplate lines in the seed articles
_BOILERPLATE = ("Related: Brexit", "Powered by article", "<iframe")


def load_seeds() -> list[Article]:
    """Return the four seed articles with their boilerplate marked."""
    return [_load_article(path) for path in sorted((ROOT / "seeds").glob("*.txt"))]


def judge_all() -> dict[str, bool]:
    """Return for each gold entry whether it is correct. The seeds are one story."""
    articles_with_quotes = complete_speakers([(article, find_attributions(article)) for article in load_seeds()])
    return {
        key: is_correct
        for article, quotes in articles_with_quotes
        for key, is_correct in judge_entries(article, quotes, load_gold(article.id)).items()
    }


def test_no_gold_entry_gets_worse(capsys: pytest.CaptureFixture[str]) -> None:
    before, now = json.loads(BASELINE.read_text(encoding="utf-8")), judge_all()
    gains = sorted(key for key in now if now[key] and not before.get(key))
    losses = sorted(key for key in before if before[key] and not now.get(key))
    with capsys.disabled():
        print(f"\nseeds: {sum(now.values())} of {len(now)} correct, {len(gains)} gained, {len(losses)} lost")  # noqa: T201  # the figures are for the developer
        for sign, keys in (("+", gains), ("-", losses)):
            for key in keys:
                print(f"  {sign} {key}")  # noqa: T201  # the same
    assert not losses
    assert set(before) == set(now), "the gold entries have changed: update the baseline"


def test_order_of_the_articles_does_not_matter() -> None:
    batch = [(article, find_attributions(article)) for article in load_seeds()]
    assert sorted(complete_speakers(batch), key=_get_id) == sorted(complete_speakers(batch[::-1]), key=_get_id)


def _get_id(pair: tuple[Article, object]) -> str:
    return pair[0].id


def _load_article(path: Path) -> Article:
    text = path.read_text(encoding="utf-8")
    spans = []
    for opening in _BOILERPLATE:
        start = text.find(opening)
        if start >= 0:
            end = text.find("\n", start)
            spans.append(Span(start, end if end >= 0 else len(text)))
    return Article(path.stem, text, boilerplate=tuple(spans))


if __name__ == "__main__":
    BASELINE.write_text(json.dumps(judge_all(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
