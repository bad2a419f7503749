"""Which workspaces may change articles and feeds, and the settings that say so."""

import pytest

from bot.core.record_policy import RecordMode, RecordPolicy
from bot.core.settings import Settings, load
from briefings import BadSettings

MANY = {"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "client-secret", "SLACK_SIGNING_SECRET": "signing-secret"}
ONE = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "signing-secret"}


def read(**values: str) -> Settings:
    return load(None, values)


@pytest.mark.parametrize(
    ("values", "team", "can_write"),
    [
        (MANY, "T1", False),
        (MANY, "", False),
        (MANY | {"OPERATOR_TEAM": "T1"}, "T1", True),
        (MANY | {"OPERATOR_TEAM": "T1"}, "T2", False),
        (MANY | {"OPERATOR_TEAM": "T1"}, "T12", False),
        (MANY | {"OPERATOR_TEAM": "T1"}, "t1", False),
        (MANY | {"OPERATOR_TEAM": "T1"}, "", False),
        (MANY | {"OPERATOR_TEAM": "E1"}, "E1", True),
        (MANY | {"RECORD": "per-team"}, "T1", True),
        (MANY | {"RECORD": "per-team", "OPERATOR_TEAM": "T1"}, "T2", True),
        (MANY | {"RECORD": "per-team"}, "", False),
        (MANY | {"RECORD": "per-team"}, "../T1", False),
        (ONE, "T1", True),
        (ONE, "", True),
        (ONE | {"OPERATOR_TEAM": "T9"}, "T1", True),
        (ONE | {"RECORD": "per-team"}, "", True),
        ({}, "T1", True),
    ],
)
def test_only_the_owner_of_a_record_can_change_it(values: dict[str, str], team: str, *, can_write: bool) -> None:
    assert read(**values).record_policy.can_write(team) is can_write


def test_a_record_is_per_team_only_where_many_workspaces_can_install_the_app() -> None:
    assert read(**MANY, RECORD="per-team").record_policy.is_per_team
    assert not read(**ONE, RECORD="per-team").record_policy.is_per_team
    assert not read(RECORD="per-team").record_policy.is_per_team
    assert not read(**MANY).record_policy.is_per_team


def test_without_settings_one_workspace_owns_its_record() -> None:
    assert RecordPolicy().can_write("T1")


@pytest.mark.parametrize("text", ["per-team", "PER-TEAM", "Per_Team", "per team"])
def test_the_mode_is_read_in_any_spelling(text: str) -> None:
    assert read(RECORD=text).record.mode is RecordMode.PER_TEAM


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"RECORD": "mine"}, "Invalid RECORD 'mine': use shared or per-team."),
        ({"RECORD": "perteam\nx"}, "Invalid RECORD 'perteam\\nx': use shared or per-team."),
        (
            {"OPERATOR_TEAM": "U1"},
            "Invalid OPERATOR_TEAM 'U1': use the id of one workspace, for example T0123ABCD.",
        ),
        ({"OPERATOR_TEAM": "T1,T2"}, "Invalid OPERATOR_TEAM 'T1,T2': use the id of one workspace"),
        ({"OPERATOR_TEAM": "T1/../T2"}, "Invalid OPERATOR_TEAM"),
    ],
)
def test_a_bad_value_is_quoted_with_one_that_works(values: dict[str, str], message: str) -> None:
    with pytest.raises(BadSettings) as caught:
        read(**values)
    assert str(caught.value).startswith(message)
