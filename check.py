"""Run every check: lint, types, tests. `python check.py --fast` leaves the tests out."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

CHECKS = {
    "lint": ["ruff", "check", "."],
    "types": ["mypy"],
    "tests": ["pytest", "-q"],
}


def main() -> int:
    """Run them all, even when one fails; the exit status is 1 if any did."""
    line = argparse.ArgumentParser(prog="check.py", description=__doc__)
    line.add_argument("--fast", action="store_true", help="lint and types only")
    fast = line.parse_args().fast
    failed = []
    for name, command in CHECKS.items():
        if not (fast and name == "tests"):
            print(f"== {name}: {' '.join(command)}", flush=True)
            if subprocess.run([sys.executable, "-m", *command], check=False, cwd=Path(__file__).parent).returncode:
                failed.append(name)
    print("== " + (f"failed: {', '.join(failed)}" if failed else "all passed"))
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
