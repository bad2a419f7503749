"""Data sets under ../shared, scored by their own scorers. Each test prints its figures and checks a minimum."""

import importlib.util
import subprocess
import sys
from argparse import Namespace
from pathlib import Path

import pytest

from bot.cli import queries

SHARED = Path(__file__).parents[3] / "shared"
TIMELINES = ("H1N1_bbc", "H1N1_guardian", "H1N1_reuters", "MJ_bbc", "haiti_bbc")


@pytest.mark.parametrize(("name", "minimum"), [("basil-dev", 0.95), ("ecbplus-dev", 0.885)])
def test_stories_reach_minimum(name: str, minimum: float, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gold = require_file("topics", f"{name}.jsonl")
    queries.stories(Namespace(articles=str(gold)))
    assert run_scorer("bcubed.f1", capsys, tmp_path, "topics", gold) >= minimum


def test_timelines_reach_minimum(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gold = require_file("timelines", "timelines.jsonl")
    for topic in TIMELINES:
        queries.timeline(Namespace(articles=str(require_file("timelines", f"{topic}.jsonl.gz")), topic=topic))
    assert run_scorer("date_f1", capsys, tmp_path, "timelines", gold) >= 0.76


@pytest.mark.parametrize(("name", "words"), [("multiling-dev", 250), ("neus-dev", 65)])
def test_summaries_reach_minimum(name: str, words: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gold = require_file("summaries", f"{name}.jsonl")
    if importlib.util.find_spec("rouge_score") is None:
        pytest.skip("rouge-score is missing: pip install rouge-score")
    queries.summarise(Namespace(topics=str(gold), words=words))
    assert run_scorer("rouge2_of_lead", capsys, tmp_path, "summaries", gold, "--words", str(words)) >= 1.05


def require_file(folder: str, name: str) -> Path:
    path = SHARED / folder / name
    if not path.exists():
        pytest.skip(f"../shared/{folder}/{name} is missing")
    return path


def run_scorer(
    figure: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, folder: str, gold: Path, *options: str
) -> float:
    """Run a folder's scorer on the captured output and return one figure. Print all figures."""
    system = tmp_path / "system.jsonl"
    system.write_text(capsys.readouterr().out, encoding="utf-8")
    command = [sys.executable, str(require_file(folder, "score.py")), str(gold), str(system), *options]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    with capsys.disabled():
        sys.stdout.write(f"\n{gold.stem}: {' | '.join(output.splitlines())}\n")
    return next(float(line.split()[-1]) for line in output.splitlines() if line.startswith(f"{figure} "))
