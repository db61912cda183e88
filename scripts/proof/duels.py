"""Real duels, by the command."""
import json
import subprocess
import sys

import judges

LEAST_PAIRS = 3
SLOWER_OR_FASTER = {"slower": 1, "faster": -1}


def fight(setting, arguments, seed):
    """The rows of `transept duel BINARY BINARY`: what it found of each case that can run here, with its pairs (results/schema/comparison-1.json)."""
    binary = setting.transept
    command = [binary, "duel", "--cpu", str(setting.cpu), "--seed", str(seed), "--floors", "/nonexistent", "--format", "json"]
    done = subprocess.run([*command, *arguments, binary, binary], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        said = [line for line in done.stderr.splitlines() if " %, " not in line]
        sys.exit(f"proof: transept duel: {said[-1] if said else done.returncode}")
    rows = json.loads(done.stdout)["comparisons"][0]["rows"]
    return [row for row in rows if row["verdict"] != "none"]


def values(row):
    """(first, other) of the pairs that are complete."""
    pairs = [pair for pair in row["pairs"] or [] if None not in pair]
    return [a for a, _ in pairs], [b for _, b in pairs]


def judged(rows, setting, part):
    """{judge: verdicts}: transept's as its command gave them, of all rows; the others' of those with pairs, which are all unless the machine is hopeless."""
    cases = [values(row) for row in rows if len(values(row)[0]) >= LEAST_PAIRS]
    found = judges.all_three(cases, True, setting.judge, part)
    found["transept"] = [SLOWER_OR_FASTER.get(row["verdict"], 0) for row in rows]
    return found
