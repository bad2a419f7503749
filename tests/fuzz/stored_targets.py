"""Targets that read what the operator keeps: settings, keys, lists of outlets and feeds, backups and stored tokens."""

import stat
import tempfile
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from bot.cli.add.columns import parse_columns
from bot.cli.setup.env_file import parse_values, replace_values
from bot.core.encryption.key_file import load_keys
from bot.core.encryption.key_settings import KeySettings
from bot.core.encryption.keys import KeyRing, format_key, parse_keys
from bot.core.settings import load
from bot.storage.protection.token_cipher import TokenCipher
from briefings.errors import BriefingsError
from briefings.exports.authors import read_authors
from briefings.feeds import read_feeds
from briefings.feeds.plain_text import read_plain_text
from briefings.model import Article
from briefings.outlets import read_outlets
from briefings.storage import open_repository
from briefings.storage.maintenance import BackupKey, open_backup, write_backup
from tests.fuzz.target import ForbiddenAnswer, Target, decode_typed

_KEYS = KeyRing((bytes(range(32)),))
_BACKUP_KEY = BackupKey(_KEYS.derive("backup")[0])
_PLACE = ("T1", "bot_token")
_SETTINGS = (
    "RATE_PER_MINUTE=20\nPORT=3000\nADMINS=U1,T1:S2\nFETCH_NETWORKS=10.0.0.0/8\nFETCH_PORTS=8080\nRECORD=per-team",
    "SLACK_CLIENT_ID=1.2\nOPERATOR_TEAM=T0123ABCD\nALLOWED_HOSTS=bot.internal [::1]\nTRUSTED_PROXIES=10.0.0.0/8",
    "SMTP_URL=smtps://u:p@smtp.example\nMAIL_FROM=News Desk <n@bot.example>\nSMTP_STARTTLS=no\nLINK_REVIEW=off",
    "COMMAND_NAMES=briefing=/news, digest=/daily\nPUBLIC_URL=https://bot.example\nREADER=quotes\nLOG_LEVEL=DEBUG",
)
_ENV_FILE = "# a comment\nexport PORT='3000'\nSLACK_BOT_TOKEN=\"xoxb-1\" # end\nPORT=\n"
_OUTLETS = "# ours\nThe Tribune; Tribune: tribune.example, www.tribune-news.example\nEaston Post: post.example\n"
_FEEDS = '[[feed]]\nurl = "https://tribune.example/rss"\noutlet = "The Tribune"\nminutes = 15\n'
_BYLINES = ("By Ada Kerr and Tom Marsh, Political Editor", "KERR, Ada; The Tribune staff", "Ада Керр, AFP")
_PAGE = "Harbour stays open\n\n“We have waited for long enough,” said Jane Roe.\n"


def list_targets() -> list[Target]:
    """Return the targets; that of stored tokens only with the library that encrypts them."""
    key_text = f"# keys\n{format_key(_KEYS.keys[0])}\n".encode()
    targets = [
        Target("settings", _read_settings, [text.encode() for text in _SETTINGS], 20),
        Target("env-file", _read_env_file, [_ENV_FILE.encode()], 20),
        Target("keys", lambda data: parse_keys(decode_typed(data), "ENCRYPTION_KEYS"), [key_text], 20),
        Target("key-file", _build_file_run(_read_key_file), [key_text], 8),
        Target("outlets-file", _build_file_run(read_outlets), [_OUTLETS.encode()], 8),
        Target("feeds-file", _build_file_run(read_feeds), [_FEEDS.encode()], 8),
        Target("columns", _read_columns, [b"text=body,date=day"], 20),
        Target("byline", lambda data: read_authors(decode_typed(data)), [line.encode() for line in _BYLINES], 20),
        Target("plain-page", _read_plain_page, [_PAGE.encode(), _PAGE.encode("utf-16")], 20),
        Target("backup", _build_file_run(_read_backup), [_write_sample_backup()]),
    ]
    if find_spec("cryptography"):
        token = TokenCipher(_KEYS).encrypt("xoxb-made-up", _PLACE).encode()
        targets.append(Target("stored-token", _decrypt, [token], 20))
    return targets


def _build_file_run(read: Callable[[Path], object]) -> Callable[[bytes], object]:
    """Return a run that gives its bytes to a reader of files."""

    def run(data: bytes) -> object:
        with tempfile.NamedTemporaryFile(prefix="fuzz-") as file:
            file.write(data)
            file.flush()
            return read(Path(file.name))

    return run


def _read_settings(data: bytes) -> object:
    pairs = (line.partition("=") for line in data.decode("utf-8", "replace").splitlines())
    return load(None, {name: value for name, _, value in pairs})


def _read_env_file(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    values = parse_values(replace_values(text, {"PORT": "8080"}))
    if values.get("PORT") != "8080":
        raise ForbiddenAnswer(f"a saved value is not read back: {values.get('PORT')!r}")


def _read_key_file(path: Path) -> object:
    path.chmod(stat.S_IRUSR | stat.S_IWUSR)
    return load_keys(KeySettings(file=path), "")


def _read_columns(data: bytes) -> None:
    with suppress(ValueError):  # argparse shows its message
        parse_columns(decode_typed(data))


def _read_plain_page(data: bytes) -> object:
    return read_plain_text(data, "https://tribune.example/1", "text/plain; charset=utf-8")


@cache
def _write_sample_backup() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        address, file = f"sqlite:///{folder}/record.db", Path(folder) / "backup.db"
        with closing(open_repository(address, _get_time)) as repository:
            repository.upsert(Article("a1", "The harbour of Easton stays open.", "The Tribune"), [])
        write_backup(address, file, key=_BACKUP_KEY)
        return file.read_bytes()


def _read_backup(path: Path) -> None:
    """Read a damaged backup in two ways: with its signature, which must not fit, and without it."""
    data = path.read_bytes()
    with suppress(BriefingsError), open_backup(path, key=_BACKUP_KEY):
        if data != _write_sample_backup():
            raise ForbiddenAnswer("the signature fits a changed backup")
    with open_backup(path, accept_unsigned=True) as address, closing(open_repository(address, _get_time)) as repository:
        for article in repository.get_articles(["a1"]):
            if "The harbour of Easton stays open." not in article.text:
                raise ForbiddenAnswer(f"a damaged text is returned: {article.text!r}"[:300])


def _get_time() -> datetime:
    return datetime(2016, 6, 30, tzinfo=UTC)


def _decrypt(data: bytes) -> object:
    token = TokenCipher(_KEYS).decrypt(decode_typed(data), _PLACE)
    if token != "xoxb-made-up":
        raise ForbiddenAnswer("a changed token is decrypted")
    return token
