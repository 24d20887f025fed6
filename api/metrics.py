"""Figures for Prometheus: how long requests take, and what the jobs are doing."""

import time
from collections.abc import Iterator
from typing import Any

from flask import Flask, Response, request
from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.process_collector import ProcessCollector
from sqlalchemy.exc import SQLAlchemyError

from engine import health

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_BEGUN = "banjie.begun"

REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)
# Labels are the routes of the code, not the addresses of callers: their number is bounded.
_REQUESTS = Histogram(
    "banjie_request_seconds",
    "Time from the arrival of a request to its answer",
    ["method", "route", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0),
    registry=REGISTRY,
)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def exposition() -> bytes:
    """All figures now."""
    return generate_latest(REGISTRY)


class _Jobs:
    """Asked at each scrape; says nothing about jobs while the database is away."""

    def collect(self) -> Iterator[Metric]:
        counts = GaugeMetricFamily(
            "banjie_jobs", "Jobs by kind and state", labels=["kind", "state"]
        )
        late = GaugeMetricFamily(
            "banjie_oldest_due_job_seconds", "How long the oldest due job has been waiting"
        )
        try:
            for (kind, state), count in health.jobs().items():
                counts.add_metric([kind, state], count)
            late.add_metric([], health.look().behind)
        except SQLAlchemyError:
            return
        yield counts
        yield late

    def describe(self) -> list[Metric]:
        return []


REGISTRY.register(_Jobs())
_known: dict[tuple[str, str, int], object] = {}


def init_app(app: Flask) -> None:
    """Takes the time of every request."""

    @app.before_request
    def begin() -> None:
        request.environ[_BEGUN] = time.perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        call: Any = request._get_current_object()  # type: ignore[attr-defined]  # asked often
        begun = call.environ.get(_BEGUN)
        if begun is not None:
            rule = call.url_rule
            key = (
                call.method if call.method in _METHODS else "other",
                rule.rule if rule is not None else "none",
                response.status_code,
            )
            series = _known.get(key)
            if series is None:
                series = _known[key] = _REQUESTS.labels(key[0], key[1], str(key[2]))
            series.observe(time.perf_counter() - begun)  # type: ignore[attr-defined]
        return response
