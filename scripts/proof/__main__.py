"""Shows what Transept claims of itself, and what others find in the same data: docs/method/proof.md.

usage: scripts/proof [--write] [--effort SHARE] [--seed N] [--cpu N] BUILD [PART...]

BUILD is a folder like build/native. The parts are chains, simulated, same, slowdown, peers and emulation; without one all of them. --effort 0.1 does a tenth
of the work, which proves little; --write puts the tables into results/reference/selfbench.md. What was found is kept under
results/selfbench. Exit status: 0 all that is claimed holds; 1 something does not, or could not be shown; 2 misuse.
"""
import argparse
import dataclasses
import datetime
import json
import os
import pathlib
import random
import subprocess
import sys
import time

import claims
import known
import peers
import same
import scipy_here
import simulated
import slowdown

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PARTS = {
    "chains": known.run_chains,
    "simulated": simulated.run,
    "same": same.run,
    "slowdown": slowdown.run,
    "peers": peers.run,
    "emulation": known.run_emulation,
}


@dataclasses.dataclass
class Setting:
    """Where things are, and how much is to be done."""

    root: pathlib.Path
    build: pathlib.Path
    effort: float
    seed: int
    cpu: int

    @property
    def transept(self):
        return self.build / "bench/transept"

    @property
    def judge(self):
        return self.build / "bench/peers/transept_judge"

    def scaled(self, count, least):
        return max(least, round(count * self.effort))


def arguments():
    parser = argparse.ArgumentParser(usage=__doc__.split("\n\n")[1].removeprefix("usage: "))
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--effort", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().getrandbits(32))
    parser.add_argument("--cpu", type=int, default=max(os.sched_getaffinity(0)))
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("parts", nargs="*", metavar="PART")
    asked = parser.parse_args()
    for name in asked.parts:
        if name not in PARTS:
            parser.error(f"there is no part '{name}'; there are {', '.join(PARTS)}")
    if not 0 < asked.effort <= 10:
        parser.error("--effort takes a share above 0 and up to 10")
    if asked.cpu not in os.sched_getaffinity(0):
        parser.error(f"CPU {asked.cpu} is not ours to use")
    if not (asked.build / "bench/transept").exists():
        parser.error(f"{asked.build} has no bench/transept: make build")
    return asked


def keep(parts, setting, began):
    folder = ROOT / "results/selfbench/proof"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{began:%Y%m%dT%H%M%SZ}.json"
    kept = {
        "seed": setting.seed,
        "effort": setting.effort,
        "cpu": setting.cpu,
        "parts": {part.name: {"claims": [dataclasses.asdict(c) for c in part.claims], "lacking": part.lacking, "lines": part.lines, **part.data} for part in parts},
    }
    path.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    return path


def head(setting, began):
    version = subprocess.run([setting.transept, "--version"], capture_output=True, text=True, check=True).stdout.split("\n")[0]
    load = os.getloadavg()[0]
    return (
        f"Written by `make selfbench ARGS=--write` on {began:%Y-%m-%d}: {version}, seed {setting.seed}, effort {setting.effort:g}, "
        f"{os.cpu_count()} CPUs, load {load:.1f} at the end. What is claimed and how it is shown: [proof.md](../../docs/method/proof.md)."
    )


def main():
    asked = arguments()
    setting = Setting(ROOT, asked.build.resolve(), asked.effort, asked.seed, asked.cpu)
    began = datetime.datetime.now(datetime.timezone.utc)
    scipy_here.make_importable(setting.build / "bench/peers/scipy")
    parts = []
    for name in asked.parts or PARTS:
        start = time.monotonic()
        part = PARTS[name](setting)
        part.notes.append(f"took {time.monotonic() - start:.0f} s")
        parts.append(part)
        print(claims.text(part) + "\n", flush=True)
    print(f"kept in {keep(parts, setting, began).relative_to(ROOT)}, seed {setting.seed}")
    if asked.write:
        (ROOT / "results/reference/selfbench.md").write_text(claims.markdown(parts, head(setting, began)), encoding="utf-8")
    return 0 if all(part.held for part in parts) else 1


if __name__ == "__main__":
    sys.exit(main())
