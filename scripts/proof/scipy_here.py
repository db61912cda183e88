"""scipy, which the others' tests are made of: as it is installed, or unpacked from Debian's package into the build.

The package depends on a compiler that depends on Boost's headers, in a version that keeps out every other one; importing it needs neither.
"""
import importlib
import os
import pathlib
import subprocess
import sys

PLACE = "usr/lib/python3/dist-packages"


def make_importable(folder):
    """For this process and those it starts. Where it cannot be had, whoever imports it will say so."""
    try:
        importlib.import_module("scipy.stats")
        return
    except ImportError:
        pass
    place = pathlib.Path(folder) / PLACE
    if place.exists() or _unpack(pathlib.Path(folder)):
        sys.path.append(str(place))
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(place), os.environ.get("PYTHONPATH")]))
        importlib.invalidate_caches()


def _unpack(folder):
    folder.mkdir(parents=True, exist_ok=True)
    try:
        subprocess.run(["apt-get", "-qq", "-o", "APT::Sandbox::User=root", "download", "python3-scipy"], cwd=folder, check=True, capture_output=True)
        for package in folder.glob("python3-scipy_*.deb"):
            subprocess.run(["dpkg-deb", "-x", package, folder], check=True, capture_output=True)
            package.unlink()
    except (OSError, subprocess.CalledProcessError):
        return False
    return (folder / PLACE).exists()
