"""Part `slowdown`: a chain of 100 additions against one of 102. How often do ten seconds find the 2 %?"""
import statistics

import claims
import duels

DUELS = 24
SECONDS = 10.0
WITHOUT = "harness/slowdown/chain/percent=0"
WITH = "harness/slowdown/chain/percent=2"
LEAST_FOUND = 0.95


def run(setting):
    part = claims.Part("slowdown", "2 % more work, looked for by duels of 10 s")
    count = setting.scaled(DUELS, least=1)
    seconds = SECONDS if setting.effort >= 0.1 else 0.2
    rows = []
    for number in range(count):
        rows += duels.fight(setting, ["--seconds-per-case", f"{seconds:g}", "--filter", WITHOUT, "--with", WITH], setting.seed + number)
    part.data = {"seconds": seconds, "rows": rows}
    judged(part, rows, setting)
    if seconds != SECONDS:
        part.lacking.append(f"duels of {SECONDS:g} s: these took {seconds:g} s, for --effort {setting.effort:g}")
    return part


def judged(part, rows, setting):
    found = duels.judged(rows, setting, part)
    hits = {judge: sum(verdict == 1 for verdict in verdicts) for judge, verdicts in found.items()}
    part.data["found"] = hits
    part.tables.append(
        ("", ["judge", "found", "of duels, %"], [[j, f"{n} of {len(rows)}", claims.share(n, len(rows))] for j, n in hits.items()])
    )
    ratios = sorted(row["ratio"]["value"] for row in rows if row["ratio"])
    pairs = [row["rounds"][0] for row in rows]
    part.claim("2 % slower is found, of duels", f"{claims.share(hits['transept'], len(rows))} %", ">= 95 %", hits["transept"] >= LEAST_FOUND * len(rows))
    if ratios:
        part.notes.append(f"ratios from {ratios[0]:.4f} to {ratios[-1]:.4f}, median {statistics.median(ratios):.4f}; {min(pairs)} to {max(pairs)} pairs a duel")
    part.notes.append("the others' tests know no pairs and no threshold: what they find must be read beside their false alarms, in parts simulated and same")
