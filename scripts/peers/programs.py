"""The programs that have the maps: how they are built, started and asked."""
import contextlib
import json
import os
import shutil
import subprocess


class Trouble(Exception):
    """Why nothing can be measured, in one line or with what a tool said."""


def _must(command, log, **more):
    with open(log, "w", encoding="utf-8") as file:
        try:
            status = subprocess.run([str(word) for word in command], stdout=file, stderr=subprocess.STDOUT, check=False, **more).returncode
        except OSError as error:
            raise Trouble(f"{command[0]}: {error.strerror}; scripts/deps build peers installs what is missing") from error
    if status != 0:
        raise Trouble(f"{command[0]} failed:\n{log.read_text(encoding='utf-8')}")


class Build:
    """bench/peers/maps in a folder of its own: the program `peers` (C and C++), and `go-map` where there is Go."""

    def __init__(self, root, folder, flags):
        self.sources, self.folder, self.flags = root / "bench/peers/maps", folder, flags
        self.no_go = None  # why there is no program of Go's

    def __enter__(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        # Packages come and go: what CMake found last time says nothing.
        (self.folder / "CMakeCache.txt").unlink(missing_ok=True)
        _must(["cmake", "-S", self.sources, "-B", self.folder, "-G", "Ninja", f"-DPEER_FLAGS={self.flags}"], self.folder / "configure.log")
        _must(["cmake", "--build", self.folder], self.folder / "build.log")
        self._go()
        return self

    def __exit__(self, *_):
        return None

    def _go(self):
        if shutil.which("go") is None:
            self.no_go = "no program go (golang-go)"
            return
        # No module, no proxy, no cache outside: one file and Go's own library.
        environment = os.environ | {"GO111MODULE": "off", "GOCACHE": str(self.folder.resolve() / "go-cache"), "GOFLAGS": "", "CGO_ENABLED": "0"}
        try:
            target = self.folder.resolve() / "go-map"
            _must(["go", "build", "-o", target, "."], self.folder / "go.log", cwd=self.sources / "go", env=environment)
        except Trouble as trouble:
            self.no_go = "go build failed: " + str(trouble).strip().splitlines()[-1]

    def commands(self):
        """The programs that there are."""
        return [[str(self.folder / "peers")]] + ([] if self.no_go else [[str(self.folder / "go-map")]])


class Program:
    """One of them, running on one CPU: it does nothing but what it is asked, so that only one at a time runs."""

    def __init__(self, command, cpu, huge):
        environment = dict(os.environ)
        if huge:
            environment["GLIBC_TUNABLES"] = "glibc.malloc.hugetlb=1"
        self.name = os.path.basename(command[0])
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
            preexec_fn=lambda: os.sched_setaffinity(0, {cpu}),
        )
        self.hello = self._line()

    def _line(self):
        line = self.process.stdout.readline()
        if not line:
            raise Trouble(f"{self.name} ended early (exit status {self.process.wait()}); what it said stands above")
        return json.loads(line)

    def cell(self, cell, repetitions, seed, peers):
        """What the program's peers took for a cell: ({name: what was seen}, KiB in huge pages or None)."""
        with contextlib.suppress(BrokenPipeError):  # _line tells what became of it
            self.process.stdin.write(f"cell {cell.n} {cell.keys} {cell.state} {repetitions} {seed} {','.join(peers) or '-'}\n")
            self.process.stdin.flush()
        seen = {}
        while True:
            line = self._line()
            if line.get("end"):
                return seen, line.get("huge_kib")
            seen[line.pop("peer")] = line

    def close(self):
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()
