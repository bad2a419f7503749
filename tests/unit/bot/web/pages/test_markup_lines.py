"""Pasted HTML of an article is not shown on its page, but its words around it are."""

from pathlib import Path

import briefings
from bot.web.pages.highlighting import build_text_rows
from briefings import Article


def test_embeds_and_scripts_are_not_shown(tmp_path: Path) -> None:
    text = (
        "The hall was full.\n\n<iframe src='https://video.example/1' width='790'>\n\n"
        "“We will <b>count</b> every vote,” said Anna Berg.\n\n<script>\nplay()\n</script>\n\nIt is late."
    )
    with briefings.open(tmp_path / "news.db") as service:
        service.add([Article("a", text)])
        rows = build_text_rows(service.view_article("a"))
    assert "".join("".join(piece.text for piece in row.pieces) + row.after for row in rows) == text
    shown_rows = [
        "".join(piece.text for piece in row.pieces if not piece.is_markup).strip() for row in rows if row.is_shown
    ]
    assert shown_rows[0] == "The hall was full."
    assert shown_rows[-1] == "It is late."
    assert len(shown_rows) == 3
