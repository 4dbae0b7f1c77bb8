"""The clients compared, and a virtual environment for each, kept for the next run."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

import interpreters  # noqa: E402
from commands import Unavailable as Unavailable  # noqa: E402

CACHE = Path(interpreters.CACHE, "benches")
UVLOOP = "uvloop>=0.22,<1"


@dataclass(frozen=True)
class Client:
    name: str
    adapter: str
    requirement: str
    """What pip installs: a release, a wheel, or the folder of this project."""

    @property
    def is_release(self) -> bool:
        return "==" in self.requirement


OTHERS = [
    Client("aerospike 19.3.0", "adapters.official", "aerospike==19.3.0"),
    Client("aerospike-native 1.0.0", "adapters.native", "aerospike-native==1.0.0"),
    Client("aerospike-py 0.14.4", "adapters.aerospike_py", "aerospike-py==0.14.4"),
]


def this_client(name: str, wheel: Path | None) -> Client:
    """This project's client, of a wheel or built from the sources."""
    return Client(name, "adapters.aerospike_py", str(wheel.resolve() if wheel else ROOT))


def environment(client: Client, spec: str, uvloop: bool) -> Path:
    """The Python of an environment that has the client.

    Raises `Unavailable` if the interpreter can't be had, or the client not for it.
    """
    base: Path = interpreters.find(spec).path
    folder = CACHE / f"{client.name.replace(' ', '-')}-{spec}"
    python = folder / "bin/python"
    if not runs(python):
        # Without pip: a Python of Debian has none to give.
        subprocess.run([base, "-m", "venv", "--clear", "--without-pip", folder], check=True)
    if client.is_release:
        pip(python, "--only-binary", ":all:", client.requirement)
    else:
        pip(python, "--force-reinstall", "--no-deps", client.requirement, spec=spec)
    if uvloop:
        pip(python, "--only-binary", ":all:", UVLOOP)
    return python


def runs(python: Path) -> bool:
    try:
        return subprocess.call([python, "-c", ""], stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def pip(python: Path, *arguments: str, spec: str = "") -> None:
    """Run a pip that is kept for all environments, on that of `python`."""
    tools = CACHE / "tools/bin/python"
    if not runs(tools):
        venv.create(CACHE / "tools", clear=True, with_pip=True)
        subprocess.run([tools, "-m", "pip", "install", "--quiet", "--upgrade", "pip"], check=True)
    env = dict(os.environ)
    if spec == "3.13t":
        # PyO3 refuses this interpreter, though its layout of it is intact.
        env["UNSAFE_PYO3_SKIP_VERSION_CHECK"] = "1"
    command = [str(tools), "-m", "pip", "--python", str(python), "install", "--quiet"]
    done = subprocess.run([*command, *arguments], env=env, capture_output=True, text=True)
    if done.returncode != 0:
        last = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1]
        raise Unavailable(f"pip could not install {arguments[-1]}: {last}")


def embedded_server() -> Path:
    """The embedded server: the program that AEROSPIKE_EMBEDDED names, or built from the sources."""
    if named := os.environ.get("AEROSPIKE_EMBEDDED"):
        return Path(named)
    command = ["cargo", "build", "--locked", "--release", "--package", "aerospike-embedded"]
    subprocess.run(command, cwd=ROOT, check=True)
    target = Path(os.environ.get("CARGO_TARGET_DIR") or ROOT / "target")
    return target / "release/aerospike-embedded"
