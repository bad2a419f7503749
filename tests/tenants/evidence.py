"""What the bot shows and stores: everything it sends, and the rows of a workspace."""

import json
import re
from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from sqlalchemy import Engine, text

from bot.storage.team_scope.owners import OWNERS, OwnedByInstallation, OwnedByParent, OwnedByTeam
from briefings.storage.db.schema import METADATA as RECORD
from tests.stand_ins.slack_server import StandIn
from tests.tenants.workspaces import Workspace


def dump_rows(engine: Engine, workspace: Workspace) -> dict[str, list[str]]:
    """Return all rows of a workspace by table, read without the bot's code."""
    rows = {}
    with engine.connect() as db:
        if engine.dialect.name == "postgresql":
            db.exec_driver_sql("SET LOCAL ontherecord.team = '*'")
        for table, owner in OWNERS.items():
            match owner:
                case OwnedByTeam():
                    condition = "team = :team"
                case OwnedByParent(column, parent):
                    condition = f"{column} IN (SELECT id FROM {parent} WHERE team = :team)"  # noqa: S608  # as below
                case OwnedByInstallation():
                    condition = "team_id = :team"
                case _:
                    continue
            # what people have paid for ends by itself
            condition += " AND paid_until > 4e9 - 1" if table == "asked" else ""
            statement = f"SELECT * FROM {table} WHERE {condition}"  # noqa: S608  # names of `OWNERS`
            rows[table] = sorted(map(repr, db.execute(text(statement), {"team": workspace.team})))
    return rows


def dump_record(engine: Engine) -> dict[str, list[str]]:
    """Return all rows of a record of articles by table, read without the bot's code."""
    with engine.connect() as db:
        return {
            f"record: {table}": sorted(map(repr, db.exec_driver_sql(f"SELECT * FROM {table}")))  # noqa: S608  # names of our tables
            for table in RECORD.tables
        }


def take_output(stand_in: StandIn) -> str:
    """Return everything that the bot has sent to Slack, as text, and forget it."""
    sent: list[Any] = [stand_in.answers, stand_in.arguments, stand_in.tokens, stand_in.unfurls, stand_in.files]
    text = json.dumps(sent, ensure_ascii=False, default=str)
    uploaded = "\n".join(_read_file(upload["content"]) for upload in stand_in.uploads)
    lists: Iterable[list[Any]] = (
        *sent,
        stand_in.calls,
        stand_in.posts,
        stand_in.views,
        stand_in.homes,
        stand_in.prompts,
        stand_in.canvases,
        stand_in.uploads,
    )
    for items in lists:
        items.clear()
    return text + uploaded


def read_response(headers: Mapping[str, str], body: bytes) -> str:
    """Return the headers and the content of a response as text; those of a zipped document too."""
    return "\n".join([*(f"{name}: {value}" for name, value in headers.items()), _read_file(body)])


def find_secrets(output: str, workspace: Workspace) -> set[str]:
    """Return the secrets of a workspace in an output."""
    return set(re.findall(rf"{workspace.word}[a-z]*", output.casefold()))


def _read_file(content: bytes) -> str:
    if not content.startswith(b"PK"):
        return content.decode("utf-8", "replace")
    with ZipFile(BytesIO(content)) as archive:
        return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
