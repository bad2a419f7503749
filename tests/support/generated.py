"""Articles made up by the number, for what happens when there are very many."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from briefings.model import Article

_PLACES = ("Harbour Street", "the old mill", "Northgate", "the ferry quay", "Castle Hill", "the town hall", "Mill Lane")
_GROUPS = ("engineers", "residents", "councillors", "ferry crews", "shopkeepers", "teachers", "volunteers", "drivers")
_DOINGS = ("inspected", "closed", "reopened", "measured", "repaired", "surveyed", "discussed", "flooded", "painted")
_PEOPLE = ("Anna Berg", "Tom Okoro", "Mary Lindqvist", "Ivan Petrov", "Grace Adeyemi", "John Tarrant", "Lucy Marsh")
_WISHES = ("wait no longer", "pay for it twice", "move the market", "trust the plan", "count on the weather")
_FIRST = date(2015, 1, 1)


def generate_articles(number: int, *, sentences: int = 30, seed: int = 7) -> Iterator[Article]:
    """`number` articles on one bridge, of about 450 words each, by twenty outlets, a hundred of them a day."""
    chance = Random(seed)  # noqa: S311 - no secrets
    for at in range(number):
        yield Article(
            id=f"bridge-{at:06}",
            text="\n".join(_sentence(chance) for _ in range(sentences)),
            publisher=f"Paper {chance.randrange(20)}",
            published=_FIRST + timedelta(days=at // 100),
            url=f"https://paper.example/{at}",
            title=f"Bridge repair, report {at}",
        )


def _sentence(chance: Random) -> str:
    place, group, person = chance.choice(_PLACES), chance.choice(_GROUPS), chance.choice(_PEOPLE)
    number = chance.randrange(20, 90_000)
    return chance.choice(
        (
            f"About {number:,} {group} {chance.choice(_DOINGS)} the bridge at {place} on Tuesday.",
            f"“We will not {chance.choice(_WISHES)},” said {person}, who spoke for the {group} at {place}.",
            f"The bridge repair near {place} will cost £{number:,}, and the {group} have been told so.",
            f"Most of the {group} who {chance.choice(_DOINGS)} {place} were there before, and {number} came back.",
            f"{person} said that the {group} had {chance.choice(_DOINGS)} the bridge with {number} others.",
        )
    )
