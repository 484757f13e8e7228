"""Numbers for Prometheus: what the processes of this machine did, and what the database holds.

An app adds numbers of the database in a module ``metrics``, which is imported at the start.
"""

import os
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import REGISTRY, Collector

from core.backup.last import last_backup
from core.monitoring import may_see_operation

REFUSED = {
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.CONFLICT,
    HTTPStatus.PRECONDITION_FAILED,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.TOO_MANY_REQUESTS,
}
"""What is refused by a rule: by a right, by the workflow, by a limit, or for what was typed."""

_seconds = Histogram(
    "aide_memoire_request_seconds",
    "How long requests took, by the name of the address.",
    ["view"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
_requests = Counter("aide_memoire_requests", "Requests that were answered.", ["method", "status"])
_refusals = Counter("aide_memoire_refusals", "Requests that a rule refused.", ["view", "status"])
slow_queries = Counter("aide_memoire_slow_queries", "Statements that took longer than SLOW_QUERY_MS.")

_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


class MetricsMiddleware:
    """Counts what is answered. Addresses are told apart by their names, so that their number is bounded."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on, and count."""
        began = time.perf_counter()
        answer = self.get_response(request)
        match = request.resolver_match
        view = match.view_name if match else "none"
        method = request.method if request.method in _METHODS else "other"
        _seconds.labels(view).observe(time.perf_counter() - began)
        _requests.labels(method, answer.status_code).inc()
        if answer.status_code in REFUSED:
            _refusals.labels(view, answer.status_code).inc()
        return answer


@dataclass(frozen=True, slots=True)
class Stored:
    """A number of the database, read when it is asked for; by a label, or with one value under ""."""

    name: str
    meaning: str
    label: str
    read: Callable[[], dict[str, float]]
    only_grows: bool


_stored: list[Stored] = []


def stored_number(
    name: str, meaning: str, *, label: str = "", only_grows: bool = False
) -> Callable[[Callable[[], dict[str, float]]], Callable[[], dict[str, float]]]:
    """Make a function one that ``/metrics`` asks for its numbers."""

    def add(read: Callable[[], dict[str, float]]) -> Callable[[], dict[str, float]]:
        _stored.append(Stored(name, meaning, label, read, only_grows))
        return read

    return add


@stored_number("aide_memoire_backup_age_seconds", "The age of the last good backup; absent without one.")
def backup_age() -> dict[str, float]:
    """Grows without end if backups fail."""
    last = last_backup()
    return {"": last.age.total_seconds()} if last else {}


class _StoredNumbers(Collector):
    def collect(self) -> Iterable[Metric]:
        for each in _stored:
            family = CounterMetricFamily if each.only_grows else GaugeMetricFamily
            metric = family(each.name, each.meaning, labels=[each.label] if each.label else [])
            for value, number in each.read().items():
                metric.add_metric([value] if each.label else [], number)
            yield metric
        version = GaugeMetricFamily("aide_memoire_version", "1, with the version.", labels=["version"])
        version.add_metric([settings.VERSION], 1)
        yield version


@require_safe
@never_cache
@login_not_required
def metrics(request: HttpRequest) -> HttpResponse:
    """The numbers, for an administrator or a program with the token; to all others it is not there."""
    if not may_see_operation(request):
        raise Http404
    counted = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        # Any process can be asked, and answers for all of this machine.
        counted = CollectorRegistry()
        MultiProcessCollector(counted)
    stored = CollectorRegistry()
    stored.register(_StoredNumbers())
    return HttpResponse(generate_latest(counted) + generate_latest(stored), content_type=CONTENT_TYPE_LATEST)
