"""A guest of QEMU's full-system emulation: what goes into it, how it is started, what it sends back.

The guest's side is tests/guest/init.c. ci/pmu-guest puts the two together; tests/tools/test_guest.py tests the pure parts.
"""
import json
import pathlib
import re
import shutil
import subprocess
import tempfile
import zlib
from typing import NamedTuple


class GuestError(Exception):
    """What went wrong, in one line."""


class Machine(NamedTuple):
    """How an instruction set's guest is started."""

    qemu: str  # the emulator's suffix
    options: list  # the machine and its CPU
    cpu: str  # what the same CPU is called in user mode
    console: str
    event: str  # what its PMU counts: `:u` where it can leave the kernel out


# The CPU models are those whose PMU counts and which libpfm4 knows by name; a fixed shift of the instruction counter is what makes
# QEMU count instructions at all. The Neoverse N1 has the atomics and the loads that a Cortex-A57 lacks. One instruction is one ns of the guest's time.
MACHINES = {
    "arm64": Machine("aarch64", ["-M", "virt,gic-version=3", "-cpu", "neoverse-n1"], "neoverse-n1", "ttyAMA0", "instructions:u"),
    "riscv64": Machine("riscv64", ["-M", "virt", "-cpu", "rv64"], "rv64", "ttyS0", "instructions"),
}

# Instruction sets whose guests cannot bear witness, and why.
UNFIT = {
    "ppc64el": "QEMU 7.2's POWER9 counts far too little: 0.3 instructions an op of abi/args-int/direct/n=4, where there are 9",
    "s390x": "QEMU emulates no PMU for it",
    "armhf": "its binaries run on arm64's kernel, whose guest is the witness",
    "x86_64": "under emulation its PMU is detected and no counter works; ci/valgrind-witness is its witness",
}


class Frame(NamedTuple):
    """One thing that the guest sent."""

    name: str
    status: int  # exit status of the command it is the output of; 0 for a file
    data: bytes


FRAME = re.compile(rb"^@@transept (\S+) (\d+) (\d+) ([0-9a-f]{8})\r?\n", re.MULTILINE)


def frames(serial):
    """The frames in what came over the serial line. Whatever stands between them is the kernel's and is left out."""
    found = []
    place = 0
    while match := FRAME.search(serial, place):
        name = match[1].decode()
        size = int(match[3])
        data = serial[match.end() : match.end() + size]
        if len(data) < size or not serial[match.end() + size :].startswith(b"\n@@end\n"):
            raise GuestError(f"what the guest sent as '{name}' is cut short or has something else in its midst")
        if zlib.crc32(data) != int(match[4], 16):
            raise GuestError(f"what the guest sent as '{name}' was damaged on the way (its checksum is wrong)")
        found.append(Frame(name, int(match[2]), data))
        place = match.end() + size
    return found


def needed(dynamic):
    """Names of the libraries and of the loader in the output of `readelf --dynamic --program-headers`."""
    libraries = re.findall(r"\(NEEDED\).*\[(.+)\]", dynamic)
    loaders = re.findall(r"Requesting program interpreter: (.+)\]", dynamic)
    return libraries, loaders


def read_dynamic(file):
    """What readelf says of a binary of any instruction set."""
    try:
        done = subprocess.run(["readelf", "--wide", "--dynamic", "--program-headers", file], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise GuestError(f"readelf cannot read {file}: {error}") from error
    return done.stdout


def contents(programs, sysroot, triplet, read=read_dynamic):
    """Everything that the initramfs holds, {path in the guest: file here}: the programs, {path in the guest: file here}, with the
    loader and the libraries that they need and those need in turn, which all come from the sysroot."""
    found = dict(programs)
    todo = list(programs.values())
    while todo:
        file = todo.pop()
        libraries, loaders = needed(read(file))
        for guest in loaders + [f"/lib/{triplet}/{name}" for name in libraries]:
            if guest in found:
                continue
            here = pathlib.Path(sysroot) / guest.lstrip("/")
            if not here.is_file():
                # The loader is a NEEDED library on some instruction sets, and lies elsewhere.
                if any(path.endswith("/" + pathlib.Path(guest).name) for path in found):
                    continue
                raise GuestError(f"{file} needs {guest}, which the sysroot {sysroot} does not have")
            found[guest] = here
            todo.append(here)
    return found


def pack(archive, files, texts):
    """Writes an initramfs of files, {path in the guest: file here}, and texts, {path in the guest: text}."""
    with tempfile.TemporaryDirectory(dir=pathlib.Path(archive).parent) as folder:
        root = pathlib.Path(folder)
        for guest in ("proc", "sys", "dev", "tmp"):
            (root / guest).mkdir()
        for guest, file in files.items():
            place = root / guest.lstrip("/")
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, place)
            place.chmod(0o755)
        for guest, text in texts.items():
            (root / guest.lstrip("/")).write_text(text)
        names = sorted(str(path.relative_to(root)) for path in root.rglob("*"))
        packed = subprocess.run(
            ["cpio", "--create", "--format=newc", "--owner=0:0", "--reproducible", "--quiet"],
            cwd=root, input=("\n".join(names) + "\n").encode(), capture_output=True, check=False,
        )
        if packed.returncode != 0:
            raise GuestError(f"cpio: {packed.stderr.decode().strip()}")
        pathlib.Path(archive).write_bytes(packed.stdout)


def boot(machine, kernel, initramfs, seconds):
    """Runs a guest to its end; returns all that came over its serial line."""
    command = [
        f"qemu-system-{machine.qemu}", *machine.options, "-icount", "shift=0,sleep=off", "-m", "1024", "-smp", "1",
        "-display", "none", "-vga", "none", "-monitor", "none", "-serial", "stdio", "-nic", "none", "-no-reboot",
        "-kernel", kernel, "-initrd", initramfs,
        "-append", f"console={machine.console} quiet loglevel=1 panic=-1",
    ]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired as error:
        raise GuestError(f"the guest did not end within {seconds} s; its last words: {tail(error.stdout)}") from error
    except OSError as error:
        raise GuestError(f"{command[0]}: {error.strerror}: install it with scripts/deps guest") from error
    if done.returncode != 0:
        raise GuestError(f"{command[0]}: {tail(done.stderr)}")
    return done.stdout


def tail(text):
    """The last line that says something."""
    lines = [line.strip() for line in (text or b"").decode(errors="replace").splitlines() if line.strip()]
    return lines[-1] if lines else "none"


def record_of(frames_by_name, command, record):
    """The run record that a command in the guest made."""
    if record not in frames_by_name or command not in frames_by_name:
        raise GuestError(f"the guest sent nothing of '{command}'")
    if frames_by_name[command].status != 0:
        raise GuestError(f"'{command}' ended with status {frames_by_name[command].status} in the guest: "
                         f"{tail(frames_by_name[command].data)}")
    return json.loads(frames_by_name[record].data)
