"""Decides which outlet published a page: from the host that served it, not from what the page says about itself.

Rule: an outlet belongs to hosts. The shipped list, the team's file and the admins say which ones.
"""

from briefings.outlets.hosts import find_site, is_same_site, read_host
from briefings.outlets.judgement import (
    Judgement,
    KnownOutletJudge,
    OutletJudge,
    have_same_owner,
    judge,
    judge_article,
)
from briefings.outlets.names import make_name_key
from briefings.outlets.outlets_file import (
    load_known_outlets,
    make_list_fingerprint,
    parse_host,
    parse_name,
    read_outlets,
)
from briefings.outlets.registry import Outlet, OutletRegistry

__all__ = [
    "Judgement",
    "KnownOutletJudge",
    "Outlet",
    "OutletJudge",
    "OutletRegistry",
    "find_site",
    "have_same_owner",
    "is_same_site",
    "judge",
    "judge_article",
    "load_known_outlets",
    "make_list_fingerprint",
    "make_name_key",
    "parse_host",
    "parse_name",
    "read_host",
    "read_outlets",
]
