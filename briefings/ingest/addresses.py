"""Handle web addresses: unwrap redirect links, quote an address for a request, and build the key that finds duplicates.

Rule: an address is fetched exactly as given. Only the key is normalised, and it keeps every parameter that may select
the page. Rule: only known redirect services are unwrapped; any other site may use an address as a parameter.
"""

import re
from urllib.parse import parse_qsl, quote, unquote, urlsplit

#: maximum number of redirect services around one address
_MAX_WRAPPERS = 3
#: host and path of redirect services (without "www."), and the parameters with the real address
_WRAPPERS = (
    (re.compile(r"google\.(?:com|[a-z]{2}|com?\.[a-z]{2})/url"), ("url", "q")),
    (re.compile(r"news\.google\.[a-z.]{2,6}/news/url"), ("url",)),
    (re.compile(r"[a-z0-9-]+\.safelinks\.protection\.(?:outlook\.com|office365\.us)/.*"), ("url",)),
    (re.compile(r"statics\.teams\.cdn\.office\.net/evergreen-assets/safelinks/.*"), ("url",)),
    (re.compile(r"(?:lm?\.|m\.)?facebook\.com/l\.php"), ("u",)),
    (re.compile(r"l\.(?:instagram|threads)\.com/"), ("u",)),
    (re.compile(r"l\.(?:wl|messenger)\.(?:co|com)/l\.php"), ("u",)),
    (re.compile(r"bing\.com/news/apiclick\.aspx"), ("url",)),
    (re.compile(r"(?:m\.)?youtube\.com/redirect"), ("q",)),
    (re.compile(r"linkedin\.com/(?:redir/redirect|safety/go)/?"), ("url",)),
    (re.compile(r"out\.reddit\.com/.*"), ("url",)),
    (re.compile(r"slack-redir\.net/link"), ("url",)),
    (re.compile(r"t\.umblr\.com/redirect"), ("z",)),
    (re.compile(r"vk\.com/away\.php"), ("to",)),
)
#: query parameters that only measure where a reader comes from
_TRACKERS = re.compile(
    r"(?:utm|mtm|matomo|piwik|oly_enc|oly_anon)_\w+|at_(?:medium|campaign|custom\d|link_\w+|format|bbc_team|ptr_\w+)"
    r"|pk_(?:campaign|kwd|keyword|source|medium|content)|itm_(?:source|medium|campaign|content|term)|vero_(?:id|conv)"
    r"|(?:fb|g|dc|tw|y|tt)clid|msclkid|gclsrc|gbraid|wbraid|igshid|igsh|mc_[ce]id|mkt_tok|_ga|_gl|xtor"
    r"|_hs(?:enc|mi)|__hs(?:tc|sc|fp)|guce_referrer(?:_sig)?",
    re.IGNORECASE,
)
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}
#: characters that an address may contain; any other character is quoted in a request
_ADDRESS_CHARACTERS = "!#$%&'()*+,-./:;=?@[]_~"
_LINE_BREAKS = re.compile(r"[\t\r\n]+")
_DOT = re.compile(r"%2e", re.IGNORECASE)


def unwrap_address(address: str) -> str:
    """Return the address inside a link of a known redirect service (Google Alerts, Safe Links), or the link itself."""
    for _ in range(_MAX_WRAPPERS):
        target = _find_target(address)
        if target is None:
            return address
        address = target
    return address


def quote_address(address: str) -> str:
    """Return an address as it is sent in a request: unchanged, except for characters that no request may contain.

    Line breaks are removed, and the segments "." and ".." are resolved, as browsers do.
    """
    address = _LINE_BREAKS.sub("", address.strip())
    scheme, separator, rest = address.partition("://")
    end = next((position for position, char in enumerate(rest) if char in "/?#"), len(rest))
    host, rest = rest[:end], rest[end:]
    path, mark, query = rest.partition("?")
    return f"{scheme}{separator}{host}{_quote(_resolve_dots(path))}{mark}{_quote(query)}"


def build_key(address: str) -> str | None:
    """Return the key of an absolute web address, without trackers and fragment, or None if it is invalid.

    The order and spelling of everything else stays. Two addresses with one key are the same page.
    """
    try:
        parts = urlsplit(quote_address(address.partition("#")[0]))
        host = parts.netloc.lower().removesuffix(_DEFAULT_PORTS.get(parts.scheme, " "))
    except ValueError:
        return None
    parameters = [parameter for parameter in parts.query.split("&") if not _is_tracker(parameter)]
    query = "&".join(parameters).strip("&")
    path = "" if parts.path == "/" and not query else parts.path or ("/" if query else "")
    return f"{parts.scheme.lower()}://{host}{path}{'?' if query else ''}{query}" if host else None


def get_fragment(address: str) -> str:
    """Return the fragment of an address, which names a place on its page; "" if it has none or only trackers."""
    fragment = address.partition("#")[2]
    is_place = not fragment.startswith((":~:", "!")) and not any(map(_is_tracker, fragment.split("&")))
    return quote_address(fragment) if is_place and "://" not in fragment else ""


def build_former_key(address: str) -> str | None:
    """Return the key that earlier versions stored for a page, if it only differs in spelling from today's; or None.

    Those versions sorted parameters, quoted more characters and joined slashes. They also dropped parameters such as
    "source"; such a key is not returned, because it may belong to another page.
    """
    from courlan import clean_url  # imports urllib3 and the languages of the world, which a question does not need

    key = build_key(address)
    former_key = clean_url(address.partition("#")[0])
    if key is None or former_key is None or former_key == key or _fold(former_key) != _fold(key):
        return None
    return former_key


def _find_target(address: str) -> str | None:
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return None
    location = f"{(parts.hostname or '').removeprefix('www.')}{parts.path}"
    for wrapper, names in _WRAPPERS:
        if parts.scheme in ("http", "https") and wrapper.fullmatch(location):
            parameters = dict(reversed([_split_parameter(text) for text in parts.query.split("&")]))
            return next((url for name in names if (url := _decode_target(parameters.get(name, "")))), None)
    return None


def _split_parameter(parameter: str) -> tuple[str, str]:
    name, _, value = parameter.partition("=")
    return name, value


def _decode_target(value: str) -> str | None:
    """Decode a parameter once; return it if it is a web address."""
    target = value if value.lower().startswith(("http://", "https://")) else unquote(value)
    try:
        parts = urlsplit(target)
        is_web_address = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return None
    return target if is_web_address else None


def _resolve_dots(path: str) -> str:
    """Resolve the segments "." and ".."; otherwise a path could pass by the rules of robots.txt."""
    if "/." not in _DOT.sub(".", path):
        return path
    segments: list[str] = []
    parts = path.split("/")[1:]
    for number, segment in enumerate(parts, 1):
        name = _DOT.sub(".", segment)
        if name == ".." and segments:
            segments.pop()
        if name not in (".", ".."):
            segments.append(segment)
        elif number == len(parts):
            segments.append("")
    return "/" + "/".join(segments)


def _quote(text: str) -> str:
    return quote(text, safe=_ADDRESS_CHARACTERS)


def _is_tracker(parameter: str) -> bool:
    return _TRACKERS.fullmatch(unquote(parameter.partition("=")[0])) is not None


def _fold(key: str) -> tuple[str, str, list[tuple[str, str]]]:
    """Return host, path and parameters without differences in spelling."""
    parts = urlsplit(key)
    return parts.netloc, re.sub(r"/+", "/", unquote(parts.path)), sorted(parse_qsl(parts.query, keep_blank_values=True))
