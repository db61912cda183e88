"""Two counts of the same cases, got in two ways: do they agree to the instruction?

A count is what one op executes: gross with its loop, net without. Only what the plugin counted exactly is judged; the rest is told by its
reason, so that nothing falls out of sight. tests/tools/test_witness.py tests this.
"""
import collections
import json
from typing import NamedTuple, Optional


class Count(NamedTuple):
    gross: float
    net: float


class Verdict(NamedTuple):
    agree: list  # ids
    differ: list  # (id, ours, theirs)
    unjudged: dict  # {reason: [ids]}
    by_net: list = []  # those that agree by net alone


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def joined(records):
    """One record with the cases of all."""
    records = list(records)
    return {**records[0], "cases": [case for record in records for case in record["cases"]]}


def has_threads(case):
    """Whether the case runs several threads: it says so, or was placed on several CPUs."""
    params = case.get("params") or {}
    cpus = (case.get("placement") or {}).get("cpus") or []
    return len(cpus) > 1 or "place" in params or int(params.get("threads", 1)) > 1


def why_unjudged(case, metric):
    """Why a case of the record can be no ground for a comparison; None: it can."""
    if case["status"] != "ok":
        return f"{case['status']}: {case['reason']}"
    if has_threads(case):
        return "has several threads"
    count = case["metrics"].get(metric)
    if count is None:
        return "has no hot function to count"
    if count["status"] != "ok":
        return f"{metric} is {count['status']}: {count['reason']}"
    if count["nondeterministic"]:
        return "nondeterministic: its repetitions count differently under the plugin too"
    if not all(one["exact"] for one in count["rounds"]):
        return f"{metric} has a spread"
    return None


def counts(record, metric):
    """({id: Count} of what was counted exactly, {id: why not} of the rest)."""
    good, bad = {}, {}
    for case in record["cases"]:
        why = why_unjudged(case, metric)
        if why is None:
            count = case["metrics"][metric]
            good[case["id"]] = Count(count["gross"], count["net"])
        else:
            bad[case["id"]] = why
    return good, bad


def callers(record):
    """The cases that enter the kernel by themselves, by the plugin's own count."""
    return [case["id"] for case in record["cases"] if (case["metrics"].get("syscalls") or {}).get("gross")]


def alone(record):
    """The cases whose ops are counted one at a time. Their gross holds a few instructions of the reading itself, which are not the same for
    the plugin's page and for perf; net, from which an op that does nothing is taken off, has none of them."""
    return {case["id"] for case in record["cases"] if case.get("mode") == "per-op" and case.get("ops_per_sample") == 1}


def leave_out(good, bad, cases, why):
    """Moves cases from what can be compared to what cannot."""
    for case in cases:
        if good.pop(case, None) is not None:
            bad[case] = why


def compare(plugin, witness, why_no_plugin, why_no_witness, differs=None, net_alone=frozenset()):
    """Judges every case that the plugin counted. `differs(id)` may name a reason for which a difference is known and no fault: such a case
    is not judged, unless it agrees. Of `net_alone` only net must agree."""
    agree, differ, by_net, unjudged = [], [], [], collections.defaultdict(list)
    for case, why in why_no_plugin.items():
        unjudged[why].append(case)
    for case, ours in plugin.items():
        known: Optional[str] = differs(case) if differs else None
        if case in why_no_witness:
            unjudged["the witness: " + why_no_witness[case]].append(case)
        elif case not in witness:
            unjudged["the witness did not count it"].append(case)
        elif ours == witness[case]:
            agree.append(case)
        elif case in net_alone and ours.net == witness[case].net:
            agree.append(case)
            by_net.append(case)
        elif known:
            unjudged[known].append(case)
        else:
            differ.append((case, ours, witness[case]))
    return Verdict(agree, differ, dict(unjudged), by_net)


def report(verdict, ours, theirs):
    """The lines to print."""
    lines = [f"{len(verdict.agree)} cases agree to the instruction, {len(verdict.differ)} differ ({ours} against {theirs})"]
    if verdict.by_net:
        lines.append(f"  {len(verdict.by_net)} of them by net: their ops are counted one at a time, and gross holds the reading itself")
    for case, mine, other in verdict.differ:
        lines.append(f"  DIFFERS {case}: gross {mine.gross:.6g} against {other.gross:.6g}, net {mine.net:.6g} against {other.net:.6g}")
    for why, cases in sorted(verdict.unjudged.items(), key=lambda item: -len(item[1])):
        lines.append(f"  not judged: {len(cases):4} {why}")
    return lines


def holds(verdict):
    """Agreement is shown only where something was compared."""
    return bool(verdict.agree) and not verdict.differ


def suite_of(name, ids):
    """A suite of exactly these cases, as a YAML file (JSON is YAML)."""
    return json.dumps({"name": name, "about": "Chosen by a witness", "rounds": 1, "time": "1ms", "warmup": "1ms",
                       "limits": {"time": "60s", "memory": "1GiB", "files": 1024}, "cases": list(ids)}) + "\n"
