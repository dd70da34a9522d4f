"""Build every wheel and prove that ours works alone, in a bare environment.

The wheel's dependencies come from ``requirements.lock`` with their hashes: exactly the base ones,
so a forgotten dependency or a needed extra is found here.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import venv
import zipfile
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

REPOSITORY = Path(__file__).resolve().parent.parent
WORK = REPOSITORY / "build" / "wheel"
EXAMPLES = Path("policies/examples")
EXAMPLE = "vietnam-worked-example"


def main() -> None:
    """Build, look inside, install, run."""
    shutil.rmtree(WORK, ignore_errors=True)
    ours = build(REPOSITORY, "wheel")
    build(REPOSITORY, "sdist")
    for project in sorted(REPOSITORY.glob("plugins-contrib/*/pyproject.toml")):
        build(project.parent, "wheel")
    python = bare_environment()
    requirements = WORK / "base.txt"
    requirements.write_text(locked(base_dependencies()), encoding="utf-8")
    pip = (python, "-m", "pip", "install", "--quiet", "--no-deps")
    run(*pip, "--require-hashes", "--requirement", requirements)
    run(*pip, ours)
    run(python, "-m", "pip", "check")
    command = python.with_name("libconsortium")
    run(command, "--help", quiet=True)
    run(
        *(command, "split", "--policy", REPOSITORY / EXAMPLES / f"{EXAMPLE}.toml"),
        *("--members", REPOSITORY / EXAMPLES / f"{EXAMPLE}.csv"),
        *("--total", "2138947369 VND", "--json"),
    )


def build(project: Path, target: str) -> Path:
    """Build one wheel or source archive without the network; return where it lies."""
    into = WORK / "dist" / project.name
    run(
        sys.executable, "-m", "hatchling", "build", "-t", target, "-d", into, at=project, quiet=True
    )
    (built,) = into.glob("*.whl" if target == "wheel" else "*.tar.gz")
    print(f"built {built.name} ({built.stat().st_size // 1024} kB)")
    if target == "wheel":
        refuse_strangers(built)
    return built


def refuse_strangers(wheel: Path) -> None:
    """Stop when a wheel holds anything but its one package and its metadata."""
    package = wheel.name.split("-")[0]
    names = zipfile.ZipFile(wheel).namelist()
    strangers = [name for name in names if not name.startswith((f"{package}/", f"{package}-"))]
    tests = [name for name in names if "tests" in Path(name).parts]
    if strangers or tests:
        sys.exit(f"{wheel.name} must not contain {[*strangers, *tests]}")


def bare_environment() -> Path:
    """Make an environment with nothing but pip; return its Python."""
    venv.create(WORK / "bare", with_pip=True, clear=True)
    return WORK / "bare" / "bin" / "python"


def base_dependencies(root: str = "libconsortium") -> set[str]:
    """Name everything a package needs without its extras, all the way down."""
    found: set[str] = set()
    waiting = [root]
    while waiting:
        needs = map(Requirement, distribution(waiting.pop()).requires or ())
        new = {
            canonicalize_name(need.name)
            for need in needs
            if need.marker is None or need.marker.evaluate({"extra": ""})
        }
        waiting += new - found
        found |= new
    return found


def locked(names: set[str]) -> str:
    """Cut the named packages, with their hashes, out of the lock."""
    lock = (REPOSITORY / "requirements.lock").read_text(encoding="utf-8")
    blocks = re.split(r"^(?=\w)", lock, flags=re.MULTILINE)
    return "".join(block for block in blocks if block.split("==")[0] in names)


def run(*command: str | Path, at: Path = REPOSITORY, quiet: bool = False) -> None:
    """Run a command and stop when it fails."""
    done = subprocess.run(command, cwd=at, check=False, capture_output=quiet, text=True)
    if done.returncode:
        sys.exit(f"failed: {' '.join(map(str, command))}\n{done.stdout or ''}{done.stderr or ''}")


if __name__ == "__main__":
    main()
