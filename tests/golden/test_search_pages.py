"""`/whosaid` and the web pages give the same answer to every question of `questions.txt`."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from briefings import PAGE_SIZE, BriefingsError, BriefingService, WhoSaid
from tests.support.command_line import RunCommand

_who_said = BriefingService.who_said


def test_command_and_page_give_the_same_answer(run: RunCommand, monkeypatch: pytest.MonkeyPatch) -> None:
    """Compare hits, heads, variants, outlets, narration and nearest quotes. A page has the first 20 hits."""
    questions = (Path(__file__).parent / "questions.txt").read_text(encoding="utf-8").splitlines()
    compared: list[str] = []

    def compare_answers(service: BriefingService, words: str, **filters: Any) -> WhoSaid:
        compared.append(words)
        filters.pop("relax", None)  # pages have a form for filters, and leave none out
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

    monkeypatch.setattr(BriefingService, "who_said", compare_answers)
    for question in questions:
        if question and not question.startswith("#"):
            run("whosaid", *shlex.split(question), "--json")
    assert len(compared) >= 200
