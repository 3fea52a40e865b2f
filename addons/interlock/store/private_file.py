"""Makes the file of an SQLite database, readable by its owner alone, without ever opening one that is there.

SQLite's locks are POSIX's: they end for the whole process as soon as it closes any descriptor of the file, whoever
opened it (https://www.sqlite.org/howtocorrupt.html, 2.2). Another process then takes itself for the only one, and
removes the log that this one goes on writing to.
"""

from __future__ import annotations

import errno
import os
import stat
import threading
from contextlib import suppress
from pathlib import Path

__all__ = ["make_private"]

_making = threading.Lock()
"""So that nobody connects to a new file between its making and the end of the descriptor that made it."""


def make_private(path: Path) -> None:
    """An empty file with mode 0600 where there is none, and its folder. What stands there stays as it is.

    Raises OSError when it cannot be made, and for a link or anything else that is no plain file.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with _making:
        if not path.exists(follow_symlinks=False):
            with suppress(FileExistsError):  # another process was first
                os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
        mode = path.lstat().st_mode
    if not stat.S_ISREG(mode):
        number = errno.ELOOP if stat.S_ISLNK(mode) else errno.EINVAL
        raise OSError(number, os.strerror(number), str(path))
