"""Parts of pages that are generated from the code: complete, and nothing in them is copied by hand."""

import argparse
import json
import re
from pathlib import Path

import pytest

from bot.cli.parser import build_parser
from bot.queries.queries import Command
from bot.server import manifest
from docsite import http_page, pages, settings_page
from docsite.commands_page import build_anchor, build_commands, list_commands, list_options
from docsite.content_policy import add_policy, hash_scripts
from docsite.listings import build_changelog, build_decisions
from docsite.markup import build_code, build_table, escape
from docsite.slack_page import build_slack, convert_mrkdwn
from tests.docs.blocks import DOCS, ROOT


def test_commands_have_a_section_each_with_all_options() -> None:
    sections = dict(re.findall(r"^###? (.+?) \{.*?\}\n(.*?)(?=^##|\Z)", build_commands(), re.DOTALL | re.MULTILINE))
    commands = [command for command, _ in list_commands(build_parser())]
    assert [command.prog for command in commands] == list(sections)
    for command in commands:
        hidden = {option for option in list_options(command) if option not in sections[command.prog]}
        assert hidden - {"-h"} == {"--help"}


def test_usage_has_one_width_on_every_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    wide = build_commands()
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert build_commands() == wide


def test_help_text_cannot_become_markup() -> None:
    assert escape("a * b_c <i> `x_*` [y]") == "a \\* b\\_c &lt;i&gt; `x_*` \\[y\\]"
    parser = argparse.ArgumentParser(prog="tool")
    parser.add_subparsers().add_parser("one", help="100%% of <b>")
    assert [text for _, text in list_commands(parser)] == ["100% of <b>"]


def test_anchor_of_a_command_is_that_of_its_heading() -> None:
    assert build_anchor("ontherecord feeds follow") == "ontherecord-feeds-follow"


def test_settings_are_those_that_the_code_reads() -> None:
    table = settings_page.build_settings()
    names = settings_page.find_setting_names(*(path.read_text(encoding="utf-8") for path in settings_page.READERS))
    assert {"SLACK_BOT_TOKEN", "SMTP_STARTTLS", "PAGES_SECRET", "LOG_LEVEL"} <= names
    assert [name for name in names if f"`{name}`" not in table] == []


def test_setting_without_description_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    example = tmp_path / ".env.example"
    example.write_text("# the port\nPORT=1\n")
    monkeypatch.setattr(settings_page, "EXAMPLE", example)
    with pytest.raises(ValueError, match=r"differ in these settings: .*'SLACK_BOT_TOKEN'"):
        settings_page.build_settings()


def test_blocks_of_the_example_keep_comment_names_and_default() -> None:
    text = "# All of this.\n\n# Where it\n# listens.\nHOST=127.0.0.1\nPORT=\n# Level\nLOG=INFO\n"
    assert settings_page.read_blocks(text) == [
        (["HOST", "PORT"], "Where it listens. Default: `127.0.0.1`."),
        (["LOG"], "Level Default: `INFO`."),
    ]


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ('values["A_B"]', {"A_B"}),
        ('"A_B" in values', {"A_B"}),
        ('values.get("A_B", "INFO")', {"A_B"}),
        ('_parse_secret(values, "A_B")', {"A_B"}),
        ('other.get("A_B"); f("C_D"); values.get("lower")', set()),
    ],
)
def test_names_of_settings_are_read_from_code(source: str, names: set[str]) -> None:
    assert settings_page.find_setting_names(source) == names


def test_every_route_has_a_sentence() -> None:
    table = http_page.build_routes()
    for path in http_page.list_routes():
        assert f"| `{path}` |" in table


def test_route_without_a_sentence_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_page, "DESCRIPTIONS", {"/healthz": "200", "/gone": "none"})
    with pytest.raises(ValueError, match=r"'/gone', '/mail/confirm'"):
        http_page.build_routes()


def test_slack_page_has_commands_menus_scopes_and_events() -> None:
    page = build_slack()
    fields = json.loads(manifest.build_manifest())
    for command in Command:
        assert f"### {command.value}\n" in page
    for text in (*manifest.SCOPES, *fields["settings"]["event_subscriptions"]["bot_events"]):
        assert f"`{text}`" in page
    for entry in fields["features"]["shortcuts"]:
        assert f"| {entry['name']} |" in page


def test_slack_markup_becomes_markdown() -> None:
    text = "*/x* does <it>.\n• `*a*` one\n• _two_ a_b\nThe end."
    assert convert_mrkdwn(text) == "**/x** does &lt;it>.\n\n- `*a*` one\n- *two* a_b\n\nThe end."


def test_decisions_are_listed_newest_first() -> None:
    table = build_decisions()
    numbers = [int(number) for number in re.findall(r"^\| (\d+) \|", table, re.MULTILINE)]
    assert numbers == sorted(numbers, reverse=True)
    assert len(numbers) == len(list(DOCS.glob("decisions/[0-9]*.md")))


def test_changelog_links_lead_to_pages_of_the_site() -> None:
    changelog = build_changelog()
    links = re.findall(r"\]\((?![a-z]+:)([^)#]+)", changelog)
    assert links
    assert [link for link in links if not (DOCS / link).exists()] == []


def test_pages_are_prepared_without_changing_the_sources(tmp_path: Path) -> None:
    source, target = tmp_path / "docs", tmp_path / "built"
    (source / "deep").mkdir(parents=True)
    (source / "deep/page.md").write_text("# A\n\n<!-- generated: decisions -->\n\n[log](../../CHANGELOG.md)\n")
    (source / "picture.png").write_bytes(b"png")
    (page,) = pages.prepare_pages(target, source)
    assert "| number | decision |" in page.read_text()
    assert "[log](../changelog.md)" in page.read_text()
    assert (target / "picture.png").read_bytes() == b"png"
    assert "generated" in (source / "deep/page.md").read_text()


def test_unknown_part_is_refused_with_the_name_of_its_page() -> None:
    with pytest.raises(ValueError, match=r"x\.md: the generated part 'nothing' is unknown"):
        pages.fill_parts("<!-- generated: nothing -->", "x.md")


def test_every_part_is_on_a_page() -> None:
    markers = [name for page in DOCS.rglob("*.md") for name in pages.MARKER.findall(page.read_text(encoding="utf-8"))]
    assert sorted(markers) == sorted(pages.PARTS)


def test_policy_allows_the_scripts_of_the_page_only() -> None:
    page = (
        '<html><head><meta charset="utf-8"><script>a()</script></head><script src="x.js"></script>'
        '<script type="application/json">{}</script><script>a()</script><script id="b">c()</script>'
    )
    assert len(hash_scripts(page)) == 2
    policy = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', add_policy(page))[0]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy.partition("style-src")[0]
    assert policy.count("sha256-") == 2
    assert add_policy(page).index("Content-Security-Policy") < add_policy(page).index("a()")


def test_cells_stay_in_their_table() -> None:
    assert build_table(("a",), [("one|two\nthree",)]).splitlines()[-1] == "| one\\|two three |"
    assert build_code("a`b`") == "`` a`b` ``"


def test_makefile_builds_and_serves_the_site() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(r"^docs: .*\n\t.*docsite build$", makefile, re.MULTILINE)
    assert re.search(r"^docs-serve: .*\n\t.*docsite serve$", makefile, re.MULTILINE)
