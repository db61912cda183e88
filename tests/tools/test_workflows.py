#!/usr/bin/python3
"""Holds the hosted workflows to what docs/ci.md promises: test_workflows.py CHECKOUT.

Least rights, time limits, no secrets, nobody else's actions; and every step calls a script that is there, with options that it takes.
"""
import functools
import os
import pathlib
import re
import shlex
import subprocess
import sys

import yaml

# What a container needs before there is a checkout whose scripts could install the rest.
BOOTSTRAP = "apt-get update && apt-get install -y --no-install-recommends ca-certificates git make"
WRITERS = {("measure.yml", "summary"): {"pull-requests"}, ("measure.yml", "publish"): {"contents"}}
RUNNERS = {"ubuntu-24.04", "ubuntu-24.04-arm"}


@functools.lru_cache(maxsize=None)
def options_of(script):
    """The options that a script's own help names."""
    done = subprocess.run([str(script), "--help"], capture_output=True, text=True, check=True)
    return set(re.findall(r"--[a-z-]+", done.stdout))


def targets_of(makefile):
    return set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))


class Checker:
    def __init__(self, root):
        self.root = root
        self.targets = targets_of((root / "Makefile").read_text(encoding="utf-8"))
        self.faults = []
        self.commands = 0

    def need(self, holds, where, what):
        if not holds:
            self.faults.append(f"{where}: {what}")

    def command(self, line, where):
        words = shlex.split(line)
        self.commands += 1
        if words[0] == "make":
            goals = [word for word in words[1:] if "=" not in word and not word.startswith("-")]
            self.need(set(goals) <= self.targets and goals, where, f"make has no target {goals}")
            return
        script = self.root / words[0]
        if not (re.match(r"(ci|scripts)/", words[0]) and script.is_file() and os.access(script, os.X_OK)):
            self.need(False, where, f"{words[0]} is no script of ours")
            return
        known = options_of(script)
        if words[0] == "ci/measure":
            known |= {"--rounds"}  # for `transept run`
        for word in words[1:]:
            self.need(not word.startswith("--") or word in known, where, f"{words[0]} takes no {word}")

    def step(self, step, before_checkout, container, where):
        if "uses" in step:
            self.need(re.fullmatch(r"actions/[a-z-]+@v[0-9]+", step["uses"]), where, f"{step['uses']} is not actions/*@vN")
            return
        line = step["run"].strip()
        self.need("${{" not in line, where, "an expression in `run` is open to injection: pass it through env")
        if before_checkout:
            self.need(container and line == BOOTSTRAP, where, f"before the checkout there is nothing but: {BOOTSTRAP}")
        else:
            self.need("\n" not in line and not re.search(r"[;&|<>`]", line), where, "more than a call of a script")
            self.command(line, where)

    def job(self, file, name, job):
        where = f"{file}: job {name}"
        self.need(isinstance(job.get("timeout-minutes"), int), where, "no timeout-minutes")
        rights = job.get("permissions") or {}
        writes = {right for right, level in rights.items() if level != "read"}
        self.need("permissions" in job and writes <= WRITERS.get((file, name), set()), where, f"rights that it need not have: {writes}")
        runner = job["runs-on"]
        matrix = job.get("strategy", {}).get("matrix", {})
        runners = [entry["runner"] for entry in matrix.get("include", [])] + matrix.get("runner", []) if "${{" in runner else [runner]
        self.need(runners and set(runners) <= RUNNERS, where, f"runs on {runners}")
        out = False
        for number, step in enumerate(job["steps"]):
            self.step(step, not out, "container" in job, f"{where}, step {number + 1}")
            out = out or step.get("uses", "").startswith("actions/checkout@")

    def workflow(self, path):
        text = path.read_text(encoding="utf-8")
        workflow = yaml.safe_load(text)
        self.need(workflow.get("permissions") == {}, path.name, "rights are given by job: `permissions: {}` above them")
        self.need("concurrency" in workflow, path.name, "no concurrency group")
        self.need("secrets." not in text, path.name, "a secret")
        self.need("pull_request_target" not in text, path.name, "pull_request_target gives strangers' code the rights of ours")
        for name, job in workflow["jobs"].items():
            self.job(path.name, name, job)
        return workflow["jobs"]


def main(arguments):
    root = pathlib.Path(arguments[0])
    checker = Checker(root)
    jobs = {path.name: checker.workflow(path) for path in sorted((root / ".github/workflows").glob("*.yml"))}
    listed = subprocess.run([str(root / "scripts/arch"), "--list"], capture_output=True, text=True, check=True).stdout.split()
    counted = jobs["measure.yml"]["counts"]["strategy"]["matrix"]["arch"]
    checker.need(counted == listed, "measure.yml", f"counts {counted}, and there are {listed}")
    checker.need(checker.commands >= 10, "workflows", f"only {checker.commands} commands were found")
    print("\n".join(checker.faults) or f"{checker.commands} commands are sound")
    return 1 if checker.faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
