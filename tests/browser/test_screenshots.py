"""The pictures of the README are drawn from the program as it is."""

from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.browser.screenshots import draw


@pytest.mark.browser
async def test_every_picture_of_the_readme_is_drawn(tmp_path: Path, chromium: Browser) -> None:
    """Each is a PNG, and light enough to be cloned."""
    assert chromium.is_connected()
    files = await draw(tmp_path)
    assert [file.name for file in files] == ["workspace.png", "article.png", "story.png"]
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    for file in files:
        assert file.read_bytes().startswith(b"\x89PNG")
        assert f"docs/screenshots/{file.name}" in readme
