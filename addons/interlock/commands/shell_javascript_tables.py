"""What the modules and names of JavaScript do, as far as short programs use them. Other modules are opaque."""

from __future__ import annotations

__all__ = ["BANNED", "DELETES", "MODULES", "NETWORK", "READS", "REFUSED", "WRITES"]

_MODULES_TEXT = """
fs path os url util crypto assert events querystring zlib readline string_decoder timers perf_hooks buffer stream
fs/promises stream/promises timers/promises punycode console process
"""
MODULES = frozenset(_MODULES_TEXT.split())
"""Modules that compute, read and print."""
_NETWORK_TEXT = """
http https http2 net tls dgram dns axios node-fetch undici got ws superagent request playwright @playwright/test
puppeteer
"""
NETWORK = frozenset(_NETWORK_TEXT.split())
"""Modules that talk to other machines."""
_REFUSED_TEXT = """
child_process vm worker_threads cluster module inspector repl v8 wasi shelljs execa cross-spawn zx del rimraf trash
node-pty ssh2 fs-extra graceful-fs sudo-prompt vm2 isolated-vm ffi-napi ref-napi tinyexec
nano-spawn bun dax dax-sh bun:ffi
"""
REFUSED = frozenset(_REFUSED_TEXT.split())
"""Modules that run programs or code made of text."""
_BANNED_TEXT = """
constructor __proto__ eval Function mainModule binding dlopen _load _linkedBinding createRequire getBuiltinModule
globalThis global window self Reflect Proxy WebAssembly vm Deno Bun callee caller prototype __defineGetter__
_extensions _compile runInThisContext runInNewContext runInContext Worker SharedWorker importScripts execPath abort
kill setuid unlinkSync unlink rmSync rm rmdirSync rmdir rmdirp fork spawn spawnSync execSync execFile execFileSync
emitWarning openAsBlob truncate truncateSync ftruncate chmodSync chownSync chmod chown lchown symlink symlinkSync
link linkSync setPrototypeOf executablePath launchServer launchPersistentContext connectOverCDP __lookupGetter__
require_ process_ report stdin_
"""
BANNED = frozenset(_BANNED_TEXT.split())
"""Names that lead to code made of text, to other programs, or delete."""
_WRITES_TEXT = """
writeFileSync writeFile appendFileSync appendFile mkdirSync mkdir copyFileSync copyFile renameSync rename
createWriteStream openSync open writeSync cpSync cp mkdtempSync mkdtemp utimesSync utimes
"""
WRITES = frozenset(_WRITES_TEXT.split())
"""Functions that change files."""
DELETES = frozenset(("unlinkSync", "unlink", "rmSync", "rm"))
"""Functions that delete one file."""
READS = frozenset(("readFileSync", "readFile", "createReadStream"))
"""Functions that read files."""
