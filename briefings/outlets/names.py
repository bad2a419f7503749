"""Compare names of outlets as a reader sees them, so that a look-alike counts as the name that it imitates. Pure."""

import re
import unicodedata
from collections.abc import Iterator

#: Cyrillic, Greek, Cherokee and Armenian letters, and others, by the Latin letter that they look like
_LOOKALIKES = str.maketrans(
    "авекмнорстухіјѕԁԛԝҽһӏυνοραεικτχηωɡıłøđæœиᎪᏴᏟᎠᎬᏀᎻᎥᎫᏦᏞᎷᏢᎡᏚᎢᏙᎳᏃսոօհց",
    "abekmhopctyxijsdqwehluvopaeiktxnwgilodaonabcdeghijklmprstvwzunohg",
)
#: Unicode's name of a variant of a Latin letter: "LATIN SMALL LETTER H WITH STROKE", "LATIN LETTER SMALL CAPITAL H"
_LATIN_VARIANT = re.compile(r"LATIN (?:SMALL |CAPITAL )?LETTER (?:SMALL CAPITAL )?([A-Z])(?: WITH .*)?")
#: signs that become letters when a text is normalised
_SIGNS = re.compile("[™℠]")
#: digits by the letter that they look like, in words that also have letters; 1 looks like two
_DIGITS = tuple(str.maketrans("013456789", f"o{one}easgtbg") for one in "li")
_DIGIT_BETWEEN_LETTERS = re.compile(r"(?=[^\W_]*[^\W\d_])(?=[^\W_]*\d)[^\W_]+")
#: words that say nothing about which outlet it is
_GENERIC_WORDS = frozenset(
    re.findall(
        r"\S+",
        "a agencies agency an and app at breaking by co com correspondent correspondents courtesy desk digital edition "
        "exclusive first from group home in international latest live media my net network news newspaper newspapers "
        "of official online org original originally our page paper politics published publisher radio real reporter "
        "reporters republished rss site sport sports staff team the tv uk us usa via website weekly world writer "
        "writers www",
    )
)
_SEPARATORS = re.compile(r"\s[-–—~]\s|[|·•»«›‹:;/()\[\]]|\s+via\s+|,")
_MAX_NAME_LENGTH = 300


def tidy_name(name: str | None) -> str | None:
    """Return a name on one line without invisible characters, or None if nothing is left."""
    if not name:
        return None
    visible = "".join(letter for letter in name[:_MAX_NAME_LENGTH] if unicodedata.category(letter) not in ("Cf", "Co"))
    return " ".join(visible.split()) or None


def make_name_key(name: str) -> str:
    """Return the letters and digits of a name as they look, without "the"; equal for two spellings of a name."""
    words = _split_words(name)
    return "".join(words[1:] if len(words) > 1 and words[0] == "the" else words).removeprefix("the") or "".join(words)


def make_base_key(name: str) -> str:
    """Return the key of a name without words such as "news" and "online"; "" if nothing else is left."""
    return "".join(word for word in _split_words(name) if word not in _GENERIC_WORDS)


def split_parts(name: str) -> Iterator[str]:
    """Yield a name, and the parts of it between signs: "World | The Tribune" has "World" and "The Tribune"."""
    yield name
    parts = [part.strip() for part in _SEPARATORS.split(name)]
    if len(parts) > 1:
        yield from filter(None, parts)


def list_spellings(name: str) -> tuple[str, ...]:
    """Return a name, and with letters instead of the digits that look like them: "BBC N3ws" is also "BBC News"."""
    spellings = [
        _DIGIT_BETWEEN_LETTERS.sub(lambda match, digits=digits: match[0].translate(digits), name)  # type: ignore[misc]  # the loop's
        for digits in _DIGITS
    ]
    return tuple(dict.fromkeys((name, *spellings)))


def _to_latin(letter: str) -> str:
    """Return the Latin letter that a letter is a variant of, or else the letter."""
    if letter.isascii():
        return letter
    match = _LATIN_VARIANT.fullmatch(unicodedata.name(letter, ""))
    return match[1].lower() if match else letter


def _split_words(name: str) -> list[str]:
    text = unicodedata.normalize("NFKD", _SIGNS.sub(" ", name)).casefold()
    letters = (
        _to_latin(letter)
        for letter in text.translate(_LOOKALIKES)
        if not unicodedata.combining(letter) and unicodedata.category(letter) != "Cf"
    )
    return re.findall(r"[^\W_]+", "".join(letters).replace("’", "").replace("'", ""))
