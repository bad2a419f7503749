"""`/whosaid` and the web pages give the same answer to every question of `questions.txt`."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from briefings import PAGE_SIZE, BriefingsError, BriefingService, WhoSaid
from tests.support.command_line import Run

_who_said = BriefingService.who_said


def test_both_doors_give_the_same_answer(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Compare hits, heads, variants, outlets, narration and nearest quotes; a page has the first 20 hits."""
    questions = (Path(__file__).parent / "questions.txt").read_text(encoding="utf-8").splitlines()
    compared: list[str] = []

    def compare_doors(service: BriefingService, words: str, **filters: Any) -> WhoSaid:
        compared.append(words)
        try:
            answer = _who_said(service, words, **filters)
        except BriefingsError as error:
            with pytest.raises(type(error), match=re.escape(str(error))):
                service.search_quotes(words, **filters)
            raise
        results = service.search_quotes(words, **filters)
        page = results.answer
        assert page.hits == answer.hits[:PAGE_SIZE], words
        assert (page.narration, page.nearest) == (answer.narration, answer.nearest), words
        assert (page.query, page.totals, page.bounds) == (answer.query, answer.totals, answer.bounds)
        assert results.page.has_more == (len(answer.hits) > PAGE_SIZE)
        return answer

    monkeypatch.setattr(BriefingService, "who_said", compare_doors)
    for question in questions:
        if question and not question.startswith("#"):
            run("whosaid", *shlex.split(question), "--json")
    assert len(compared) >= 200
