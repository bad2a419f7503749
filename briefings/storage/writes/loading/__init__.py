"""What a load of many articles defers: the links to duplicates, within stories and between reports of utterances.

Rule: an article is inserted in the transaction that notes that its links are pending (`pending`). Whoever writes next
completes them first (`completion`), so a load that was killed ends as one that was left alone.
"""

from briefings.storage.writes.loading.completion import complete_if_due, complete_load, rebuild_links
from briefings.storage.writes.loading.pending import defer_links, has_pending

__all__ = ["complete_if_due", "complete_load", "defer_links", "has_pending", "rebuild_links"]
