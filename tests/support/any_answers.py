"""Hypothesis strategies for answers of any content, hostile and overlong ones too."""

from hypothesis import strategies as st

from briefings.model import (
    Briefing,
    Evidence,
    Hit,
    Kind,
    Line,
    Narration,
    SearchTotals,
    Slot,
    Source,
    Speaker,
    Topic,
    Variant,
    WhoSaid,
)
from briefings.service import TopicSummary

TEXT = st.text(max_size=30) | st.sampled_from(["", "<!channel>", "&" * 900, "*_~`" * 200, "word " * 2000, "\0\u202e"])
NAME = st.none() | TEXT
DAY = st.none() | st.dates()
LINK = st.none() | st.sampled_from(
    [
        "https://a.example/x#:~:text=y",
        "javascript:x",
        "https://a.example/" + "&" * 690,
        "https://a.example/#" + "z" * 5000,
    ]
)
SPEAKER = st.none() | st.builds(Speaker, TEXT, NAME, st.booleans())
IDS = st.sampled_from(["a", "b", "c", "d"])
EVIDENCE = st.builds(Evidence, IDS, st.just(0), st.just(1), TEXT, LINK)
LINE = st.builds(
    Line, st.sampled_from(list(Slot)), TEXT, st.lists(EVIDENCE, max_size=5).map(tuple), DAY, NAME, st.none() | IDS,
    SPEAKER, st.booleans(), st.integers(0, 9), NAME,
)  # fmt: skip
SOURCE = st.builds(Source, IDS, NAME, DAY, LINK, NAME)
BRIEFING = st.builds(
    Briefing, TEXT, TEXT, st.lists(SOURCE, max_size=40).map(tuple), st.lists(LINE, max_size=60).map(tuple),
    st.integers(0), st.integers(0, 3),
)  # fmt: skip
VARIANT = st.builds(Variant, TEXT, IDS, st.just(0), st.just(1), NAME, LINK)
HIT = st.builds(
    Hit, SPEAKER, TEXT, st.sampled_from(Kind), NAME, NAME, st.floats(0, 1), TEXT, IDS, st.just(0), st.just(1), NAME,
    DAY, LINK, LINK, st.integers(0, 9), st.lists(VARIANT, max_size=6).map(tuple),
)  # fmt: skip
NARRATION = st.builds(Narration, TEXT, IDS, st.just(0), st.just(1), NAME, LINK)
HITS = st.lists(HIT, max_size=30).map(tuple)
SEARCH_TOTALS = st.builds(SearchTotals, st.integers(0), st.integers(0), DAY, DAY)
WHO_SAID = st.builds(WhoSaid, TEXT, SEARCH_TOTALS, HITS, st.lists(NARRATION, max_size=30).map(tuple), HITS)
CITATION_ID = st.sampled_from(["", "0123456789abcdef"])
TOPIC = st.builds(TopicSummary, st.builds(Topic, TEXT, TEXT, st.just(())), st.integers(0), DAY)
