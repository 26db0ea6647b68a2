"""What each process measures: request times, lock waits that timed out, limits hit.

With PROMETHEUS_MULTIPROC_DIR set, processes write to files in that directory, and the metrics process
(app/workers/metrics.py) adds them up. https://prometheus.github.io/client_python/multiprocess/
"""

from prometheus_client import Counter, Histogram

REQUEST_SECONDS = Histogram(
    "dibs_request_seconds",
    "Time to answer a request; polls that found nothing new have status 304.",
    ["endpoint", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
LOCKS_GIVEN_UP = Counter("dibs_locks_given_up", "Waits for a row lock that took too long.")
LIMITS_HIT = Counter("dibs_limits_hit", "Requests refused because a limit was reached.", ["limit"])
