"""Mojibake is mended if that is certain, and sound text is returned as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.ingest.formats.mojibake import repair_mojibake


def _damage(text: str, encoding: str = "cp1252") -> str:
    """Read the UTF-8 bytes of a text in another encoding, as browsers do where a byte has no character."""
    pieces = []
    for byte in text.encode():
        try:
            pieces.append(bytes([byte]).decode(encoding))
        except UnicodeDecodeError:
            pieces.append(chr(byte))
    return "".join(pieces)


_SENTENCES = [
    "“We wait,” said Jane Roe.",
    "It’s late – or so he says…",
    "The café in Zürich costs £20 million.",
    "«\xa0La route reste ouverte\xa0», dit-elle.",
    "‘Fine,’ said Hale—and left.",
    "Łódź, Čapek and Åse met señor Peña.",
    "Привет, сказала она.",
]


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1"])
@pytest.mark.parametrize("sentence", _SENTENCES)
def test_text_that_was_read_in_another_encoding_is_mended(sentence: str, encoding: str) -> None:
    assert repair_mojibake(_damage(sentence, encoding)) == sentence
    mixed_text = f"Sound words.\n{_damage(sentence, encoding)}\nMore of them, “sound” and café."
    assert repair_mojibake(mixed_text) == f"Sound words.\n{sentence}\nMore of them, “sound” and café."


@pytest.mark.parametrize(
    ("damaged_text", "text"),
    [
        ("â€œWe wait,â€\ufffd said Roe. â€œNo.â€\ufffd", "“We wait,” said Roe. “No.”"),
        ("â€œWe wait,â€ said Roe. â€œNo.â€", "“We wait,” said Roe. “No.”"),
        ("â€œWe wait,â€? said Roe.", "“We wait,” said Roe."),
        ("â€œWe wait.\nâ€œWe wait long,â€ said Roe.", "“We wait.\n“We wait long,” said Roe."),
        ("Price: Â£5Â\xa0now", "Price: £5\xa0now"),
        ("\x93We wait,\x94 said Roe\x92s son.", "“We wait,” said Roe’s son."),
        ("‚ÄúWe wait,‚Äù said Roe.", "“We wait,” said Roe."),
    ],
)
def test_lost_bytes_of_closing_marks_are_restored(damaged_text: str, text: str) -> None:
    assert repair_mojibake(damaged_text) == text


@pytest.mark.parametrize(
    "text",
    [
        "We wait,â€\ufffd said Roe.",
        "We wait,â€ said Roe.",
        "\ufffdWe wait,\ufffd said Roe.",
        "He said ï¿½We waitï¿½ twice.",
    ],
)
def test_ambiguous_damage_is_not_mended(text: str) -> None:
    assert repair_mojibake(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Plain words.",
        *_SENTENCES,
        "AMANHÃ\xa0o presidente de São Paulo: “NÃO”, disse. PÂ\xa0e MÃE.",
        "Âge, âme, château, Ãlvaro, õ, Ðorðe, ÑANDÚ, √2 > 1",
        "One lost \ufffd byte, and “quotation marks” around it.",
        "Ærø – ½ – 5° – 3µm – §2 – ¿qué? – ¡no!",
    ],
)
def test_sound_text_is_the_same_object(text: str) -> None:
    assert repair_mojibake(text) is text


@given(st.text(max_size=200))
def test_any_text_is_repaired_or_refused(text: str) -> None:
    repaired_text = repair_mojibake(text)
    assert repaired_text is None or repair_mojibake(repaired_text) == repaired_text


_WORDS = ["“We", "wait,”", "“Wait”", "said", "Zoë", "café", "–", "—", "£5", "don’t", "wait…", "a", "‘fine’", "naïve"]


@given(st.lists(st.sampled_from(_WORDS), min_size=1, max_size=12))
def test_any_sentence_that_was_read_in_another_encoding_is_mended(words: list[str]) -> None:
    text = " ".join(words)
    assert repair_mojibake(_damage(text)) == text
    assert repair_mojibake(_damage(text, "latin-1")) == text
