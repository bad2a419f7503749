"""Web API methods for canvases, files and previews of links, on the in-memory workspace.

A canvas or file is posted as a link to the local workspace's own copy.
"""

import json
from collections.abc import Callable, Mapping
from urllib.parse import quote

from bot.simulator.state.files import MAX_FILE_BYTES, StoredFile
from bot.simulator.state.model import SlackError
from bot.simulator.state.validation import Json
from bot.simulator.state.workspace import Workspace

#: paths below the workspace's URL: uploads, files, and canvases as in Slack's own addresses
UPLOADS, FILES, DOCS = "/local/upload", "/local/files", "/local/docs"
#: most characters of a canvas
_MAX_CANVAS_LENGTH = 1_048_576
_MAX_NAME_LENGTH = 255


def _create_canvas(workspace: Workspace, args: Json) -> Json:
    content = _decode(args.get("document_content"))
    markdown = content.get("markdown") if isinstance(content, dict) and content.get("type") == "markdown" else None
    if not isinstance(markdown, str) or len(markdown) > _MAX_CANVAS_LENGTH:
        raise SlackError("canvas_creation_failed")
    title = str(args.get("title") or "Untitled")[:_MAX_NAME_LENGTH]
    canvas = StoredFile(
        _new_file_id(workspace), f"{title}.md", title, markdown.encode("utf-8", "replace"), is_canvas=True
    )
    return {"canvas_id": workspace.files.add(canvas).id}


def _set_canvas_access(workspace: Workspace, args: Json) -> Json:
    canvas = workspace.files.find(str(args.get("canvas_id")))
    if canvas is None or not canvas.is_canvas:
        raise SlackError("canvas_not_found")
    if args.get("access_level") not in ("read", "write", "owner"):
        raise SlackError("invalid_arguments")
    known_ids = [person.id for person in workspace.people]
    if any(user not in known_ids for user in str(args.get("user_ids") or "").split(",") if user):
        raise SlackError("user_not_found")
    return {}


def _delete_canvas(workspace: Workspace, args: Json) -> Json:
    canvas = workspace.files.find(str(args.get("canvas_id")))
    if canvas is None or not canvas.is_canvas:
        raise SlackError("canvas_not_found")
    workspace.files.remove(canvas.id)
    return {}


def _start_upload(workspace: Workspace, args: Json) -> Json:
    name, length = str(args.get("filename") or ""), str(args.get("length") or "")
    if not name or not length.isdecimal() or not 0 < int(length) <= MAX_FILE_BYTES:
        raise SlackError("invalid_arguments", ("[ERROR] a filename and a length are needed",))
    file = workspace.files.add(StoredFile(_new_file_id(workspace), name[:_MAX_NAME_LENGTH], name[:_MAX_NAME_LENGTH]))
    return {"file_id": file.id, "upload_url": f"{workspace.base_url}{UPLOADS}/{file.id}"}


def _finish_upload(workspace: Workspace, args: Json) -> Json:
    entries = _decode(args.get("files"))
    channel = workspace.get_joined_channel(str(args.get("channel_id")))
    files = [workspace.files.find(str(entry.get("id"))) for entry in entries] if isinstance(entries, list) else []
    uploaded_files = [file for file in files if file and file.content is not None]
    if not uploaded_files or len(uploaded_files) < len(files):
        raise SlackError("file_not_found")
    for file in uploaded_files:
        link = f"<{workspace.base_url}{FILES}/{file.id}/{quote(file.name)}|{_escape(file.name)}>"
        workspace.post(channel.id, {"text": f"{link} ({len(file.content or b''):,} bytes)"})
    return {"files": [{"id": file.id, "title": file.title} for file in uploaded_files]}


def _unfurl(workspace: Workspace, args: Json) -> Json:
    unfurls = args.get("unfurls")
    if not isinstance(unfurls, dict):
        raise SlackError("missing_unfurls")
    ts = str(args.get("ts") or str(args.get("unfurl_id") or "").rpartition("/")[2])
    workspace.unfurl(ts, [unfurl.get("blocks") or [] for unfurl in unfurls.values() if isinstance(unfurl, dict)])
    return {}


METHODS: Mapping[str, Callable[[Workspace, Json], Json]] = {
    "canvases.create": _create_canvas,
    "canvases.access.set": _set_canvas_access,
    "canvases.delete": _delete_canvas,
    "files.getUploadURLExternal": _start_upload,
    "files.completeUploadExternal": _finish_upload,
    "chat.unfurl": _unfurl,
}


def _new_file_id(workspace: Workspace) -> str:
    return "F" + workspace.new_id().upper()


def _decode(value: object) -> object:
    """Return a structure, which clients may send as JSON text. Raises SlackError."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError) as error:
        raise SlackError("invalid_arguments") from error


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("|", "/")
