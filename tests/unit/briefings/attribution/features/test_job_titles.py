"""A job title is shown only if its words can be a job title without other context."""

import time

import pytest

from briefings.attribution.features.person_names import clean_job_title
from briefings.attribution.name_completion import find_full_names
from briefings.model import Article


@pytest.mark.parametrize(
    ("text", "job_title"),
    [
        ("shadow chancellor", "shadow chancellor"),
        ("general secretary of the Fire Brigades Union", "general secretary of the Fire Brigades Union"),
        ("US Secretary of State", "US Secretary of State"),
        ("No. 3 House Democrat", "No. 3 House Democrat"),
        ("spokesman for Rep. Ann Lee (R-Ohio)", "spokesman for Rep. Ann Lee (R-Ohio)"),
        ("former prosecutor whose rise was steep", "former prosecutor"),
        ("head of the team, which left on Monday", "head of the team"),
        ("another Easton lawyer", None),
        ("citing an army official", None),
        ("suggesting the party's nominee", None),
        ("defending his deputy minister", None),
        ("acting president", "acting president"),
        ("managing director of the Harbour Board", "managing director of the Harbour Board"),
        ("according to a pool report by journalists", None),
        ("1528 UK Prime Minister", "UK Prime Minister"),
        ("director of the Harbour Board -LRB- HB -RRB-", "director of the Harbour Board"),
        ("whose father", None),
        ("after his wife", None),
        ("in a letter to a senior member of Congress", None),
        ("then Home Secretary", None),
        ("executive vice president of the Committee to", None),
        ("LRB- his son -RRB-", None),
        ("“ general manager", None),
        ("author of the book `` The Show", None),
        ("Producer\\/Ann Lee", None),
        ("Senator (R-S", None),
        ("Saturday Foreign Minister", None),
        ("4 sons", None),
        ("officials", None),
        ("", None),
    ],
)
def test_only_a_complete_job_title_is_kept(text: str, job_title: str | None) -> None:
    assert clean_job_title(text) == job_title


@pytest.mark.parametrize(
    ("sentence", "job_titles"),
    [
        ("The report names his opponent for president, Sarah Quill, as the source.", ()),
        ("He had asked the president, Sarah Quill, for help.", ("president",)),
        ("He waited for the president, Sarah Quill, at the quay.", ("president",)),
    ],
)
def test_job_that_a_candidate_seeks_is_not_a_job_title(sentence: str, job_titles: tuple[str, ...]) -> None:
    (person,) = find_full_names(Article("a", sentence))
    assert (person.name, person.roles) == ("Sarah Quill", job_titles)


@pytest.mark.parametrize("mark", ["[", "(", ", ", "–", ". "])
def test_long_run_of_marks_takes_no_longer_than_words(mark: str) -> None:
    start = time.process_time()
    clean_job_title(f"director {mark * 20_000}")
    assert time.process_time() - start < 1
