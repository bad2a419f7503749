"""Each quotation of a draft belongs to the speaker of its own clause."""

from time import process_time

import pytest

from briefings.compose.draft_check.draft_parser import parse_quotations


def read_speakers(draft: str) -> list[str | None]:
    quotations = parse_quotations(draft)
    return [quotation.claimed_speaker.name if quotation.claimed_speaker else None for quotation in quotations]


@pytest.mark.parametrize(
    ("draft", "speakers"),
    [
        ("Roe said “it was a lynch mob” and Doe said “I did all I could”.", ["Roe", "Doe"]),
        ("Roe said “it was a lynch mob”; Doe said “I did all I could”.", ["Roe", "Doe"]),
        ("Roe said “it was a lynch mob”, while Doe called it “a fair fight for all”.", ["Roe", "Doe"]),
        ("Roe asked: “Whose is the boat?” Doe answered: “It belongs to the crew.”", ["Roe", "Doe"]),
        ("“It was late,” said Roe, but Doe promised: “We will be there on time.”", ["Roe", "Doe"]),
        ("“It was a lynch mob,” Roe told Doe. “I did all I could,” Poe said.", ["Roe", "Poe"]),
        ("Tom Roe of Easton Transit said: “We need nine metres to turn.”", ["Tom Roe"]),
        ("Doe's captain, Jane Roe, said: “It was worth every penny.”", ["Jane Roe"]),
        ("Replying to Doe, Roe said: “It was worth every penny.”", ["Roe"]),
        ("The case is, in the words of Jane Roe, “a storm in a ledger for all”.", ["Jane Roe"]),
        ("The plan is “a slow puncture for all of us”, according to Jane Roe.", ["Jane Roe"]),
        ("The plan was called “a slow puncture for all of us” by Jane Roe, a nurse.", ["Jane Roe"]),
        ("The plan, dismissed as “a slow puncture for all” by Roe, is dead.", ["Roe"]),
        ("“A slow puncture for all of us” were the words of Jane Roe.", ["Jane Roe"]),
        ("“A slow puncture for all of us” came from Jane Roe.", ["Jane Roe"]),
        ("Roe said “it was a lynch mob” and added “I did all I could”.", ["Roe", "Roe"]),
        ("* Roe: “It was worth every penny.”\n* Doe: “I should like his coat.”", ["Roe", "Doe"]),
        ("“The ward will open again in November,” the health minister said.", ["health minister"]),
        ("Roe spoke first. “We shall not\nclose the road before\nthe winter,” Roe\nsaid.", ["Roe"]),
    ],
)
def test_quotation_has_the_speaker_of_its_clause(draft: str, speakers: list[str]) -> None:
    assert read_speakers(draft) == speakers


def test_person_who_is_only_spoken_for_is_not_the_speaker() -> None:
    assert read_speakers("Roe spoke up for Jane Doe: “She kept the boat afloat for us.”") == ["Roe"]


def test_every_quotation_of_a_paragraph_with_many_marks_is_accounted_for() -> None:
    quotations = parse_quotations("“We close today.” " * 310)
    assert len(quotations) == 310
    assert all(quotation.is_unchecked for quotation in quotations)


def test_mark_without_a_partner_is_unchecked() -> None:
    (quotation,) = parse_quotations("We shall close the road,” she said.")
    assert quotation.is_unchecked


def test_long_run_of_marks_before_a_quotation_is_read_in_linear_time() -> None:
    start = process_time()
    assert len(parse_quotations(". " * 90_000 + "“We close the road today.”")) == 1
    assert process_time() - start < 5
