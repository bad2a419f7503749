"""Metrics of one bot, for Prometheus.

Rule: each bot has its own registry. Labels are words of the program, never user input, an id or a name. Values that
other parts count are read when the metrics are requested.
"""

import secrets
from collections.abc import Callable, Iterable, Mapping

from aiohttp import web
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

from bot.core.http import is_from_loopback

_ACK_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0)
_ANSWER_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)


class Metrics:
    """All metrics of one bot."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._answers = self._make_counter("answers", "Questions by source and outcome.", "door", "outcome")
        self._errors = self._make_counter("errors", "Logged errors by event.", "event")
        self._answer_seconds = self._make_histogram(
            "answer", "Seconds from a question to its delivered answer.", _ANSWER_BUCKETS, "door"
        )
        self._ack_seconds = self._make_histogram(
            "ack", "Seconds from a request to its acknowledgement.", _ACK_BUCKETS, "way"
        )
        self._articles = Gauge("ontherecord_record_articles", "Articles in the database.", registry=self._registry)
        self._quotes = Gauge("ontherecord_record_quotes", "Quotes in the database.", registry=self._registry)
        self._up = Gauge("ontherecord_record_up", "1 if the database answers, otherwise 0.", registry=self._registry)

    def record_answer(self, source: str, outcome: str, seconds: float) -> None:
        """Count a question and the seconds it took.

        `outcome` is "answered", "refused" (with the reason as the answer), "failed" or "undelivered".
        """
        self._answers.labels(source, outcome).inc()
        self._answer_seconds.labels(source).observe(seconds)

    def record_ack(self, transport: str, seconds: float) -> None:
        """Count an acknowledgement over "http" or "socket", and the seconds it took."""
        self._ack_seconds.labels(transport).observe(seconds)

    def record_error(self, event: str) -> None:
        """Count a logged error; `event` is the constant name of the event."""
        self._errors.labels(event).inc()

    def record_totals(self, totals: tuple[int, int] | None) -> None:
        """Set the numbers of stored articles and quotes; None if the database does not answer."""
        self._up.set(totals is not None)
        if totals is not None:
            self._articles.set(totals[0])
            self._quotes.set(totals[1])

    def add_gauge(self, name: str, description: str, read_value: Callable[[], float]) -> None:
        """Add a value that goes up and down, read with `read_value`."""
        self._registry.register(
            _CallbackCollector(lambda: (GaugeMetricFamily(f"ontherecord_{name}", description, value=read_value()),))
        )

    def add_counter(self, name: str, description: str, read_value: Callable[[], int]) -> None:
        """Add a value that only goes up, read with `read_value`."""
        self._registry.register(
            _CallbackCollector(lambda: (CounterMetricFamily(f"ontherecord_{name}", description, value=read_value()),))
        )

    def add_labelled_counter(
        self, name: str, description: str, label_name: str, read_values: Callable[[], Mapping[str, int]]
    ) -> None:
        """Add values that only go up, read with `read_values`: one for each value of the label."""

        def collect() -> Iterable[Metric]:
            family = CounterMetricFamily(f"ontherecord_{name}", description, labels=[label_name])
            for label, value in read_values().items():
                family.add_metric([label], value)
            yield family

        self._registry.register(_CallbackCollector(collect))

    def render(self) -> bytes:
        """Return all metrics in Prometheus's text format."""
        return generate_latest(self._registry)

    def _make_counter(self, name: str, description: str, *labels: str) -> Counter:
        return Counter(f"ontherecord_{name}", description, labels, registry=self._registry)

    def _make_histogram(self, name: str, description: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
        return Histogram(f"ontherecord_{name}_seconds", description, labels, buckets=buckets, registry=self._registry)


def is_allowed(request: web.Request, token: str | None) -> bool:
    """Whether a request may read the metrics.

    If a token is set, the request must have it. Otherwise the request must come from this machine, without a proxy.
    """
    if token is not None:
        header = request.headers.get("Authorization", "").encode("utf-8", "surrogateescape")
        return secrets.compare_digest(header, f"Bearer {token}".encode())
    return is_from_loopback(request)


def build_response(metrics: Metrics) -> web.Response:
    """Return the response to a request for the metrics."""
    return web.Response(body=metrics.render(), headers={"Content-Type": CONTENT_TYPE_LATEST})


class _CallbackCollector(Collector):
    """Reads the current values with a callback."""

    def __init__(self, collect: Callable[[], Iterable[Metric]]) -> None:
        self._collect = collect

    def collect(self) -> Iterable[Metric]:
        """Return the current values."""
        return self._collect()

    def describe(self) -> Iterable[Metric]:
        """Return nothing, so that the registry does not read the values when a metric is added."""
        return ()
