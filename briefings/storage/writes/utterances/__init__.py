"""Which quotes report one utterance: kept up to date in the transaction that adds or removes quotes.

Rule: an utterance is a connected component of a relation between wordings (a speaker's surname with the words of a
quote). The relation depends on the stored quotes only, not on the order in which they came: two wordings of one surname
are related if they share a hash of their sketches that is not frequent, and half of the smaller sketch, and
`is_same_key` holds. A hash is frequent if more than 100 different wordings have it.
Rule: the number of an utterance is the greatest id of its quotes, which is its oldest report, so it rarely changes.
"""

from briefings.storage.writes.utterances.rebuilding import rebuild_utterances
from briefings.storage.writes.utterances.regrouping import regroup
from briefings.storage.writes.utterances.reports import NO_REPORTS, Report, StoredReport, read_reports, to_reports

__all__ = [
    "NO_REPORTS",
    "Report",
    "StoredReport",
    "read_reports",
    "rebuild_utterances",
    "regroup",
    "to_reports",
]
