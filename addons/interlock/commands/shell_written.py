"""Files that a text has written so far, with their content where the text shows it: running one runs that content."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable

from interlock.model import Operation

__all__ = ["Written"]

_MAX_CONTENT = 1 << 18
_MANY_STEPS = 64
_MAX_AGAIN = 5
"""How often a path may be written with another content before nobody follows it."""
_WRITING = frozenset(
    (">", ">>", ">|", "&>", "&>>", "<>", "tee", "touch", "cp", "mv", "ln", "install", "curl", "wget", "dd")
)

_LOADS = re.compile(
    r"\b(?:require(?:_relative|_once)?|import|from|load|include(?:_once)?|do)\s*+\(?\s*+[\"'`]([^\"'`\n]*)[\"'`](\s*[+.]\s*[\w(\"'`$])?"
)
"""How Node, Ruby, Perl and PHP load a file; its name may go on behind the quotes."""
_DATA = re.compile(r"\.(?:txt|log|md|csv|tsv|out|json|ya?ml|toml|xml|html|css|svg|png)\Z")


class Written:
    """Path -> content, None where it is not known. `unpacked` says that an archive from elsewhere was opened."""

    __slots__ = ("_again", "_contents", "_names", "_origins", "fetched", "links", "unpacked")

    def __init__(self) -> None:
        self._contents: dict[str, str | None] = {}
        self._origins: dict[str, str] = {}
        self._names: set[str] = set()
        self._again: dict[str, int] = {}
        self.fetched: set[str] = set()
        self.links: set[str] = set()
        self.unpacked = False

    def add(self, path: str, content: str | None = None) -> None:
        """A path has been written."""
        self._names.add(_plain(path).rpartition("/")[2])
        content = self.either(path, self._contents.get(_plain(path)), content)
        self._contents[_plain(path)] = content if content is None or len(content) <= _MAX_CONTENT else None

    def either(self, path: str, before: str | None, content: str | None) -> str | None:
        """What a path may hold that is written again: nobody knows which of the writings has run."""
        if self._again.get(path, 0) >= _MAX_AGAIN:
            return None
        if not before or content is None or before in content:
            return content
        self._again[path] = self._again.get(path, 0) + 1
        return f"{before}\n{content}" if self._again[path] < _MAX_AGAIN else None

    def append(self, path: str, content: str | None) -> None:
        """More has been written behind what was there, which is known only if this text wrote it."""
        before = self.content(path)
        self.add(path, None if before is None or content is None else before + content)

    def update(self, paths: Iterable[str]) -> None:
        """Paths whose content comes from elsewhere."""
        for path in paths:
            self.add(path)
            self.fetched.add(_plain(path))

    def copied(self, source: str, target: str) -> None:
        """One path now holds what another held."""
        self.add(target, self.content(source))
        self._origins[_plain(target)] = self.origin(source) or source
        if _plain(source) in self.fetched:
            self.fetched.add(_plain(target))

    def learn(self, operations: Iterable[Operation]) -> None:
        """Paths that a nested text has written."""
        for operation in operations:
            for one in operation.walk():
                paths = one.arguments.get("paths")
                if one.protocol == "shell" and one.resource in _WRITING and isinstance(paths, list):
                    for path in paths:
                        self._contents.setdefault(_plain(str(path)), None)

    def leads_elsewhere(self, path: str) -> bool:
        """Whether a path, or a folder that it lies in, is a link that the text has made."""
        path = _plain(path)
        return any(path == link or path.startswith(link + "/") for link in self.links)

    def origin(self, path: str) -> str:
        """Where a path was copied or linked from; nothing if it was not."""
        return self._origins.get(_plain(path), "")

    def called(self, name: str, unseen: bool = False) -> list[str]:
        """Paths whose last step is a name, that have been written with a known content or copied; or all of them."""
        if name not in self._names:
            return []
        known = [
            path for path, content in self._contents.items() if unseen or content is not None or path in self._origins
        ]
        return [path for path in known if path.rpartition("/")[2] == name][:4]

    def below(self, path: str) -> list[str]:
        """A path that has been written, or those below it if it is a folder."""
        path = _plain(path)
        if path in self._contents:
            return [path]
        return [one for one in self._contents if path == "." or one.startswith(path + "/")]

    def paths(self) -> list[str]:
        """Everything that has been written, in order."""
        return list(self._contents)

    def content(self, path: str) -> str | None:
        """What a path holds, as far as this text says."""
        return self._contents.get(_plain(path))

    def __contains__(self, path: str) -> bool:
        """Whether a path, or a folder that it lies in, has been written."""
        path = folder = _plain(path)
        if path.count("/") > _MANY_STEPS:
            return any(path == one or path.startswith(one + "/") for one in self._contents if one.strip("/"))
        while folder and folder != "/":
            if folder in self._contents:
                return True
            folder = folder.rpartition("/")[0]
        return self.unpacked and not path.startswith(("/", "~", "$"))

    def loaded_by(self, program: str) -> bool:
        """Whether a program of another language loads a file that has been written, or one whose name it computes."""
        stems = {posixpath.basename(path).partition(".")[0] for path in self._contents if not _DATA.search(path)}
        for found in _LOADS.finditer(program) if stems else ():
            if found[2] or self.unpacked or posixpath.basename(found[1]).partition(".")[0] in stems:
                return True
        return False

    def is_fetched(self, path: str) -> bool:
        """Whether what a path holds came from the network."""
        path = _plain(path)
        return self.unpacked or any(path == one or path.startswith(one + "/") for one in self.fetched)


def _plain(path: str) -> str:
    return posixpath.normpath(path or ".").removeprefix("$PWD/")
