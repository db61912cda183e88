"""Parts `chains` and `emulation`: kernels of known cost, and what counting costs. Other scripts judge; here they are run and their words kept."""
import os
import subprocess
import sys

import claims


def run_chains(setting):
    part = claims.Part("chains", "kernels of known cost, by the rounds' quiet hundredths")
    output = setting.root / "results/selfbench"
    rounds = ["--rounds", str(setting.scaled(201, least=11))] if setting.effort != 1 else []
    command = [setting.transept, "run", "--suite", "selfbench", "--cpu", str(setting.cpu), "--output", output, *rounds]
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        part.lacking.append(done.stderr.strip().splitlines()[-1])
        return part
    words = {"amd64": "x86_64", "aarch64": "arm64", "ppc64le": "ppc64el", "armv7l": "armhf"}
    arch = words.get(os.uname().machine, os.uname().machine)
    return judged(part, [setting.root / "scripts/selfbench", output / arch / "latest.json"])


def run_emulation(setting):
    part = claims.Part("emulation", "what exact counts cost, under QEMU")
    return judged(part, [setting.root / "scripts/emulation-cost", setting.build])


def judged(part, command):
    """The words of a script that judges, and its exit status for the verdict."""
    done = subprocess.run([str(word) for word in [sys.executable, *command]], capture_output=True, text=True, check=False)
    part.lines += done.stdout.splitlines()
    if done.returncode not in (0, 1) or not done.stdout:
        part.lacking.append((done.stderr.strip().splitlines() or [f"{command[0].name}: exit status {done.returncode}"])[-1])
    else:
        part.claim("all of these", "", "", done.returncode == 0)
    return part
