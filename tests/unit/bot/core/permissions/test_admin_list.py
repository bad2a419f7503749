"""ADMINS: whom it names, and in which workspaces."""

import pytest

from bot.core.permissions.admin_list import NO_ENTRIES, AdminList, find_groups, parse_admins
from briefings import BadSettings


@pytest.mark.parametrize(
    ("value", "entries"),
    [
        ("", ()),
        ("U1", ("U1",)),
        ("U1, W2;S3".replace(";", " "), ("U1", "W2", "S3")),
        ("T1:U1,E2:S3\nU4", ("T1:U1", "E2:S3", "U4")),
    ],
)
def test_people_and_groups_are_read_with_their_workspaces(value: str, entries: tuple[str, ...]) -> None:
    assert parse_admins(value) == entries


@pytest.mark.parametrize(
    "value", ["anna", "@U1", "u1", "C1", "T1", "T1:", ":U1", "T1:anna", "U1:T1", "T1:T2:U1", "T1-U1", "U1;U2", "U" * 40]
)
def test_what_is_no_id_is_refused_with_an_example(value: str) -> None:
    with pytest.raises(BadSettings, match=r"Invalid id .* in ADMINS: .*T0123:U0456") as caught:
        parse_admins(value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("admins", "team", "users", "groups"),
    [
        (AdminList(("U1", "S1", "T2:U2", "T2:S2")), "T1", ("U1",), ("S1",)),
        (AdminList(("U1", "S1", "T2:U2", "T2:S2")), "T2", ("U1", "U2"), ("S1", "S2")),
        (AdminList(("U1", "T2:U2"), "T1", has_many_workspaces=True), "T1", ("U1",), ()),
        (AdminList(("U1", "T2:U2"), "T1", has_many_workspaces=True), "T2", ("U2",), ()),
        (AdminList(("U1", "T2:U2"), "T1", has_many_workspaces=True), "T3", (), ()),
        (AdminList(("U1",), None, has_many_workspaces=True), "T1", (), ()),
        (AdminList(("U1",), None, has_many_workspaces=True), "", (), ()),
        (NO_ENTRIES, "T1", (), ()),
    ],
)
def test_bare_ids_count_only_at_home(
    admins: AdminList, team: str, users: tuple[str, ...], groups: tuple[str, ...]
) -> None:
    assert (admins.list_users(team), admins.list_groups(team)) == (users, groups)


def test_groups_are_listed_without_their_workspaces() -> None:
    assert find_groups(("U1", "S1", "T2:S2", "T3:S1")) == ("S1", "S2")
