"""Sketches: of texts that share their openings alike, of others not, however many are made at once."""

from random import Random

from briefings.storage.writes.minhash import build_sketches, hash_runs, hash_text


def prose(seed: int, words: int = 130) -> str:
    """So many words that say nothing."""
    chance = Random(seed)  # noqa: S311 - no secret
    return " ".join("".join(chance.choices("aeioulmnrst", k=chance.randint(2, 9))) for _ in range(words))


def test_a_sketch_is_the_same_alone_and_among_others() -> None:
    texts = [prose(1), "", prose(2), "three words only", prose(3, 7)]
    assert build_sketches(texts) == [build_sketches([text])[0] for text in texts]
    assert hash_runs(texts) == [list(sketch.runs) for sketch in build_sketches(texts)]


def test_a_text_has_a_run_for_each_five_words_in_a_row_of_its_opening() -> None:
    assert [len(runs) for runs in hash_runs(["one two three four", "one two three four five", prose(1)])] == [0, 1, 116]
    assert hash_runs(["One, two - three four FIVE"]) == hash_runs(["one two three four five"])


def test_the_same_words_in_another_order_are_another_run() -> None:
    assert hash_runs(["one two three four five"]) != hash_runs(["two one three four five"])


def test_texts_that_share_half_of_their_opening_share_a_hash_and_others_none() -> None:
    halves = [
        (prose(n, 120), " ".join([*prose(n, 120).split()[:80], *prose(n + 1_000, 40).split()])) for n in range(40)
    ]
    alike = [set(one.hashes) & set(other.hashes) for one, other in map(build_sketches, halves)]
    assert sum(map(bool, alike)) >= 39
    strangers = build_sketches([prose(2_000), prose(2_001)])
    assert not set(strangers[0].hashes) & set(strangers[1].hashes)


def test_no_texts_have_no_sketches() -> None:
    assert build_sketches([]) == []


def test_hashes_are_kept_in_records_and_never_change() -> None:
    assert hash_text("text one") == 5301876618849641293
    assert hash_runs(["one two three four five"]) == [[-2399186184556272842]]
