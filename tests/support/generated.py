"""Generates any number of articles about a bridge, for tests and benchmarks with many articles."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from briefings.model import Article

_PLACES = ("Harbour Street", "the old mill", "Northgate", "the ferry quay", "Castle Hill", "the town hall", "Mill Lane")
_GROUPS = ("engineers", "residents", "councillors", "ferry crews", "shopkeepers", "teachers", "volunteers", "drivers")
_VERBS = ("inspected", "closed", "reopened", "measured", "repaired", "surveyed", "discussed", "flooded", "painted")
_PEOPLE = ("Anna Berg", "Tom Okoro", "Mary Lindqvist", "Ivan Petrov", "Grace Adeyemi", "John Tarrant", "Lucy Marsh")
_WISHES = ("wait no longer", "pay for it twice", "move the market", "trust the plan", "count on the weather")
_FIRST = date(2015, 1, 1)


def generate_articles(number: int, *, sentences: int = 30, seed: int = 7) -> Iterator[Article]:
    """Yield `number` articles of about 450 words by twenty outlets, a hundred per day."""
    random = Random(seed)  # noqa: S311 - no secrets
    for index in range(number):
        yield Article(
            id=f"bridge-{index:06}",
            text="\n".join(_sentence(random) for _ in range(sentences)),
            publisher=f"Paper {random.randrange(20)}",
            published=_FIRST + timedelta(days=index // 100),
            url=f"https://paper.example/{index}",
            title=f"Bridge repair, report {index}",
        )


def _sentence(random: Random) -> str:
    place, group, person = random.choice(_PLACES), random.choice(_GROUPS), random.choice(_PEOPLE)
    number = random.randrange(20, 90_000)
    return random.choice(
        (
            f"About {number:,} {group} {random.choice(_VERBS)} the bridge at {place} on Tuesday.",
            f"“We will not {random.choice(_WISHES)},” said {person}, who spoke for the {group} at {place}.",
            f"The bridge repair near {place} will cost £{number:,}, and the {group} have been told so.",
            f"Most of the {group} who {random.choice(_VERBS)} {place} were there before, and {number} came back.",
            f"{person} said that the {group} had {random.choice(_VERBS)} the bridge with {number} others.",
        )
    )
