"""The hook for a virus scanner: whatever command the installation names."""

from __future__ import annotations

import shlex
import subprocess
from typing import TYPE_CHECKING, Literal

from dashboard.errors import Invalid
from dashboard.i18n import N_

if TYPE_CHECKING:
    from pathlib import Path

Scan = Literal["clean", "unscanned"]
PATIENCE_SECONDS = 60
_CLEAN, _INFECTED = 0, 1


def scanned(path: Path, command: str, patience: float = PATIENCE_SECONDS) -> Scan:
    """Return what the scanner says of a file: clean, or unscanned where no command is set up.

    The command is split as a shell would split it and run without one, with the file's path behind it. It ends with 0
    for a clean file and with 1 for an infected one, as clamdscan does. Raises Invalid, with a sentence, for an infected
    file, and when the scanner fails or takes longer than `patience` seconds: what was not looked at does not come in.
    """
    if not command.strip():
        return "unscanned"
    try:
        done = subprocess.run(  # noqa: S603 - the operator's own command
            [*shlex.split(command), str(path)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=patience,
            check=False,
        )
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise Invalid.telling(N_("The virus scanner did not answer, so the file was not taken")) from error
    if done.returncode == _INFECTED:
        raise Invalid.telling(N_("The virus scanner found something in this file"))
    if done.returncode != _CLEAN:
        raise Invalid.telling(N_("The virus scanner did not answer, so the file was not taken"))
    return "clean"
