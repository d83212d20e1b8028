"""Start a foreign program (LibreOffice, node) with its rights given up: `python -I -m jiangbang.papers.launch PROFILE PROGRAM …`.

`PROFILE` is the JSON of a `lockdown.Profile`. The program replaces this process, so the limits and filters are its own, and its children's.
`{scratch}` in an argument or in the environment stands for the private directory, wherever the program will see it.
"""

from __future__ import annotations

import json
import os
import sys

from jiangbang.papers.lockdown import Profile, die_with_parent, lock_down


def main() -> int:
    """Does not return when the program starts. Exit status 127 when it cannot be started."""
    values = json.loads(sys.argv[1])
    values["readable"] = tuple(values["readable"])
    die_with_parent()
    layers = lock_down(Profile(**values))
    seen = "/tmp" if layers.get("private_tmp") else str(values["scratch"])  # noqa: S108 - its own /tmp
    command = [argument.replace("{scratch}", seen) for argument in sys.argv[2:]]
    environment = {key: value.replace("{scratch}", seen) for key, value in os.environ.items()}
    try:
        os.execve(command[0], command, environment)  # noqa: S606 - that is the purpose; the program is named by the house
    except OSError:
        return 127


if __name__ == "__main__":
    sys.exit(main())
