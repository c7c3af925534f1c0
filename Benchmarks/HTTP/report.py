"""The figures as a table, and beside those that were accepted."""

import json
import os
import platform
import time

from processes import ROOT

RESULTS = ROOT / "Benchmarks" / "results"
ACCEPTED = ROOT / "Benchmarks" / "accepted.json"

# Two runs of one program differ by this much on a machine that others use too.
NOISE = 1.3


def write(figures):
    RESULTS.mkdir(parents=True, exist_ok=True)
    name = f"{time.strftime('%Y%m%d-%H%M%S')}-{figures['size']}.json"
    path = RESULTS / name
    path.write_text(json.dumps(figures, indent=2) + "\n")
    return path


def machine():
    """With the load that was there before anything was measured."""
    return {
        "cores": os.cpu_count(),
        "architecture": platform.machine(),
        "loadBefore": round(os.getloadavg()[0], 1),
    }


def accepted(size):
    """The accepted ratios of a size."""
    if not ACCEPTED.exists():
        return {}
    return json.loads(ACCEPTED.read_text()).get(size, {}).get("ratios", {})


def accept(figures):
    known = json.loads(ACCEPTED.read_text()) if ACCEPTED.exists() else {}
    known[figures["size"]] = {"machine": figures["machine"], "ratios": ratios(figures)}
    ACCEPTED.write_text(json.dumps(known, indent=2, sort_keys=True) + "\n")


def ratios(figures):
    """What is compared from run to run: nothing that depends on the machine alone.

    Above 1 Steward takes longer than the yardstick, or does less in the same time.
    """
    kept = {}
    for name, operation in figures["operations"].items():
        kept[name] = dict(operation["ratios"])
    for name, load in figures["throughput"].items():
        if "service" in load and load["steward"]["perSecond"]:
            share = load["service"]["perSecond"] / load["steward"]["perSecond"]
            kept[f"{name} (throughput)"] = {"service": round(share, 3)}
    return kept


def show(figures):
    load, cores = figures["machine"]["loadBefore"], figures["machine"]["cores"]
    if load > cores / 2:
        print(f"\nthe machine was busy (load {load} on {cores} cores): trust no time that waits for")
        print("the disk, and of the rest the ratios only")
    operations(figures)
    throughput(figures)
    print()
    for name, value in figures["whole"].items():
        print(f"{name:<44}{value:>12}")
    compare(figures)


def operations(figures):
    print(f"\n{figures['cases']:,} cases; one connection; milliseconds, p50 unless it says else")
    heads = ["HTTP", "p95", "p99", "HTTPS", "bare", "store", "service"]
    print(f"{'':<32}" + "".join(f"{head:>9}" for head in heads) + "   to bare  to store  to service")
    for name, operation in figures["operations"].items():
        times = operation["times"]
        cells = [times["http"]["p50"], times["http"]["p95"], times["http"]["p99"]]
        cells += [times.get(each, {}).get("p50") for each in ("https", "bare", "store", "service")]
        print(f"{name:<32}" + "".join(cell(each) for each in cells), end="")
        shares = [operation["ratios"].get(each) for each in ("bare", "store", "service")]
        print("".join(f"{times_sign(each):>10}" for each in shares))


def throughput(figures):
    print(f"\n{'requests a second':<44}{'Steward':>10}{'p50':>8}{'p99':>8}{'service':>10}{'p99':>8}")
    for name, load in figures["throughput"].items():
        steward, service = load["steward"], load.get("service")
        line = f"{name:<44}{steward['perSecond']:>10,.0f}{steward['p50']:>8.2f}{steward['p99']:>8.2f}"
        if service:
            line += f"{service['perSecond']:>10,.0f}{service['p99']:>8.2f}"
        failed = steward["refused"] + steward["broken"]
        print(line + (f"   {failed} failed" if failed else ""))


def compare(figures):
    """Says what differs from the accepted ratios by more than noise."""
    known, now = accepted(figures["size"]), ratios(figures)
    if not known:
        print(f"\nno ratios are accepted for {figures['size']}: --accept keeps these")
        return
    lines = []
    for name, shares in now.items():
        for yardstick, share in shares.items():
            before = known.get(name, {}).get(yardstick)
            if before and not 1 / NOISE < share / before < NOISE:
                word = "slower" if share > before else "faster"
                lines.append(
                    f"  {name}, to the {yardstick}: {share:.2f}, accepted {before:.2f} ({word})"
                )
    print("\nagainst the accepted ratios:" + ("" if lines else " the same, but for noise"))
    print("\n".join(lines))


def cell(value):
    return f"{'' if value is None else format(value, '.3f'):>9}"


def times_sign(value):
    return "" if value is None else f"x {value:.2f}"
