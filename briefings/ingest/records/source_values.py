"""Tell which values of a field "source" are no outlet's name.

Rule: a field that is called "publisher" or "outlet" holds an outlet, unless it says that there is none. A field with
another name ("source", "provider") often says where a record comes from: a database, a device, a program, a language.
"""

import re

#: words for "no outlet"
_PLACEHOLDERS_TEXT = (
    "unknown|n/a|n.a.|na|none|null|nil|nan|undefined|unspecified|not specified|not available|not applicable|not known"
    "|no source|no publisher|no outlet|unnamed|untitled|tbd|tba|tbc|empty|blank|missing|other|others|misc|various"
    "|default|anonymous|true|false|yes|no|unbekannt|inconnu|desconocido|keine angabe|k.a.|publisher|outlet|source"
    "|string|test|#n/a|#ref!|#value!|#name?"
)
_PLACEHOLDERS = frozenset(_PLACEHOLDERS_TEXT.split("|"))
#: databases, platforms, formats, programs, devices and parts of data sets
_NO_OUTLETS_TEXT = (
    "lexisnexis|lexis nexis|lexis|nexis|nexis uni|nexisuni|lexisnexis academic|factiva|dow jones factiva|proquest"
    "|ebsco|ebscohost|gale|newsbank|access world news|pressreader|meltwater|cision|europresse|wiso|genios|jstor"
    "|eureka|google|google news|google alert|google alerts|bing|bing news|yahoo|newsapi|gdelt|common crawl"
    "|commoncrawl|cc news|ccnews|webhose|webz|media cloud|mediacloud|event registry|eventregistry|newscatcher|aylien"
    "|kaggle|huggingface|hugging face|internet archive|wayback|wayback machine|archive|zenodo|dataverse|newspaper3k"
    "|trafilatura|wikipedia|twitter|x|facebook|instagram|youtube|linkedin|reddit|telegram|whatsapp|tiktok|mastodon"
    "|bluesky|tweetdeck|hootsuite|buffer|sprinklr|ifttt|zapier|twitterfeed|dlvr.it"
    "|iphone|ipad|ios|android|mobile|mobile app|mobile web|phone|smartphone|tablet|desktop|computer|pc|mac|windows"
    "|linux|app|web app|browser|chrome|firefox|safari|email|e mail|mail|sms|newsletter"
    "|api|rest api|rss|rss feed|rss feeds|rss2|feed|feeds|atom|xml|json|csv|html|pdf|txt|sitemap|internet|net|www"
    "|manual|manually|manual entry|manual upload|import|imported|importer|export|exported|upload|uploaded|user|users"
    "|admin|system|database|db|file|files|bot|robot|spider|script|python|selenium|scrapy|auto|automatic|automated"
    "|internal|external|original|primary|secondary|local|remote|cache|live|archived|train|training|test|val"
    "|validation|dev|real|fake|gold|silver|annotated|corpus|dataset|data set|data"
    "|english|german|french|spanish|italian|portuguese|dutch|russian|chinese|arabic|japanese|polish|swedish|turkish"
    "|deutsch|français|español|italiano|português|nederlands"
)
_NO_OUTLETS = frozenset(_NO_OUTLETS_TEXT.split("|"))
#: codes of languages and of the countries that stand for them
_CODES_TEXT = (
    "en de fr es it pt nl sv da no nb nn fi is pl cs sk hu ro bg hr sr sl uk ru el tr ar he fa ur hi bn ta zh ja ko vi "
    "th id ms sw ca eu gl ga cy et lv lt us gb eng deu ger fra fre spa ita por"
)
_CODES = frozenset(_CODES_TEXT.split())
_PROGRAM = re.compile(
    r"twitter (?:for|web|lite)\b.*|.* for (?:iphone|ipad|ios|android|mac|windows|blackberry)\b.*|.*\bapi|.*\brss feeds?"
    r"|(?:\w+ ){0,2}(?:web )?(?:crawl|scrap)(?:e|er|ers|ed|ing|y)?|(?:crawl|scrap)\w*(?: .*)?"
    r"|(?:mobile|desktop|web) \w*(?:app|client|browser)"
    r"|(?:lexis ?nexis|factiva|proquest|ebsco|newsbank|newsapi)\b.*"
)
#: codes and versions ("A1", "CC-MAIN-2016-30", "v2"); "France24" and "BBC1" are names
_CODE = re.compile(r"[a-z]{1,2}[-_ ]?\d+|(?=\S*\d)(?:\w+(?:[-_:/]\w+)+|[0-9a-f-]{8,})|\w", re.IGNORECASE)
_GAPS = re.compile(r"[\s_-]+")


def is_placeholder(text: str) -> bool:
    """Tell whether a value says that there is no outlet ("unknown")."""
    return _normalise(text) in _PLACEHOLDERS


def is_technical_source(text: str) -> bool:
    """Tell whether a value names a database, a device, a program, a language or a code instead of an outlet."""
    name = _normalise(text)
    language, _, country = name.partition(" ")
    is_code = language in _CODES and (not country or country in _CODES)
    is_listed = is_code or name in _NO_OUTLETS or is_placeholder(text)
    return is_listed or _PROGRAM.fullmatch(name) is not None or _CODE.fullmatch(text.strip()) is not None


def _normalise(text: str) -> str:
    return _GAPS.sub(" ", text.strip(" \t()[]<>\"'*.")).strip().lower()
