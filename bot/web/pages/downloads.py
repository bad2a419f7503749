"""Downloads of a page: the same answer in another format, with `?format=`.

Rule: a download passes the same access control as its page, and is bounded in size and time as pages are.
"""

import unicodedata
from collections.abc import Callable, Mapping
from urllib.parse import quote

from aiohttp import web

from bot.answers.export_builder import ExportBuilder
from bot.links import urls
from bot.web import query_params
from bot.web.context import Site
from briefings import BadQuestion, BriefingService
from briefings.exports import Document, ExportedFile, Format, find_format, render

_MAX_ECHO_LENGTH = 40


def read_format(params: Mapping[str, str]) -> Format | None:
    """Return the format of `?format=`, or None for the page itself. Raises BadQuestion for an unknown format."""
    text = query_params.read_text(params, urls.FORMAT_PARAMETER)
    if not text or text.casefold() == "html":
        return None
    export_format = find_format(text)
    if export_format is None:
        raise BadQuestion(f"“{text[:_MAX_ECHO_LENGTH]}” doesn't work for format=. Use {', '.join(Format)}.")
    return export_format


def refuse(params: Mapping[str, str], sentence: str) -> None:
    """Raise BadQuestion if a page without an answer, such as an empty form, is asked for as a file."""
    if read_format(params):
        raise BadQuestion(sentence)


async def build_response(site: Site, export_format: Format, build: Callable[[ExportBuilder], Document]) -> web.Response:
    """Return the document that `build` returns as a file to save. `build` runs in a worker thread."""

    def render_file(service: BriefingService) -> ExportedFile:
        return render(build(ExportBuilder(service, site.get_today())), export_format)

    file = await site.run_in_thread(render_file)
    headers = {"Content-Type": file.content_type, "Content-Disposition": format_disposition(file.name)}
    return web.Response(body=file.content, headers=headers)


def format_disposition(name: str) -> str:
    """Return the Content-Disposition of a file to save, with the name in ASCII and in UTF-8 (RFC 6266, RFC 8187)."""
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain_name = "".join(char if char.isalnum() or char in "-." else "-" for char in ascii_name).strip("-.")
    encoded_name = quote(name, safe="", errors="replace")
    return f"attachment; filename=\"{plain_name or 'export'}\"; filename*=UTF-8''{encoded_name}"


def list_downloads(path: str) -> list[tuple[str, str]]:
    """Return the label and the URL of each download of the page at `path`."""
    return [(export_format.label, urls.add_format(path, export_format.value)) for export_format in Format]
