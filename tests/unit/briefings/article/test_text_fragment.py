"""Links open the publisher's page at the passage, and no article text can break or redirect them."""

import json
import re
from urllib.parse import quote, unquote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from briefings.article import citation, text_fragment
from briefings.article.citation import build_link, get_page_url
from briefings.article.page_words import Page, read_page_words
from briefings.article.text_fragment import MAX_LENGTH, build_text_fragment
from briefings.article.word_context import split_first_units, split_last_units
from briefings.model import Article, Span
from briefings.text.folding import fold
from tests.support.shared_data import SHARED
from tests.support.text_fragment_finder import find_marked

STORIES = SHARED / "stories" / "dev"
WORDS = st.sampled_from(["a", "no-one", "b,", "c&d", "“e”", "-", "f", "\n", "\u2028", "g ", "é", "#:~:text=", "%2D"])
TEXTS = st.one_of(st.text(st.characters()), st.lists(WORDS, max_size=40).map(" ".join))
_WORD = r"(?:[A-Za-z0-9_.~]|%[0-9A-F]{2})+"
_DIRECTIVE = rf"(?:{_WORD}-,)?{_WORD}(?:,{_WORD})?(?:,-{_WORD})?"
#: few words, so that they often repeat
LINES = st.lists(
    st.lists(st.sampled_from(["pier", "Pier", "sea", "“sea", "no-one", "3.5", "isn’t", "wave.”", "a"]), min_size=1),
    min_size=1,
    max_size=5,
)
OPENING = "The council of Easton met on Monday."
CLOSING = "The next meeting is in June."


def find_span(text: str, words: str, number: int = 1) -> Span:
    start = -1
    for _ in range(number):
        start = text.index(words, start + 1)
    return Span(start, start + len(words))


def build(text: str, words: str, number: int = 1, title: str | None = None) -> str:
    """Return the fragment for the n-th place of `words`, decoded."""
    return unquote(build_text_fragment(text, find_span(text, words, number), title))


def test_short_passage_is_in_the_link_with_the_words_before_it() -> None:
    """Captions that the text lacks repeat short passages."""
    text = "He said it was like a lynch-mob, without “the rope”."
    fragment = build_text_fragment(text, find_span(text, "like a lynch-mob, without “the rope”"))
    assert fragment == "He%20said%20it%20was-,like%20a%20lynch%2Dmob%2C%20without%20%E2%80%9Cthe%20rope%E2%80%9D"


def test_long_passage_is_given_by_its_two_ends() -> None:
    words = "We will rebuild the pier, and the hall, and all of the old harbour"
    assert build(words, words) == "We will rebuild the pier, and the hall,,of the old harbour"


def test_the_two_ends_never_overlap() -> None:
    """Browsers search for the end after the start, so 13 words cannot give eight and six."""
    text = "A b c d e f g h and more. A b c d e f g h i j k l m"
    assert build(text, text[26:]) == "e f g h and more.-,A b c d e f g h,j k l m"


@pytest.mark.parametrize(
    ("text", "number", "fragment"),
    [
        # the quotation is also in a caption, before or after
        (f"Roe: “I did all I could”\n{OPENING}\nShe said: “I did all I could.”", 2, "She said: “-,I did all I could"),
        (f"Roe: “I did all I could”\n{OPENING}\nShe said: “I did all I could.”", 1, "Roe: “-,I did all I could"),
        # the words before are repeated too
        (
            "On Monday she said: “I did all I could.” On Friday she said: “I did all I could,” and left.",
            2,
            "she said: “-,I did all I could,-,” and left.",
        ),
        ("“I did all I could,” she said. “I did all I could,” he said.", 1, "I did all I could,-,” she said. “I did"),
        # the same paragraph again: the paragraph before tells them apart, and so does the one after
        (
            f"“I did all I could.”\n{OPENING}\n“I did all I could.”\n{CLOSING}",
            2,
            "met on Monday.-,“I did all I could&text=I did all I could.”,-The next meeting",
        ),
        # nothing tells them apart: the first place is marked, no other
        ("I did all I could\n" * 4, 1, "I did all I could"),
        ("I did all I could\n" * 5, 3, ""),
    ],
)
def test_repeated_words_are_identified_by_the_words_around_them(text: str, number: int, fragment: str) -> None:
    assert build(text, "I did all I could", number) == fragment


@pytest.mark.parametrize(
    ("text", "words", "fragment"),
    [
        (
            "She said: “We will fight, and when they come, and when the sea comes, we will fight.”",
            "We will fight, and when they come, and when the sea comes, we will fight",
            "She said: “-,We will fight, and when they come, and,comes, we will fight",
        ),
        (
            "She said: “So we go to sea again, and once more we go to sea again, and I mean that we go to sea again.”",
            "So we go to sea again, and once more we go to sea again, and I mean that we go to sea again",
            "She said: “-,So we go to sea again, and once,that we go to sea again",
        ),
        (
            f"She said: “{'So we go and go and go and go, ' * 5}and we all go to sea,” and left. We all go to sea.",
            f"{'So we go and go and go and go, ' * 5}and we all go to sea",
            "She said: “-,So we go and go and go and,all go to sea",
        ),
    ],
)
def test_end_that_recurs_in_the_passage_is_lengthened(text: str, words: str, fragment: str) -> None:
    assert build(text, words) == fragment
    assert find_marked(text, build_text_fragment(text, find_span(text, words))) == find_span(text, words)


def test_headline_above_the_text_counts_as_an_earlier_place() -> None:
    text = f"{OPENING}\nShe will rebuild the pier.\n{CLOSING}"
    assert build(text, "She will rebuild the pier.") == "She will rebuild the pier."
    assert build(text, "She will rebuild the pier.", title="She will rebuild the pier").startswith("met on Monday.-,")
    # a link to the headline itself, which the text begins with
    assert build(f"Pier rebuilt\n{text}", "Pier rebuilt", title="Pier rebuilt") == "Pier rebuilt"


def test_words_after_are_used_at_the_start_of_a_paragraph() -> None:
    """They reach beyond the sentence, which a pull quote may repeat."""
    text = f"{OPENING}\n“I did all I could,” said Jane Roe. She was in Weston.\n{CLOSING}"
    assert build(text, "I did all I could") == "I did all I could,-,” said Jane Roe. She was"


def test_sentence_at_the_start_of_a_paragraph_is_whole_with_the_words_after_it() -> None:
    """A list of key points repeats it. Its ends with the words after would stretch the mark from there."""
    sentence = "The mayor of Easton said on Monday that the old pier of the town would open again."
    text = f"{OPENING}\n{sentence} It is old.\n{CLOSING}"
    assert build(text, sentence) == f"{sentence},-It is old."


def test_sentence_that_fills_a_paragraph_has_no_words_around_it() -> None:
    """With an advertisement before and one after it, it would have no mark. The start is long: captions begin alike."""
    sentence = "The mayor of Easton said on Monday that the old pier of the town would open again."
    fragment = build(f"{OPENING}\n{sentence}\n{CLOSING}", sentence)
    assert fragment == "The mayor of Easton said on Monday that,town would open again."


def test_sentence_of_several_lines_does_not_need_the_paragraph_before() -> None:
    """Lines of a text file may be wrapped. Its two ends are found without the words around it."""
    sentence = "The mayor of Easton said on Monday\nthat the old pier of the town would open again."
    fragment = build(f"{OPENING}\n\n{sentence} It is old.\n\n{CLOSING}", sentence)
    assert fragment == "The mayor of Easton said on Monday,town would open again."


def test_words_before_the_end_of_a_paragraph_reach_beyond_the_sentence() -> None:
    """A caption has the speaker too: "Jane Roe said: …"."""
    text = f"{OPENING}\nIt was a long night. The mayor, Jane Roe, said: “I did all I could.”\n{CLOSING}"
    assert build(text, "I did all I could") == "long night. The mayor, Jane Roe, said: “-,I did all I could"
    text = f"{OPENING}\nAfter a long night and a long day the mayor Jane Roe said: “I did all I could.”\n{CLOSING}"
    assert build(text, "I did all I could") == "the mayor Jane Roe said: “-,I did all I could"


def test_quotation_too_long_for_a_pull_quote_has_only_words_before_it() -> None:
    words = f"We will rebuild the pier before the winter, {'and will not ask anyone in Easton for money, ' * 4}ever"
    fragment = build(f"{OPENING}\nShe said on Monday: “{words}.” She left.\n{CLOSING}", words)
    assert fragment == "on Monday: “-,We will rebuild the pier before the winter,,Easton for money, ever"


def test_passage_of_several_paragraphs_is_given_by_its_first_and_last() -> None:
    text = '"On Monday we met.\n\n"MP after MP got up."'
    assert build_text_fragment(text, Span(1, len(text) - 1)) == "On%20Monday%20we%20met.,after%20MP%20got%20up."


def test_part_of_a_word_is_marked_with_the_rest_of_the_word_around_it() -> None:
    """Browsers match whole words unless a part before or after completes the word."""
    assert build("Jane Roe rebuilt Easton's pier in March.", "built") == "Jane Roe re-,built,-Easton's pier in March."
    assert build("Jane Roe rebuilt Easton's pier in March.", "Easton") == "Jane Roe rebuilt-,Easton,-'s pier in March."


@pytest.mark.parametrize(
    ("text", "words", "fragment"),
    [
        ("记者问她。她说：「再来一次」，然后离开。", "再来一次", "她说：「-,再来一次,-」，然后离开。"),
        ("「重建」，他说。我们会重建码头。", "重建", "重建,-」，他说。我们会重建码头。"),
        ("En fin de journée, elle a dit : « C’est fini. »", "C’est fini.", "journée, elle a dit : «-,C’est fini."),
        ("Она сказала: «Всё кончено».", "Всё кончено", "Она сказала: «-,Всё кончено"),
    ],
)
def test_other_scripts_and_quotation_marks(text: str, words: str, fragment: str) -> None:
    assert build(text, words) == fragment


def test_words_of_another_script_do_not_shorten_the_two_ends() -> None:
    """One word is not enough to find a sentence with spaces."""
    words = "In Easton the firm 京东 opened a shop on Monday, and the people of Weston came to see it"
    assert build(words, words) == "In Easton the firm 京东 opened a shop,came to see it"


def test_long_passage_without_spaces_stays_short() -> None:
    text = "记者问她。" + "我们会重建码头，也会重建灯塔。" * 40 + "完了。"
    fragment = build_text_fragment(text, Span(5, len(text)))
    assert 0 < len(fragment) <= MAX_LENGTH
    assert build_text_fragment("码" * 2_000, Span(0, 2_000)) == ""


@given(TEXTS, st.data())
def test_fragment_is_ascii_with_encoded_marks(text: str, data: st.DataObject) -> None:
    """Raw "-" and "," have a meaning in the directive, and "&" begins another directive."""
    start = data.draw(st.integers(0, len(text)))
    span = Span(start, data.draw(st.integers(start, len(text))))
    fragment = build_text_fragment(text, span, data.draw(st.none() | TEXTS))
    assert re.fullmatch(rf"{_DIRECTIVE}(?:&text={_DIRECTIVE})?", fragment) or fragment == ""
    assert len(fragment) <= MAX_LENGTH
    assert not fragment or re.search(r"\w", span.of(text))


@given(st.lists(WORDS, max_size=40), st.data())
def test_words_of_the_fragment_are_on_the_page(words: list[str], data: st.DataObject) -> None:
    text = " ".join(words)
    start = data.draw(st.integers(0, len(text)))
    span = Span(start, data.draw(st.integers(start, len(text))))
    fragment = build_text_fragment(text, span)
    parts = re.split(r"-,|,-|,|&text=", fragment)
    page_text = " ".join(text.split())
    assert all(unquote(part) in page_text for part in parts)


@given(LINES, st.data())
@example([["a"], ["a"]], None).via("two equal lines")
def test_browser_marks_the_passage_or_nothing(lines: list[list[str]], data: st.DataObject | None) -> None:
    text = "\n".join(map(" ".join, lines))
    edges = [match.span() for match in re.finditer(r"\S+", text)]
    first = data.draw(st.integers(0, len(edges) - 1)) if data else len(edges) - 1
    last = data.draw(st.integers(first, min(first + 12, len(edges) - 1))) if data else first
    span = Span(edges[first][0], edges[last][1])
    fragment = build_text_fragment(text, span)
    for directive in fragment.split("&text=") if fragment else []:
        marked = find_marked(text, directive)
        assert marked is not None
        assert marked.of(text).strip("“”.") == span.of(text).strip("“”.")
        # a quotation mark at the edge of the line may be marked too
        assert abs(marked.start - span.start) <= 1
        assert abs(marked.end - span.end) <= 2


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "//paper.example/a",
        "https://",
        "https://[::1",
        "https://paper.example/a b",
        "https://paper.example/a|b",
        "https://paper.example/<b>",
        'https://paper.example/"b"',
        "https://paper.example/\x1b]8;;",
        "https://paper.example/\u202egnp",
        "https://paper.example/\x9b",
    ],
)
def test_unsafe_url_is_not_linked(url: str | None) -> None:
    article = Article("a", "He left.", url=url)
    assert get_page_url(article) is None
    assert build_link(article, Span(0, 8)) is None


def test_fragment_of_the_url_is_replaced() -> None:
    article = Article("a", "He left.", url="https://paper.example/a?b=c#top")
    assert build_link(article, Span(0, 8)) == "https://paper.example/a?b=c#:~:text=He%20left."
    assert build_link(article, Span(2, 3)) == "https://paper.example/a?b=c"


def test_passage_that_cannot_be_told_from_another_has_a_plain_link() -> None:
    article = Article("a", "He left.\n" * 5, url="https://paper.example/a")
    assert build_link(article, Span(18, 26)) == "https://paper.example/a"


def test_earlier_match_ignores_case_like_browsers_do() -> None:
    """The same words in other case are an earlier match."""
    text = "He Left Now.\nhe left now."
    assert fold(text[:12]) == text[13:25]
    assert build(text, "he left") == "He Left Now.-,he left"


def test_a_page_that_repeats_its_words_is_searched_once_for_each_opening(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    has_once = Page.has_once

    def count_calls(page: Page, span: Span, words: str) -> bool:
        calls.append(words)
        return has_once(page, span, words)

    monkeypatch.setattr(Page, "has_once", count_calls)
    sentence = "The mayor of Easton said that the old bridge over the river would close for good in the spring of May. "
    assert build_text_fragment(sentence * 50, Span(20 * len(sentence), 21 * len(sentence) - 1)) == ""
    assert len(calls) == len(set(calls))


def build_plainly(text: str, span: Span, title: str | None) -> str:
    """Return the fragment the plain way: all words of the page are read, the marks encoded byte by byte."""

    def has_once(page: Page, _: Span, words: str) -> bool:
        return read_page_words(page._text, page._headline).has_once(words)

    def encode_words(text: str, span: Span) -> str:
        return quote(" ".join(span.of(text).split()), safe="", errors="replace").replace("-", "%2D")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Page, "has_once", has_once)
        patch.setattr(text_fragment, "_encode_words", encode_words)
        return build_text_fragment(text, span, title)


@given(TEXTS, st.integers(0, 80), st.integers(0, 80), st.sampled_from([None, "a no-one b"]))
@example("0%$", 0, 3, None)
def test_a_link_is_the_same_as_if_the_whole_page_were_read(
    text: str, start: int, length: int, title: str | None
) -> None:
    span = Span(min(start, len(text)), min(start + length, len(text)))
    assert build_text_fragment(text, span, title) == build_plainly(text, span, title)


@pytest.mark.skipif(not STORIES.exists(), reason="the shared stories are not here")
def test_links_of_the_passages_of_real_stories_are_the_same_the_plain_way() -> None:
    for passages in sorted(STORIES.glob("*/passages.jsonl")):
        lines = (passages.parent / "articles.jsonl").read_text("utf-8").splitlines()
        articles = {article["id"]: article for article in map(json.loads, lines)}
        for passage in map(json.loads, passages.read_text("utf-8").splitlines()):
            article, span = articles[passage["article"]], Span(passage["start"], passage["end"])
            fragment = build_text_fragment(article["text"], span, article.get("title"))
            assert fragment == build_plainly(article["text"], span, article.get("title"))


@given(
    st.lists(st.sampled_from(["pier", " ", "  ", "\n", "。", "」", "sea,", "我们", "\u3000"])).map("".join),
    st.integers(1, 9),
)
def test_the_first_and_the_last_words_are_those_of_all_words(text: str, count: int) -> None:
    span = Span(0, len(text))
    all_units = split_first_units(text, span, len(text))
    assert split_first_units(text, span, count) == all_units[:count]
    assert split_last_units(text, span, count) == all_units[-count:]


@given(st.from_regex(r"https?://[a-z0-9.:@\[\]-]{0,8}[/?#]?[a-z%/?#=&; \[\]é]{0,12}", fullmatch=True))
def test_a_usual_url_is_cleaned_as_any_other(url: str) -> None:
    """The quick look at a plain URL never answers otherwise than its parts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(citation, "_PLAIN_URL", re.compile("(?!)"))
        cleaned_url = citation.clean_page_url(url)
    assert citation.clean_page_url(url) == cleaned_url
