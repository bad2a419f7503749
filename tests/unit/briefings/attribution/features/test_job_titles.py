"""What is shown as an office could be one by itself; whatever only stands where offices stand is left out."""

import pytest

from briefings.attribution.features.person_names import clean_job_title
from briefings.attribution.name_completion import find_full_names
from briefings.model import Article


@pytest.mark.parametrize(
    ("told", "office"),
    [
        ("shadow chancellor", "shadow chancellor"),
        ("general secretary of the Fire Brigades Union", "general secretary of the Fire Brigades Union"),
        ("US Secretary of State", "US Secretary of State"),
        ("No. 3 House Democrat", "No. 3 House Democrat"),
        ("spokesman for Rep. Ann Lee (R-Ohio)", "spokesman for Rep. Ann Lee (R-Ohio)"),
        ("former prosecutor whose rise was steep", "former prosecutor"),
        ("head of the team, which left on Monday", "head of the team"),
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
def test_an_office_is_words_that_could_be_one(told: str, office: str | None) -> None:
    assert clean_job_title(told) == office


@pytest.mark.parametrize(
    ("sentence", "offices"),
    [
        ("The report names his opponent for president, Sarah Quill, as the source.", ()),
        ("He had asked the president, Sarah Quill, for help.", ("president",)),
        ("He waited for the president, Sarah Quill, at the quay.", ("president",)),
    ],
)
def test_an_office_that_is_only_sought_is_nobodys(sentence: str, offices: tuple[str, ...]) -> None:
    (known,) = find_full_names(Article("a", sentence))
    assert (known.name, known.roles) == ("Sarah Quill", offices)
