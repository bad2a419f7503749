"""Two hundred questions about who said what, compared with their stored answers.

The questions are in `questions.txt`, for people to edit. `answers/questions.jsonl` has one line per question.
"""

import json
import shlex
from pathlib import Path
from typing import Any

from tests.golden.compare import compare
from tests.support.command_line import CommandResult, RunCommand

_FIELDS = ("speaker", "role", "anonymous", "quote", "kind", "confidence", "article", "start", "end", "outlets")
_VARIANT_FIELDS = ("quote", "article", "start", "end")
_NARRATION_FIELDS = ("text", "article", "start", "end")


def test_answers_to_all_questions(run: RunCommand) -> None:
    """Compare speaker, words, offsets, confidence, outlets, variants, narration and nearest quotes."""
    lines = (Path(__file__).parent / "questions.txt").read_text(encoding="utf-8").splitlines()
    questions = [line for line in lines if line and not line.startswith("#")]
    assert len(questions) >= 200
    answers = [
        {"question": question} | summarise(run("whosaid", *shlex.split(question), "--json")) for question in questions
    ]
    compare("questions.jsonl", "".join(json.dumps(answer, ensure_ascii=False) + "\n" for answer in answers))


def summarise(result: CommandResult) -> dict[str, Any]:
    """Return the relevant fields of an answer, or the error message."""
    if not result.out:
        return {"status": result.status, "complaint": result.err.splitlines()[-1]}
    answer = json.loads(result.out)
    return {
        "hits": [_summarise_hit(hit) for hit in answer["hits"]],
        "narration": [{name: passage[name] for name in _NARRATION_FIELDS} for passage in answer["narration"]],
        "nearest": [_summarise_hit(hit) for hit in answer["nearest"]],
        "more": answer["more"],
        "searched": answer["searched"],
    }


def _summarise_hit(hit: dict[str, Any]) -> dict[str, Any]:
    variants = [{name: variant[name] for name in _VARIANT_FIELDS} for variant in hit["variants"]]
    return {name: hit[name] for name in _FIELDS} | {"variants": variants}
