"""Articles with invented people and outlets for tests of watches, and helpers to add them."""

import random
from datetime import date

from briefings.model import Article

DAY = date(2031, 3, 3)
ROE_WORDS = "We will not hand the harbour to a speculator, not now and not ever"


def make_article(article_id: str, outlet: str = "The Tribune", words: str = ROE_WORDS, more: str = "") -> Article:
    """Return an article in which Jane Roe, the mayor of Easton, says `words`."""
    return Article(
        article_id,
        f"The council of Easton met on Monday to decide on the sale of the old harbour.\n\n"
        f"“{words},” said Jane Roe, the mayor of Easton.\n\n"
        f"About 200 people stood outside the town hall while the vote was taken.{more}",
        outlet,
        DAY,
        f"https://{outlet.split()[-1].lower()}.example/{article_id}",
        "Easton decides on its harbour",
    )


_NOUNS = (
    "fishing ferries parking rowing schools clinics markets gardens theatres trams bridges lamps roofs bakeries wells "
    "orchards libraries kites tunnels chimneys fountains stables hedges mills quarries dunes meadows lanterns barrels "
    "carts drums fences gates halls islands jetties kilns lanes moors nets ovens pumps quilts ropes sheds towers"
)


def make_statements(count: int) -> list[Article]:
    """Return articles in which Jane Roe says different things with the words "hand the harbour"."""
    articles = []
    for number in range(count):
        nouns = random.Random(number).sample(_NOUNS.split(), 30)  # noqa: S311 - no secrets
        first, second, third = (" and ".join(nouns[start : start + 10]) for start in (0, 10, 20))
        text = (
            f"On Monday the committee for {first} heard the residents.\n\n"
            f"“Before we hand the harbour to anyone, think of {second},” said Jane Roe, the mayor of Easton.\n\n"
            f"Plans for {third} follow in spring."
        )
        url = f"https://tribune.example/s{number}"
        articles.append(Article(f"s{number}", text, "The Tribune", DAY, url, f"Committee hears about {nouns[0]}"))
    return articles
