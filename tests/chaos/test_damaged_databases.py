"""A database with damaged bytes gives answers or an error for the user."""

import re
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from random import Random

import pytest

import briefings
from briefings.errors import BriefingsError


@pytest.mark.parametrize("where", ["text", "pages"])
@pytest.mark.parametrize("seed", range(4))
def test_damaged_text_is_an_answer_or_an_error_for_the_user(tmp_path: Path, where: str, seed: int) -> None:
    path = tmp_path / "news.db"
    article = tmp_path / "harbour.txt"
    article.write_text("“We have waited for long enough,” said Jane Roe, the council leader of Easton. " * 5)
    with closing(briefings.open(str(path))) as service:
        service.add(article)
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    data, random = bytearray(path.read_bytes()), Random(f"{where} {seed}")  # noqa: S311 - the damage only has to repeat
    starts = [match.start() for match in re.finditer(b"We have waited", data)] if where == "text" else [4_096]
    for start in starts:
        end = start + 200 if where == "text" else len(data)
        for _ in range(3 if where == "text" else 400):
            data[random.randrange(start, end)] = random.choice((0x00, 0x80, 0xC3, 0xFF))
    path.write_bytes(data)
    with suppress(BriefingsError), closing(briefings.open(str(path))) as service:
        service.who_said("waited")
