"""The sets under ../shared, scored by their own scorers: the figures are printed, and none falls below what must be."""

import importlib.util
import subprocess
import sys
from argparse import Namespace
from pathlib import Path

import pytest

from bot.cli import queries

SHARED = Path(__file__).parents[3] / "shared"
TIMELINES = ("H1N1_bbc", "H1N1_guardian", "H1N1_reuters", "MJ_bbc", "haiti_bbc")


@pytest.mark.parametrize(("name", "must"), [("basil-dev", 0.95), ("ecbplus-dev", 0.885)])
def test_stories(name: str, must: float, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gold = needed("topics", f"{name}.jsonl")
    queries.stories(Namespace(articles=str(gold)))
    assert scored("bcubed.f1", capsys, tmp_path, "topics", gold) >= must


def test_timelines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gold = needed("timelines", "timelines.jsonl")
    for topic in TIMELINES:
        queries.timeline(Namespace(articles=str(needed("timelines", f"{topic}.jsonl.gz")), topic=topic))
    assert scored("date_f1", capsys, tmp_path, "timelines", gold) >= 0.76


@pytest.mark.parametrize(("name", "words"), [("multiling-dev", 250), ("neus-dev", 65)])
def test_summaries(name: str, words: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gold = needed("summaries", f"{name}.jsonl")
    if importlib.util.find_spec("rouge_score") is None:
        pytest.skip("rouge-score is not installed: pip install rouge-score")
    queries.summarise(Namespace(topics=str(gold), words=words))
    assert scored("rouge2_of_lead", capsys, tmp_path, "summaries", gold, "--words", str(words)) >= 1.05


def needed(folder: str, name: str) -> Path:
    path = SHARED / folder / name
    if not path.exists():
        pytest.skip(f"../shared/{folder}/{name} is not there")
    return path


def scored(
    figure: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, folder: str, gold: Path, *more: str
) -> float:
    """What the folder's scorer makes of the lines printed so far; its figures are printed past the capture."""
    system = tmp_path / "system.jsonl"
    system.write_text(capsys.readouterr().out, encoding="utf-8")
    command = [sys.executable, str(needed(folder, "score.py")), str(gold), str(system), *more]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    with capsys.disabled():
        sys.stdout.write(f"\n{gold.stem}: {' | '.join(told.splitlines())}\n")
    return next(float(line.split()[-1]) for line in told.splitlines() if line.startswith(f"{figure} "))
