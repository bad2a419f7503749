"""Content security policy of the site's pages: only scripts that the site itself has, and no other host."""

import base64
import hashlib
import re

_SCRIPT = re.compile(r"<script(?P<attributes>[^>]*)>(?P<code>.*?)</script>", re.DOTALL | re.IGNORECASE)
_HEAD = re.compile(r"<head>\s*(?:<meta charset=[^>]*>)?", re.IGNORECASE)
#: the theme sets widths and positions in style attributes, so styles cannot be listed by hash
_POLICY = (
    "default-src 'none'; script-src 'self'{hashes}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'self'; form-action 'self'"
)


def add_policy(page: str) -> str:
    """Return an HTML page with a policy that allows its own inline scripts by their hashes."""
    policy = _POLICY.format(hashes="".join(f" '{digest}'" for digest in hash_scripts(page)))
    return _HEAD.sub(
        lambda head: f'{head[0]}<meta http-equiv="Content-Security-Policy" content="{policy}">', page, count=1
    )


def hash_scripts(page: str) -> list[str]:
    """Return the hashes of the inline scripts, each once, in order. Blocks of data are not scripts."""
    digests = [
        _hash(script["code"])
        for script in _SCRIPT.finditer(page)
        if not re.search(r"\bsrc\s*=|type=\W?application/", script["attributes"])
    ]
    return list(dict.fromkeys(digests))


def _hash(code: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()
