"""Two hundred questions of who said what, with the answers as they were.

The questions stand in `questions.txt`, for people to edit; the answers in `answers/questions.jsonl`, a line a question.
"""

import json
import shlex
from pathlib import Path
from typing import Any

from tests.golden.compare import compare
from tests.support.command_line import CommandResult, RunCommand

_FIELDS = ("speaker", "role", "anonymous", "quote", "kind", "confidence", "article", "start", "end", "outlets")
_PLACE = ("quote", "article", "start", "end")
_NARRATED = ("text", "article", "start", "end")


def test_every_question_is_answered_as_before(run: RunCommand) -> None:
    """Speaker, words, place, confidence, outlets, other wordings, narration, the nearest."""
    lines = (Path(__file__).parent / "questions.txt").read_text(encoding="utf-8").splitlines()
    questions = [line for line in lines if line and not line.startswith("#")]
    assert len(questions) >= 200
    answers = [{"question": one} | essential(run("whosaid", *shlex.split(one), "--json")) for one in questions]
    compare("questions.jsonl", "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in answers))


def essential(result: CommandResult) -> dict[str, Any]:
    """What matters of an answer, or what was said instead of one."""
    if not result.out:
        return {"status": result.status, "complaint": result.err.splitlines()[-1]}
    answer = json.loads(result.out)
    return {
        "hits": [_hit(one) for one in answer["hits"]],
        "narration": [{name: one[name] for name in _NARRATED} for one in answer["narration"]],
        "nearest": [_hit(one) for one in answer["nearest"]],
        "more": answer["more"],
        "searched": answer["searched"],
    }


def _hit(hit: dict[str, Any]) -> dict[str, Any]:
    variants = [{name: one[name] for name in _PLACE} for one in hit["variants"]]
    return {name: hit[name] for name in _FIELDS} | {"variants": variants}
