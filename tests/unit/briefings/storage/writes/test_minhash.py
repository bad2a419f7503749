"""Similar openings share a hash of their sketches, and batches do not change the sketches."""

from random import Random

from briefings.storage.writes.minhash import NO_HASH, Sketches, build_sketches, hash_runs, hash_text


def make_text(seed: int, words: int = 130) -> str:
    """Return random words."""
    random = Random(seed)  # noqa: S311 - no secret
    return " ".join("".join(random.choices("aeioulmnrst", k=random.randint(2, 9))) for _ in range(words))


def list_hashes(sketches: Sketches, position: int) -> set[int]:
    """Return the stored hashes of a text."""
    return set(sketches.hashes[position].tolist()) - {NO_HASH}


def test_sketch_does_not_depend_on_other_texts() -> None:
    texts = [make_text(1), "", make_text(2), "three words only", make_text(3, 7)]
    sketches = build_sketches(texts)
    for position, text in enumerate(texts):
        own_sketch = build_sketches([text])
        assert sketches.get_runs(position) == own_sketch.get_runs(0) == hash_runs([text])[0]
        assert list_hashes(sketches, position) == list_hashes(own_sketch, 0)
    assert hash_runs(texts) == [sketches.get_runs(position) for position in range(len(texts))]


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
    sketches_of_pairs = [build_sketches(pair) for pair in text_pairs]
    assert sum(bool(list_hashes(pair, 0) & list_hashes(pair, 1)) for pair in sketches_of_pairs) >= 39
    unrelated = build_sketches([make_text(2_000), make_text(2_001)])
    assert not list_hashes(unrelated, 0) & list_hashes(unrelated, 1)


def test_no_texts_have_no_sketches() -> None:
    assert len(build_sketches([]).hashes) == 0


def test_stored_hashes_never_change() -> None:
    assert hash_text("text one") == 5301876618849641293
    assert hash_runs(["one two three four five"]) == [[-2399186184556272842]]
