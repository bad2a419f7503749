"""The four seeds against the gold: every gain and loss is shown, and no loss passes.

After a change for the better, write the new baseline: `python -m tests.gold.test_gold_quotes`.
"""

import json
from pathlib import Path

import pytest

from briefings.attribution import complete_speakers, find_attributions
from briefings.model import Article, Span
from tests.gold.score import judge_entries, load_gold

ROOT = Path(__file__).parents[2]
BASELINE = Path(__file__).parent / "baseline.json"
#: lines of the seeds that are no part of their articles, by how they open
_BOILERPLATE = ("Related: Brexit", "Powered by article", "<iframe")


def seeds() -> list[Article]:
    """The four seeds, their boilerplate marked."""
    return [_article(path) for path in sorted((ROOT / "seeds").glob("*.txt"))]


def judgements() -> dict[str, bool]:
    """For each gold entry whether the engine has it right, the seeds taken as one story."""
    resolved = complete_speakers([(article, find_attributions(article)) for article in seeds()])
    return {
        key: right
        for article, quotes in resolved
        for key, right in judge_entries(article, quotes, load_gold(article.id)).items()
    }


def test_no_quotation_of_the_seeds_is_lost(capsys: pytest.CaptureFixture[str]) -> None:
    before, now = json.loads(BASELINE.read_text(encoding="utf-8")), judgements()
    gains = sorted(key for key in now if now[key] and not before.get(key))
    losses = sorted(key for key in before if before[key] and not now.get(key))
    with capsys.disabled():
        print(f"\nseeds: {sum(now.values())} of {len(now)} right, {len(gains)} gained, {len(losses)} lost")  # noqa: T201  # the table is the point
        for sign, keys in (("+", gains), ("-", losses)):
            for key in keys:
                print(f"  {sign} {key}")  # noqa: T201  # the same
    assert not losses
    assert set(before) == set(now), "the baseline is of another gold"


def test_the_order_of_the_articles_never_matters() -> None:
    batch = [(article, find_attributions(article)) for article in seeds()]
    assert sorted(complete_speakers(batch), key=_by_id) == sorted(complete_speakers(batch[::-1]), key=_by_id)


def _by_id(pair: tuple[Article, object]) -> str:
    return pair[0].id


def _article(path: Path) -> Article:
    text = path.read_text(encoding="utf-8")
    spans = []
    for opening in _BOILERPLATE:
        start = text.find(opening)
        if start >= 0:
            end = text.find("\n", start)
            spans.append(Span(start, end if end >= 0 else len(text)))
    return Article(path.stem, text, boilerplate=tuple(spans))


if __name__ == "__main__":
    BASELINE.write_text(json.dumps(judgements(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
