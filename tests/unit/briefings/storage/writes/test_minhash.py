"""Similar openings share a hash of their sketches, and batches do not change the sketches."""

from random import Random

from briefings.storage.writes.minhash import build_sketches, hash_runs, hash_text


def make_text(seed: int, words: int = 130) -> str:
    """Return random words."""
    random = Random(seed)  # noqa: S311 - no secret
    return " ".join("".join(random.choices("aeioulmnrst", k=random.randint(2, 9))) for _ in range(words))


def test_sketch_does_not_depend_on_other_texts() -> None:
    texts = [make_text(1), "", make_text(2), "three words only", make_text(3, 7)]
    assert build_sketches(texts) == [build_sketches([text])[0] for text in texts]
    assert hash_runs(texts) == [list(sketch.runs) for sketch in build_sketches(texts)]


def test_every_five_adjacent_words_of_an_opening_are_a_run() -> None:
    assert [len(runs) for runs in hash_runs(["one two three four", "one two three four five", make_text(1)])] == [
        0,
        1,
        116,
    ]
    assert hash_runs(["One, two - three four FIVE"]) == hash_runs(["one two three four five"])


def test_word_order_changes_the_run() -> None:
    assert hash_runs(["one two three four five"]) != hash_runs(["two one three four five"])


def test_similar_openings_share_a_hash_and_others_do_not() -> None:
    text_pairs = [
        (make_text(index, 120), " ".join([*make_text(index, 120).split()[:80], *make_text(index + 1_000, 40).split()]))
        for index in range(40)
    ]
    common_hashes = [
        set(sketch.hashes) & set(other_sketch.hashes) for sketch, other_sketch in map(build_sketches, text_pairs)
    ]
    assert sum(map(bool, common_hashes)) >= 39
    unrelated_sketches = build_sketches([make_text(2_000), make_text(2_001)])
    assert not set(unrelated_sketches[0].hashes) & set(unrelated_sketches[1].hashes)


def test_no_texts_have_no_sketches() -> None:
    assert build_sketches([]) == []


def test_stored_hashes_never_change() -> None:
    assert hash_text("text one") == 5301876618849641293
    assert hash_runs(["one two three four five"]) == [[-2399186184556272842]]
