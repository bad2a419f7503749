"""Words about e-mail in /digest are read, and topics that only begin with such a word stay topics."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.digests.command_parser import AddCommand, FormCommand, parse_command
from bot.digests.mail.addresses import MailAddress, parse_addresses
from bot.digests.mail.command import MailAction, MailCommand, parse_mail_command, split_mail_addresses
from bot.queries.queries import UsageMessage
from briefings import BadQuestion

DESK, OTHER = MailAddress("desk@example.com"), MailAddress("b.c@sub.example.org")


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("email", MailCommand(MailAction.LIST, "")),
        ("e-mail 1", MailCommand(MailAction.LIST, "1")),
        ("email 1 list", MailCommand(MailAction.LIST, "1")),
        ("email list", MailCommand(MailAction.LIST, "")),
        ("email 1 add desk@example.com", MailCommand(MailAction.ADD, "1", (DESK,))),
        ("Email #1: add <mailto:desk@example.com|desk@example.com>", MailCommand(MailAction.ADD, "1", (DESK,))),
        ("email 1 desk@EXAMPLE.com", MailCommand(MailAction.ADD, "1", (DESK,))),
        ("email add desk@example.com to 2", MailCommand(MailAction.ADD, "", (DESK,))),
        ("email add desk@example.com, b.c@sub.example.org", MailCommand(MailAction.ADD, "", (DESK, OTHER))),
        ("email 1 to desk@example.com and b.c@sub.example.org", MailCommand(MailAction.ADD, "1", (DESK, OTHER))),
        ("email labour-crisis add desk@example.com", MailCommand(MailAction.ADD, "labour-crisis", (DESK,))),
        ("email 1 remove desk@example.com", MailCommand(MailAction.REMOVE, "1", (DESK,))),
        ("mail 1 unsubscribe desk@example.com", MailCommand(MailAction.REMOVE, "1", (DESK,))),
        ("email scandal weekdays at 9", None),
        ("email scandal", None),
        ("emails of the minister daily at 8", None),
        ("mailing lists", None),
        ("labour-crisis weekdays at 9", None),
    ],
)
def test_a_command_is_read(text: str, command: MailCommand | None) -> None:
    assert parse_mail_command(text) == command


@pytest.mark.parametrize("text", ["email 1 add nonsense", "email 1 add a@b", "email 1 add x@example.com <b>"])
def test_what_is_no_address_is_quoted_back(text: str) -> None:
    command = parse_mail_command(text)
    assert isinstance(command, UsageMessage)
    assert "isn't an e-mail address" in command.sentence
    assert "/digest email 1 add desk@example.com" in command.sentence


@pytest.mark.parametrize(
    ("text", "rest", "addresses"),
    [
        ("ferries daily at 9 by e-mail to desk@example.com", "ferries daily at 9", (DESK,)),
        ("ferries by email to desk@example.com daily at 9", "ferries daily at 9", (DESK,)),
        ("ferries daily at 9, and email it to desk@example.com.", "ferries daily at 9", (DESK,)),
        ("ferries daily at 9 mail to desk@example.com, b.c@sub.example.org", "ferries daily at 9", (DESK, OTHER)),
        (
            "ferries daily at 9 sent by mail to <mailto:desk@example.com|desk@example.com>",
            "ferries daily at 9",
            (DESK,),
        ),
        ("ferries daily at 9", "ferries daily at 9", ()),
        ("e-mail scandal daily at 9", "e-mail scandal daily at 9", ()),
    ],
)
def test_addresses_are_split_from_a_schedule(text: str, rest: str, addresses: tuple[MailAddress, ...]) -> None:
    found_rest, found_addresses = split_mail_addresses(text)
    assert (" ".join(found_rest.split()), found_addresses) == (rest, addresses)


def test_a_new_digest_has_its_addresses() -> None:
    command = parse_command("ferries daily at 9 by e-mail to desk@example.com")
    assert isinstance(command, AddCommand)
    assert (command.request.query, command.addresses) == ("ferries", (DESK,))
    form = parse_command("ferries by e-mail to desk@example.com")
    assert form == FormCommand("ferries", (DESK,))


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("desk@bücher.example", "desk@xn--bcher-kva.example"),
        ("First.Last+news@Example.COM", "First.Last+news@example.com"),
        ("“desk@example.com”", "desk@example.com"),
    ],
)
def test_an_address_is_written_in_ascii(text: str, address: str) -> None:
    assert parse_addresses(text) == (MailAddress(address),)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "@",
        "desk",
        "desk@",
        "@example.com",
        "desk@example",
        "desk@127.0.0.1",
        "desk@[127.0.0.1]",
        "Desk <desk@example.com>",
        '"a b"@example.com',
        "désk@example.com",
        "desk@exa\x00mple.com",
        "desk@example.com\r\nBcc: x@example.com",
        "desk@example.com%0aBcc:x@example.com",
        ".desk@example.com",
        "de..sk@example.com",
        "desk@-example.com",
        f"{'a' * 65}@example.com",
        f"desk@{'a' * 64}.example",
        f"desk@{'a.' * 130}example",
        " ".join(f"a{number}@example.com" for number in range(21)),
        "a@example.com " * 5_000,
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(BadQuestion):
        parse_addresses(text)


def test_the_same_address_counts_once() -> None:
    addresses = parse_addresses("desk@example.com, DESK@example.com; desk@EXAMPLE.com")
    assert [address.key for address in addresses] == [DESK.key]


@pytest.mark.parametrize(("text", "masked"), [("desk@example.com", "d…k@example.com"), ("a@b.example", "a…@b.example")])
def test_a_masked_address_hides_the_name(text: str, masked: str) -> None:
    assert MailAddress(text).masked == masked


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    parse_mail_command(f"email {text}")
    parse_command(f"x by email to {text}")


@pytest.mark.parametrize(
    ("text", "other_text", "is_one_mailbox"),
    [
        ("desk@example.com", "Desk+news@EXAMPLE.com", True),
        ("de.sk@gmail.com", "desk+a+b@googlemail.com", True),
        ("de.sk@example.com", "desk@example.com", False),
        ("desk@example.com", "desk@example.org", False),
        ("+a@example.com", "+b@example.com", False),
    ],
)
def test_limits_count_all_spellings_of_a_mailbox(text: str, other_text: str, is_one_mailbox: bool) -> None:
    assert (MailAddress(text).mailbox_key == MailAddress(other_text).mailbox_key) is is_one_mailbox
    assert MailAddress(text).key != MailAddress(other_text).key


def test_twenty_of_the_longest_addresses_fit_in_the_field_of_a_form() -> None:
    addresses = parse_addresses(" ".join(f"{number:02}{'a' * 60}@{'b' * 63}.example" for number in range(20)))
    assert len(", ".join(address.text for address in addresses)) <= 3_000
