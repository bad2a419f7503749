"""The sender of a message is an outlet, a person or neither; what is unclear is left out."""

import pytest

from briefings.ingest.documents.mail.senders import find_publisher_and_author


@pytest.mark.parametrize(
    ("sender", "expected"),
    [
        ("Press Office <press@easton.example>", ("Press Office", None)),
        ('"Press Office, Easton Council" <press@easton.example>', ("Press Office, Easton Council", None)),
        ("The Tribune <news@tribune.example>", ("The Tribune", None)),
        ("Friends of Easton <hello@friends.example>", ("Friends of Easton", None)),
        ("JANE <jane@easton.example>", (None, None)),
        ("Easton Fire and Rescue <a@easton.example>", (None, None)),
        ("Jane van der Roe <jane@easton.example>", (None, "Jane van der Roe")),
        ("Jane Roe <jane@easton.example>", (None, "Jane Roe")),
        ('"Roe, Jane" <jane@easton.example>', (None, "Roe, Jane")),
        ('"Jane Roe (Easton Council)" <jane@easton.example>', ("Easton Council", "Jane Roe")),
        ('"Jane Roe, Easton Council" <jane@easton.example>', ("Easton Council", "Jane Roe")),
        ("Jane Roe - Easton Press Office <jane@easton.example>", ("Easton Press Office", "Jane Roe")),
        ("Jane Roe from the Easton Council <jane@easton.example>", ("the Easton Council", "Jane Roe")),
        ("'Jane Roe' via Press List <list@groups.example>", (None, "Jane Roe")),
        ("Councillor Jane Roe <jane@easton.example>", (None, "Councillor Jane Roe")),
        ("Jane Newsome <jane@easton.example>", (None, "Jane Newsome")),
        ("Jane Post <jane@easton.example>", (None, None)),
        ("The Easton Post <news@post.example>", ("The Easton Post", None)),
        ("press@easton.example", (None, None)),
        ("<press@easton.example>", (None, None)),
        ("press@easton.example <press@easton.example>", (None, None)),
        ("noreply <noreply@easton.example>", (None, None)),
        ("Mail Delivery Subsystem <mailer-daemon@easton.example>", (None, None)),
        ("jane <jane@easton.example>", (None, None)),
        ("", (None, None)),
        ("<<>>\x00" * 100, (None, None)),
    ],
)
def test_an_organisation_is_the_publisher_and_a_person_the_author(
    sender: str, expected: tuple[str | None, str | None]
) -> None:
    assert find_publisher_and_author(sender) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Quill, Marta (Press Secretary)", (None, "Quill, Marta")),
        ("Roe, Jane (Easton Council)", ("Easton Council", "Roe, Jane")),
        ("Roe, Jane - Ministry of Health", ("Ministry of Health", "Roe, Jane")),
        ("Jane Roe, Press Officer", (None, "Jane Roe")),
        ("Jane Roe, Press Officer, Easton Council", ("Easton Council", "Jane Roe")),
        ("Jane Roe (Head of News at Easton Council)", ("Easton Council", "Jane Roe")),
        ("Jane Roe (press)", (None, "Jane Roe")),
        ("Jane Roe | PR", (None, "Jane Roe")),
        ("Jane Roe (she/her)", (None, "Jane Roe")),
        ("Jane Roe, London", (None, "Jane Roe")),
        ("Jane from Easton Council", ("Easton Council", None)),
        ("Jane @ Harbour Media", ("Harbour Media", None)),
        ("Tom Echo (Easton Council)", ("Easton Council", None)),
        ("jane roe, press office", ("press office", None)),
        ("Easton Council - Jane Roe", ("Easton Council", None)),
        ("Ana de la Roe", (None, "Ana de la Roe")),
        ("Communications Manager", (None, None)),
        ("Director of Communications", (None, None)),
        ("Pressesprecher Stadt Easton", (None, None)),
        ("Mayor's Office", ("Mayor's Office", None)),
        ("Office of the Mayor", ("Office of the Mayor", None)),
    ],
)
def test_the_post_of_a_person_is_no_outlet(name: str, expected: tuple[str | None, str | None]) -> None:
    assert find_publisher_and_author(f'"{name}" <a@easton.example>') == expected


@pytest.mark.parametrize(
    ("sender", "byline"),
    [
        ("Jane Roe <press@easton.example>", "Jane Roe"),
        ("Xilka Roe <xilka.roe@easton.example>", "Xilka Roe"),
        ("Xilka Roe <xroe@easton.example>", "Xilka Roe"),
        ('"Roe, Xilka" <xilka.roe@easton.example>', "Roe, Xilka"),
        ("X. Roe <press@easton.example>", "X. Roe"),
        ('"Xilka Roe, Press Officer" <press@easton.example>', "Xilka Roe"),
        ("Dr Xilka Roe <press@easton.example>", "Dr Xilka Roe"),
        ("Councillor Jane Roe <press@easton.example>", "Councillor Jane Roe"),
        ("Harbour Lights <hello@harbour.example>", None),
        ("Landratsamt Easton <post@easton.example>", None),
        ("Lower Easton <easton@easton.example>", None),
    ],
)
def test_a_byline_needs_a_forename_or_an_address_made_from_the_name(sender: str, byline: str | None) -> None:
    assert find_publisher_and_author(sender) == (None, byline)


@pytest.mark.parametrize(
    "name",
    [
        *("Anna Stadt", "Tom Echo", "Kate Weekly", "Lee Region", "Mary Media", "Dr Tom Echo", "Mary Ann Times"),
        *("News", "Desk", "Office", "Newsletter", "The Desk", "Daily Digest", "Media", "Press", "Our Team"),
        *("IT Service Desk", "Microsoft Outlook", "Scan Copier", "Apple Support", "Xerox Scanner", "Easton Helpdesk"),
        *("Father of Tom Roe", "Mayor of Easton", "Head of Press Office", "Tom Echo, Press Officer"),
    ],
)
def test_an_unclear_sender_is_neither_an_outlet_nor_an_author(name: str) -> None:
    assert find_publisher_and_author(f'"{name}" <a@easton.example>') == (None, None)


@pytest.mark.parametrize(
    "name",
    [
        *("Press Office", "Easton Council Press Office", "Press Office, Easton Council", "Ministry of Health"),
        *("Harbour International", "Easton Courier", "River Trust", "Service de presse", "University of Easton"),
        *("Department for Harbours Press Office", "Save the Harbour", "Austin Police"),
        *("Office for Harbour Statistics", "Royal College of Harbour Pilots", "Friends of the Harbour"),
    ],
)
def test_the_name_of_an_organisation_is_the_outlet(name: str) -> None:
    assert find_publisher_and_author(f'"{name}" <a@easton.example>') == (name, None)
