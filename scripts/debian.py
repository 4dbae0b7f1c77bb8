"""Make a CPython from what a Debian mirror has, in a folder of its own: nothing of the system
changes, save that headers which compiling needs are installed when root asks for it.

The mirror is the one that the machine's own apt uses; a private apt configuration adds the newer
suites to it.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from commands import Unavailable, run, tell

SUITE_OF_PACKAGES = "sid"
SUITES_OF_SOURCES = ("sid", "trixie")

NEEDED_TO_COMPILE = (
    "build-essential",
    "libbz2-dev",
    "libffi-dev",
    "liblzma-dev",
    "libreadline-dev",
    "libsqlite3-dev",
    "libssl-dev",
    "pkg-config",
    "uuid-dev",
    "zlib1g-dev",
)

# A mirror that does not answer must not hold the caller up, hence the time limits.
APT_CONF = """
Dir::Etc::SourceList "{root}/sources.list";
Dir::Etc::SourceParts "/dev/null";
Dir::Etc::PreferencesParts "/dev/null";
Dir::State "{root}/state";
Dir::State::status "{root}/state/status";
Dir::Cache "{root}/cache";
Acquire::Languages "none";
Acquire::Retries "1";
Acquire::http::Timeout "20";
Acquire::https::Timeout "20";
APT::Sandbox::User "root";
APT::Install-Recommends "false";
"""


def is_here() -> bool:
    tools = all(shutil.which(tool) for tool in ("apt-get", "apt-cache", "dpkg"))
    return tools and os_release().get("ID") == "debian"


@contextmanager
def locked_workspace(cache: Path, spec: str) -> Iterator[Path]:
    """A folder on the cache's file system, so that a rename completes the work; one at a time."""
    cache.mkdir(parents=True, exist_ok=True)
    with open(cache / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for leftover in cache.glob("making-*"):
            shutil.rmtree(leftover)
        workspace = Path(tempfile.mkdtemp(prefix=f"making-{spec}-", dir=cache))
        try:
            yield workspace
        finally:
            shutil.rmtree(workspace, ignore_errors=True)


def make(spec: str, workspace: Path, destination: Path) -> tuple[Path, str]:
    """A tree in `workspace` that works once it is moved to `destination`, and where it came from.

    A standard build comes from packages, within seconds; a free-threaded one, of which Debian has
    no package, is compiled.
    """
    made = workspace / "made"
    apt = private_apt(workspace)
    if spec.endswith("t"):
        return made, compile_source(spec, apt, workspace, made, destination)
    return made, unpack_packages(spec, apt, workspace, made, destination)


def private_apt(workspace: Path) -> dict[str, str]:
    """The environment for an apt with lists and an idea of what is installed of its own."""
    root = workspace / "apt"
    for folder in ("state/lists/partial", "cache/archives/partial"):
        (root / folder).mkdir(parents=True)
    (root / "state/status").touch()
    keyring = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
    place = f"[signed-by={keyring}] {mirror()}" if keyring.exists() else mirror()
    lines = [f"deb {place} {SUITE_OF_PACKAGES} main"]
    lines += [f"deb-src {place} {suite} main" for suite in SUITES_OF_SOURCES]
    (root / "sources.list").write_text("\n".join(lines) + "\n")
    (root / "apt.conf").write_text(APT_CONF.format(root=root))
    apt = {"APT_CONFIG": str(root / "apt.conf")}
    run(["apt-get", "update"], timeout=300, env=apt)
    return apt


def mirror() -> str:
    release = os_release().get("VERSION_CODENAME", "sid")
    line = "$(REPO_URI) $(RELEASE) $(COMPONENT)"
    command = ["apt-get", "indextargets", "--format", line, "Created-By: Packages"]
    for target in run(command, timeout=30).splitlines():
        uri, *suite = target.split()
        if suite in ([name, "main"] for name in (release, "stable", "testing", "sid")):
            return uri
    raise Unavailable(f"apt has no source for the main component of Debian's {release}")


def unpack_packages(
    spec: str, apt: dict[str, str], workspace: Path, made: Path, destination: Path
) -> str:
    """Debian's own build and all the libraries it needs, its C library among them.

    The executable is given the path of that C library's loader, so that it is an ordinary one to
    its users: it makes virtual environments and starts itself anew.
    """
    tell(f"{spec}: unpacking Debian's packages")
    packages = [f"python{spec}", f"python{spec}-dev", "patchelf"]
    run(["apt-get", "install", "--yes", "--download-only", *packages], timeout=600, env=apt)
    for package in sorted((workspace / "apt/cache/archives").glob("*.deb")):
        run(["dpkg", "-x", package, made], timeout=120)
    (made / f"usr/lib/python{spec}/EXTERNALLY-MANAGED").unlink(missing_ok=True)
    executable = made / f"usr/bin/python{spec}"
    loader = next(made.glob("usr/lib/*/ld-linux*.so.*"))
    libraries = loader.parent
    patchelf: list[str | Path] = [loader, "--library-path", libraries, made / "usr/bin/patchelf"]
    # In two calls, since one that changes both leaves an executable that crashes.
    run(
        [*patchelf, "--force-rpath", "--set-rpath", f"$ORIGIN/../lib/{libraries.name}", executable],
        timeout=60,
    )
    run(
        [*patchelf, "--set-interpreter", destination / loader.relative_to(made), executable],
        timeout=60,
    )
    return "Debian's packages"


def compile_source(
    spec: str, apt: dict[str, str], workspace: Path, made: Path, destination: Path
) -> str:
    install_what_compiling_needs()
    package = f"python{spec.rstrip('t')}"
    version = download_source(package, apt, workspace)
    tell(f"{spec}: compiling {package} {version}, which takes some minutes")
    source = workspace / "source"
    source.mkdir()
    tarball = next(workspace.glob("*.orig.tar.*"))
    run(["tar", "-xf", tarball, "-C", source, "--strip-components=1"], timeout=120)
    options = [f"--prefix={destination}", "--disable-gil", "--disable-test-modules"]
    run(["./configure", *options], timeout=600, cwd=source)
    run(["make", f"-j{os.cpu_count() or 1}"], timeout=3600, cwd=source)
    staging = workspace / "staging"
    run(["make", "install", f"DESTDIR={staging}"], timeout=900, cwd=source)
    (staging / destination.relative_to("/")).rename(made)
    return f"Debian's source of {package} {version}"


def download_source(package: str, apt: dict[str, str], workspace: Path) -> str:
    """Download the newest source that the mirror really has, since its lists may be older."""
    listed = run(["apt-cache", "madison", package], timeout=60, env=apt).splitlines()
    versions = {line.split("|")[1].strip() for line in listed if line.endswith("Sources")}
    command = ["apt-get", "source", "--download-only", "--only-source", "--tar-only"]
    for version in sorted(versions, key=numbers, reverse=True):
        try:
            run([*command, f"{package}={version}"], timeout=600, env=apt, cwd=workspace)
        except Unavailable:
            continue
        return version
    listed_versions = ", ".join(sorted(versions, key=numbers)) or "none"
    raise Unavailable(f"the Debian mirror has no source of {package} (it lists {listed_versions})")


def install_what_compiling_needs() -> None:
    command = ["dpkg-query", "--show", "--showformat", "${Package} ${db:Status-Status}\n"]
    # Exits with 1 when it does not know one of them, which is no failure here.
    known = subprocess.run([*command, *NEEDED_TO_COMPILE], capture_output=True, text=True).stdout
    missing = [name for name in NEEDED_TO_COMPILE if f"{name} installed" not in known.splitlines()]
    if not missing:
        return
    if os.geteuid() != 0:
        raise Unavailable(f"compiling it needs packages: apt-get install {' '.join(missing)}")
    tell(f"installing {' '.join(missing)}")
    run(["apt-get", "update"], timeout=300)
    run(
        ["apt-get", "install", "--yes", "--no-install-recommends", *missing],
        timeout=900,
        env={"DEBIAN_FRONTEND": "noninteractive"},
    )


def numbers(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", version)]


def os_release() -> dict[str, str]:
    try:
        lines = Path("/etc/os-release").read_text().splitlines()
    except OSError:
        return {}
    return {name: value.strip('"') for name, _, value in (line.partition("=") for line in lines)}
