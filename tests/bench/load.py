"""Requests over kept connections from several threads, and what they cost."""

import http.client
import json
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from tests.bench.servers import Server

THREADS = 4


@dataclass(frozen=True, slots=True)
class Request:
    """One request to be made."""

    method: str
    path: str
    body: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Cost:
    """What some requests cost: times in milliseconds."""

    count: int
    seconds: float
    times: tuple[float, ...]
    server: float
    database: float

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.count / self.seconds

    @property
    def cpu(self) -> float:
        """Processor milliseconds a request, server and database."""
        return self.server + self.database

    def at(self, share: float) -> float:
        """The time within which that share of the requests was answered."""
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def merged(costs: Sequence[Cost]) -> Cost:
    """Several rounds as one; the processor times are those of the median round."""
    return Cost(
        sum(cost.count for cost in costs),
        sum(cost.seconds for cost in costs),
        tuple(each for cost in costs for each in cost.times),
        median(cost.server for cost in costs),
        median(cost.database for cost in costs),
    )


def run(
    server: Server, requests: Sequence[Request], token: str = "", threads: int = THREADS
) -> tuple[Cost, list[Any]]:
    """Makes the requests; what they cost and what was answered, in the order of the requests."""
    answers: list[Any] = [None] * len(requests)
    times = [0.0] * len(requests)
    errors: list[BaseException] = []

    def work(first: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        try:
            for place in range(first, len(requests), threads):
                request = requests[place]
                data = json.dumps(request.body).encode() if request.body is not None else None
                began = time.perf_counter()
                connection.request(request.method, request.path, data, headers)
                response = connection.getresponse()
                text = response.read()
                times[place] = (time.perf_counter() - began) * 1000
                if response.status >= 300:
                    raise RuntimeError(f"{server.name} {request}: {response.status} {text[:500]!r}")
                answers[place] = json.loads(text)
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    cpu, database = server.cpu(), server.database_cpu()
    began = time.perf_counter()
    workers = [threading.Thread(target=work, args=(first,)) for first in range(threads)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    seconds = time.perf_counter() - began
    if errors:
        raise errors[0]
    count = len(requests)
    return (
        Cost(
            count,
            seconds,
            tuple(times),
            (server.cpu() - cpu) / count * 1000,
            (server.database_cpu() - database) / count * 1000,
        ),
        answers,
    )
