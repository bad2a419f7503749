"""Build the site, or show it on this machine: `python -m docsite build|serve [FOLDER]`."""

import argparse
import http.server
import sys
from functools import partial
from pathlib import Path

from docsite.builder import BuildFailed, build_site

_PORT = 8000


def main(arguments: list[str]) -> int:
    """Build the site and, if asked for, serve it until Ctrl-C. Return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m docsite", description="Build the documentation site.")
    parser.add_argument("action", choices=("build", "serve"))
    parser.add_argument("folder", nargs="?", type=Path, default=Path("site"))
    parser.add_argument("--port", type=int, default=_PORT, help=f"port on this machine (default: {_PORT})")
    options = parser.parse_args(arguments)
    try:
        page_count = build_site(options.folder)
    except BuildFailed as failure:
        sys.stderr.write(f"{failure}\n")
        return 1
    sys.stdout.write(f"{options.folder}: {page_count} pages. Start with {options.folder / 'index.html'}\n")
    if options.action == "serve":
        _serve(options.folder, options.port)
    return 0


def _serve(folder: Path, port: int) -> None:
    """Serve the built site to this machine only. After a change, stop it and start it again."""
    handler = partial(http.server.SimpleHTTPRequestHandler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
        sys.stdout.write(f"Open http://127.0.0.1:{server.server_port}/ and press Ctrl-C to stop.\n")
        sys.stdout.flush()
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            sys.stdout.write("\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
