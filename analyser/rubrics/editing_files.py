"""Files written whole or not at all, so that a crash or Ctrl-C leaves the old file or the new one."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from analyser.errors import UsageError


def save_whole(path: Path, data: bytes) -> None:
    """Write into a neighbouring temporary file, then rename it; a link is followed and file modes are kept."""
    temporary = None
    try:
        target = path.resolve()
        mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
        with tempfile.NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as file:
            temporary = Path(file.name)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(mode)
        temporary.replace(target)
        temporary = None
    except OSError as error:
        reason = error.strerror or "no reason given"
        raise UsageError(
            "E305", f"the output cannot be written ({reason})", where=str(path), hint="Close it, or name another file."
        ) from None
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
