"""Rounds of requests, taken in turn so that whatever disturbs the machine disturbs all alike."""

import json
import pathlib
import statistics
import subprocess
import time

SCRIPT = pathlib.Path(__file__).with_name("requests.lua")


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


class Samples:
    """The times of one contender, round by round, in milliseconds."""

    def __init__(self):
        self.rounds = []

    @property
    def all(self):
        return [each for times in self.rounds for each in times]

    @property
    def medians(self):
        return [statistics.median(times) for times in self.rounds]

    def figures(self):
        times = self.all
        return {
            "p50": round(percentile(times, 0.5), 4),
            "p95": round(percentile(times, 0.95), 4),
            "p99": round(percentile(times, 0.99), 4),
            "count": len(times),
        }


def ratio(samples, others):
    """The median over the rounds of the one's median to the other's."""
    return round(
        statistics.median(a / b for a, b in zip(samples.medians, others.medians)), 3
    )


def interleaved(contenders, rounds, seconds):
    """Times the contenders in turn; each is a function that does one and gives its seconds."""
    samples = {name: Samples() for name in contenders}
    for contender in contenders.values():
        for _ in range(5):
            contender()
    names = list(contenders)
    for turn in range(rounds):
        for name in names[turn % len(names) :] + names[: turn % len(names)]:
            samples[name].rounds.append(timed_round(contenders[name], seconds))
    return samples


def timed_round(contender, seconds):
    end = time.perf_counter() + seconds
    times = []
    while len(times) < 5 or (time.perf_counter() < end and len(times) < 2000):
        times.append(contender() * 1000)
    return times


def timing(work):
    """A function as a contender."""

    def contender():
        began = time.perf_counter()
        work()
        return time.perf_counter() - began

    return contender


def throughput(url, requests, token, connections, seconds, folder):
    """What `wrk` makes of a list of requests."""
    file = folder / "requests.txt"
    lines = [
        "\t".join([each.method, each.path, token or "", each.content_type, each.body or ""])
        for each in requests
    ]
    file.write_text("\n".join(lines) + "\n")
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", str(SCRIPT), url]
    done = subprocess.run(
        [*command, "--", str(file)], capture_output=True, text=True, check=True, timeout=120
    )
    for line in done.stdout.splitlines():
        if line.startswith("figures "):
            figures = json.loads(line.removeprefix("figures "))
            figures["perSecond"] = round(figures["requests"] / figures["seconds"], 1)
            return figures
    raise SystemExit(f"bench: wrk gave no figures:\n{done.stdout}{done.stderr}")
