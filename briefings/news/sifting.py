"""Sifts what new articles tell for what is news: sentences, and what people say.

Rule: words that stood in what was read before are no news, whoever prints them again (a reprint, an article of which
only a comma was changed), and neither is an utterance that was told, in whichever of its wordings.
"""

from collections.abc import Iterable, Sequence

from briefings.compose.material import Material
from briefings.compose.narrative import Telling
from briefings.compose.voices import Voice
from briefings.facts import state_of
from briefings.model import ELISION, Span
from briefings.news.judge import Judge, Verdict
from briefings.news.matter import Matter, figures
from briefings.news.told import Told
from briefings.text.search_key import search_key
from briefings.utterances import same_pairs


class Sifting:
    """Judges the sentences of `material` beside what was `told`; `old` (`joined`) is all that was read before."""

    def __init__(self, material: Material, told: Sequence[Told], old: str) -> None:
        self._material = material
        self._old = old
        matters = [Matter(t.text, frozenset(t.days), t.state, t.published, figures(t.text)) for t in told]
        self._judge = Judge(told, matters, [sentence.text for sentence in material.sentences])
        self._verdicts: dict[tuple[str, tuple[Span, ...]], Verdict | None] = {}

    def is_news(self, telling: Telling) -> bool:
        """Whether a sentence, in this length, is news."""
        return self.verdict(telling) is not None

    def verdict(self, telling: Telling) -> Verdict | None:
        """Why it is news; None when it is none."""
        key = (telling.sentence.article.id, telling.pieces)
        if key not in self._verdicts:
            is_old = stands_in(telling.sentence.text, self._old)
            self._verdicts[key] = None if is_old else self._judge.verdict(self._matter(telling))
        return self._verdicts[key]

    def _matter(self, telling: Telling) -> Matter:
        """What it tells in this length, likened by the whole sentence."""
        article = telling.sentence.article
        said = ELISION.join(piece.of(self._material.view(article)) for piece in telling.pieces)
        state = state_of(said, Span(0, len(said)))
        return Matter(telling.sentence.text, telling.days, state, article.published, figures(telling.text))


def unheard(found: Sequence[Voice], said: Sequence[str], old: str) -> list[Voice]:
    """Those of `found` whose words are neither among the utterances `said` nor in the `old` texts."""
    texts = [*said, *(voice.text for voice in found)]
    heard = {
        at - len(said)
        for pair in same_pairs(texts)
        if min(pair) < len(said) <= max(pair)
        for at in pair
        if at >= len(said)
    }
    return [voice for at, voice in enumerate(found) if at not in heard and not stands_in(voice.text, old)]


def joined(texts: Iterable[str]) -> str:
    """Texts as one that `stands_in` searches."""
    return "\n".join(f" {search_key(text)} " for text in texts)


def stands_in(text: str, old: str) -> bool:
    """Whether the words of `text` stand in a row in one of the texts `joined` to `old`."""
    return bool(old) and f" {search_key(text)} " in old
