"""Bulk import of archives over Dask: lists shards, adds each one once, retries what failed."""

from briefings.backfill.dask_cluster import connect_to_scheduler, process_shards, start_local_cluster
from briefings.backfill.run import BackfillReport, find_pending_shards, run_backfill

__all__ = [
    "BackfillReport",
    "connect_to_scheduler",
    "find_pending_shards",
    "process_shards",
    "run_backfill",
    "start_local_cluster",
]
