"""Two workspaces in one database: each has a row in every table of the bot, with its own secret words."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from slack_sdk.oauth.installation_store import Installation
from sqlalchemy import insert

from bot.core.tenancy import use_all_teams
from bot.digests.mail.addresses import MailAddress
from bot.digests.mail.model import Recipient, RecipientState
from bot.storage.schema import METADATA
from bot.storage.store import Store
from tests.support.keys import open_installations

CLIENT_ID = "1.2"
NOON = datetime(2031, 3, 3, 12, 0, tzinfo=UTC)
FAR = datetime(2099, 1, 1, tzinfo=UTC)
#: a channel that both workspaces share (Slack Connect): its id is the same in both
SHARED_CHANNEL = "CS1"


@dataclass(frozen=True, slots=True)
class Workspace:
    """A workspace, and the word that all of its secrets begin with."""

    team: str
    user: str
    channel: str
    word: str
    #: the first id of its rows
    first_id: int
    #: what another workspace may guess: a topic's slug, and the key and label of a muted source
    slug: str
    source: str

    @property
    def token(self) -> str:
        return f"xoxb-{self.word}token"

    def secret(self, name: str) -> str:
        """Return a text that no one else may read."""
        return f"{self.word}{name}"


OWN = Workspace("T1", "U1", "C1", "marigold", 100, "harbour-works", "The Harbour Echo")
OTHER = Workspace("T2", "U2", "CB1", "quillwort", 200, "milldon-flood", "The Milldon Echo")


async def add_installation(store: Store, workspace: Workspace) -> None:
    """Store the token of a workspace."""
    installation = Installation(
        app_id="A1",
        team_id=workspace.team,
        user_id=workspace.user,
        bot_token=workspace.token,
        bot_id="B1",
        bot_user_id="U9",
    )
    await open_installations(store, CLIENT_ID).async_save(installation)


def add_rows(store: Store, workspace: Workspace) -> None:
    """Add a row to every table, in the workspace's own channel and in the shared one."""
    with use_all_teams("a test sets up workspaces"):
        for number, channel in enumerate((workspace.channel, SHARED_CHANNEL)):
            row_id = workspace.first_id + number
            for table, row in _build_rows(workspace, channel, row_id, workspace.secret).items():
                statement = insert(METADATA.tables[table]).values(row)
                store.database.write(lambda db, statement=statement: db.execute(statement))


def _build_rows(
    workspace: Workspace, channel: str, row_id: int, secret: Callable[[str], str]
) -> dict[str, dict[str, Any]]:
    """Return the rows by the name of their table."""
    team, person = workspace.team, workspace.user
    place = {"team": team, "channel": channel}
    waits = {"attempts": 0, "next_try": FAR}
    is_first = channel != SHARED_CHANNEL
    rows: dict[str, dict[str, Any]] = {
        "feedback": place
        | {"id": row_id, "at": NOON, "person": person, "asked": secret("question"), "article": "flood", "start": 0}
        | {"end": 9, "kind": secret("kind"), "comment": secret("comment"), "state": "open"},
        "audit": {"id": row_id, "at": NOON, "team": team, "person": person, "action": "shared"}
        | {"subject": secret("subject"), "detail": {"ts": secret("detail")}},
        "shares": place | {"ts": "8.1", "person": person, "at": NOON, "asked": secret("shared")},
        "digests": place
        | {"id": row_id, "number": 1, "owner": person, "ask": secret("ask"), "schedule": "0,1,2,3,4,5,6 08:30"}
        | {"zone": "Europe/London", "when_nothing": "silent", "state": "active", "created_at": NOON}
        | {"reached": FAR, "next_due": FAR, "why": secret("why")},
        "digest_runs": {"digest": row_id, "due": NOON, "state": "sent", "late": False, "attempts": 1}
        | {"content": {"text": secret("run")}, "message_ts": "8.1"},
        "digest_told": place
        | {
            "fingerprint": secret("fingerprint"),
            "detail": {"story": secret("told"), "back": True},
            "digest": row_id,
            "due": NOON,
        }
        | {"place": 0, "message_ts": "8.1"},
        "digest_channels": place | {"details": "none"},
        "digest_mail_recipients": {"id": row_id, "digest": row_id, "team": team, "key": f"key{row_id}"}
        | {"address": f"{secret('address')}@press.example", "state": "confirmed", "person": person, "added_at": NOON},
        "digest_mails": {"digest": row_id, "due": NOON, "recipient": row_id, "kind": "digest", "team": team}
        | {"message": secret("mail"), "state": "waiting", "deadline": FAR}
        | waits,
        "mail_sends": {"id": row_id, "team": team, "key": f"key{row_id}", "kind": "digest", "at": NOON},
        "digest_notices": {"id": row_id, "team": team, "person": person, "text": secret("notice"), "at": NOON} | waits,
        "watches": place
        | {"id": row_id, "number": 1, "owner": person, "query": {"phrase": secret("watched")}, "thread": ""}
        | {"state": "active", "created_at": NOON, "version": 1, "why": secret("paused")},
        "watch_channels": place | {"hourly_limit": 7, "quiet": "", "zone": "Europe/London"},
        "watch_notices": place
        | {"id": row_id, "watch": row_id, "kind": "match", "state": "sent", "created_at": NOON, "due": NOON}
        | {"content": {"text": secret("match")}, "content_version": 1, "posted_version": 1, "message_ts": "8.1"}
        | {"attempts": 1},
        "watch_matches": {"watch": row_id, "article": "flood", "notice": row_id, "at": NOON}
        | {"detail": {"text": secret("passage")}},
        "mutes": place
        | {"source": f"outlet:{workspace.source.casefold()}", "kind": "outlet", "label": secret("muted")}
        | {"person": person, "at": NOON},
        "waiting_links": {"id": row_id, "team": team, "person": person, "asked_at": NOON}
        | {"link": f"https://{secret('link')}.example/a"},
        "greetings": {"team": team, "subject": channel, "at": NOON},
        "asked": {"team": team, "person": f"{person}{row_id}", "paid_until": 4e9},
    }
    if is_first:
        rows["workspace_topic_versions"] = {"team": team, "version": 1}
        rows["workspace_topics"] = {"team": team, "slug": workspace.slug, "title": f"Flood {secret('title')}"} | {
            "words": ["Milldon", secret("words")],
            "former_names": [secret("former")],
            "state": "listed",
            "person": person,
            "at": NOON,
        }
    return rows


class _KeyedAddress(MailAddress):
    """An address whose hash is the given text."""

    @property
    def key(self) -> str:
        return self.text.partition("@")[0]


def make_recipient(number: int, digest: int, key: str) -> Recipient:
    """Return a recipient with this number, digest and hash, for the link of a mail."""
    address = _KeyedAddress(f"{key}@tribune.example")
    return Recipient(number, digest, OWN.team, address, RecipientState.PENDING, OWN.user, NOON)
