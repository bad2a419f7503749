"""What the bot counts and measures, in the words of Prometheus.

Rule: a registry for each bot, none for the process; labels are words of the program's own, never what somebody typed,
an id or a name. What other parts count themselves is read when somebody looks.
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
    """All of one bot's."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._answers = self._make_counter("answers", "What people asked, by door and outcome.", "door", "outcome")
        self._errors = self._make_counter("errors", "What was logged as an error, by the event's name.", "event")
        self._answer_seconds = self._make_histogram(
            "answer", "From a question to its delivered answer.", _ANSWER_BUCKETS, "door"
        )
        self._ack_seconds = self._make_histogram("ack", "From a request to its acknowledgement.", _ACK_BUCKETS, "way")
        self._articles = Gauge("ontherecord_record_articles", "Articles in the record.", registry=self._registry)
        self._quotes = Gauge("ontherecord_record_quotes", "Quotations in the record.", registry=self._registry)
        self._up = Gauge("ontherecord_record_up", "1 when the record answered just now.", registry=self._registry)

    def record_answer(self, source: str, outcome: str, seconds: float) -> None:
        """A question had its `outcome`: "answered", "refused" (a sentence says why), "failed", "undelivered"."""
        self._answers.labels(source, outcome).inc()
        self._answer_seconds.labels(source).observe(seconds)

    def record_ack(self, transport: str, seconds: float) -> None:
        """A request was acknowledged by "http" or "socket"."""
        self._ack_seconds.labels(transport).observe(seconds)

    def record_error(self, event: str) -> None:
        """An error was logged under this constant name."""
        self._errors.labels(event).inc()

    def record_totals(self, totals: tuple[int, int] | None) -> None:
        """The articles and quotations of the record, None when it does not answer."""
        self._up.set(totals is not None)
        if totals is not None:
            self._articles.set(totals[0])
            self._quotes.set(totals[1])

    def add_gauge(self, name: str, description: str, read_value: Callable[[], float]) -> None:
        """Has `read` called for a number that goes up and down."""
        self._registry.register(
            _CallbackCollector(lambda: (GaugeMetricFamily(f"ontherecord_{name}", description, value=read_value()),))
        )

    def add_counter(self, name: str, description: str, read_value: Callable[[], int]) -> None:
        """Has `read` called for a number that only goes up."""
        self._registry.register(
            _CallbackCollector(lambda: (CounterMetricFamily(f"ontherecord_{name}", description, value=read_value()),))
        )

    def add_labelled_counter(
        self, name: str, description: str, label_name: str, read_values: Callable[[], Mapping[str, int]]
    ) -> None:
        """Has `read` called for numbers that only go up, each with its value of the label `by`."""

        def collect() -> Iterable[Metric]:
            family = CounterMetricFamily(f"ontherecord_{name}", description, labels=[label_name])
            for label, value in read_values().items():
                family.add_metric([label], value)
            yield family

        self._registry.register(_CallbackCollector(collect))

    def render(self) -> bytes:
        """All of it, as Prometheus reads it."""
        return generate_latest(self._registry)

    def _make_counter(self, name: str, description: str, *labels: str) -> Counter:
        return Counter(f"ontherecord_{name}", description, labels, registry=self._registry)

    def _make_histogram(self, name: str, description: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
        return Histogram(f"ontherecord_{name}_seconds", description, labels, buckets=buckets, registry=self._registry)


def is_allowed(request: web.Request, token: str | None) -> bool:
    """Whether `request` may see them: with the token, if one is set, or from this machine without a proxy between."""
    if token is not None:
        header = request.headers.get("Authorization", "").encode("utf-8", "surrogateescape")
        return secrets.compare_digest(header, f"Bearer {token}".encode())
    return is_from_loopback(request)


def build_response(metrics: Metrics) -> web.Response:
    """The page, as an answer."""
    return web.Response(body=metrics.render(), headers={"Content-Type": CONTENT_TYPE_LATEST})


class _CallbackCollector(Collector):
    """Reads when it is asked."""

    def __init__(self, collect: Callable[[], Iterable[Metric]]) -> None:
        self._collect = collect

    def collect(self) -> Iterable[Metric]:
        """What is read now."""
        return self._collect()

    def describe(self) -> Iterable[Metric]:
        """Nothing: that would have it read before there is anything."""
        return ()
