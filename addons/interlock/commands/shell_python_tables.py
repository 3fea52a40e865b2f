"""What the modules and methods of Python do, as far as short programs use them. What is not named is not understood.

`HARMLESS` modules only compute, read or print, whatever is called in them. `CALLS` are functions with an effect that
a shell command has too: name -> words of that command, then the function's own operands. `METHODS` are the same for
methods of objects whose type is not known: nothing harmless is called so.
"""

from __future__ import annotations

import ast
import re

__all__ = ["BANNED", "CALLS", "DUNDERS", "FOREIGN_RUNNERS", "HARMLESS", "HTTP_MODULES", "METHODS", "OPENERS", "READS",
           "REQUESTS", "SHELL_CALLS", "UNKNOWN_NAMES", "VERBS", "whole"]  # fmt: skip

_HARMLESS_TEXT = """
json re math cmath datetime time collections itertools functools statistics random string textwrap decimal fractions
csv hashlib hmac base64 binascii html pprint difflib bisect heapq enum dataclasses typing types.SimpleNamespace copy
uuid platform struct calendar unicodedata locale numbers abc contextlib io.StringIO io.BytesIO io.TextIOWrapper glob
fnmatch os.path posixpath ntpath zlib tomllib configparser xml.etree.ElementTree xml.dom.minidom argparse getopt shlex
traceback warnings secrets array colorsys queue threading concurrent.futures asyncio graphlib ipaddress keyword token
tokenize ast inspect.getsource inspect.signature inspect.getfile inspect.getdoc inspect.isclass inspect.isfunction
urllib.parse email html.parser mimetypes sysconfig site.getsitepackages site.getusersitepackages importlib.metadata
importlib.util.find_spec importlib.resources __future__ gc.collect gc.get_count gc.disable gc.enable errno
signal.SIGTERM signal.SIGINT signal.SIGKILL stat operator.itemgetter operator.add operator.mul operator.sub
resource.getrusage resource.RUSAGE_SELF weakref filecmp linecache symtable opcode zoneinfo tracemalloc quopri reprlib
plistlib.loads plistlib.load pwd.getpwuid logging.getLogger logging.debug logging.info logging.warning logging.error
logging.INFO logging.DEBUG logging.WARNING logging.ERROR logging.StreamHandler logging.Formatter logging.disable
logging.CRITICAL logging.exception socket.gethostname pkgutil.iter_modules pkgutil.walk_packages sched
selectors.EVENT_READ builtins.print types.ModuleType os.getcwd os.listdir os.walk os.scandir os.stat os.lstat
os.access os.cpu_count os.getpid os.getppid os.uname os.name os.sep os.linesep os.pathsep os.fspath
os.get_terminal_size os.environ os.getenv os.getuid os.geteuid os.getlogin os.R_OK os.W_OK os.X_OK os.F_OK os.SEEK_SET
os.SEEK_END os.curdir os.pardir os.devnull os.getloadavg os.times os.sync os.readlink os.isatty os.PathLike
os.DirEntry os.stat_result os.extsep os.altsep os.chdir os.path os.fsencode os.fsdecode sys.version sys.version_info
sys.path sys.argv sys.stdin sys.stdout sys.stderr sys.exit sys.maxsize sys.platform sys.executable sys.byteorder
sys.getsizeof sys.getrecursionlimit sys.setrecursionlimit sys.exc_info sys.implementation sys.prefix sys.base_prefix
sys.flags sys.float_info sys.getdefaultencoding sys.getrefcount sys.hexversion sys.intern sys.stdlib_module_names
sys.builtin_module_names sys.int_info sys.maxunicode sys.getfilesystemencoding sys.thread_info sys.dont_write_bytecode
sys.set_int_max_str_digits sys.exec_prefix sys.warnoptions sys.getswitchinterval sys.copyright shutil.which
shutil.disk_usage shutil.get_terminal_size subprocess.PIPE subprocess.STDOUT subprocess.DEVNULL
subprocess.CalledProcessError subprocess.TimeoutExpired subprocess.CompletedProcess pathlib gzip.decompress
gzip.compress lzma.decompress bz2.decompress zipfile.is_zipfile zipfile.BadZipFile zipfile.Path tarfile.is_tarfile
tarfile.TarError sqlite3.connect sqlite3.Row sqlite3.sqlite_version sqlite3.version sqlite3.Error
sqlite3.OperationalError tempfile.gettempdir http.HTTPStatus urllib.error textwrap.dedent ssl.OPENSSL_VERSION
unittest.mock multiprocessing.cpu_count curses.ascii codecs.encode codecs.decode codecs.BOM_UTF8 venv
pstats.Stats pstats.SortKey
"""
HARMLESS = frozenset(_HARMLESS_TEXT.split())
"""Modules, or single names in them, that compute, read and print."""
READS = frozenset(("os.environ", "os.getenv"))
CALLS: dict[str, tuple[str, ...]] = {
    "os.remove": ("rm",), "os.unlink": ("rm",), "os.rmdir": ("rmdir",), "os.removedirs": ("rm", "-r"),
    "shutil.rmtree": ("rm", "-r"), "os.mkdir": ("mkdir",), "os.makedirs": ("mkdir", "-p"), "os.rename": ("mv",),
    "os.replace": ("mv",), "os.renames": ("mv",), "os.symlink": ("ln", "-s"), "os.link": ("ln",),
    "os.truncate": ("truncate", "-s0"), "os.utime": ("touch",), "os.chown": ("chown", "0"), "os.mkfifo": ("touch",),
    "shutil.copy": ("cp",), "shutil.copy2": ("cp",), "shutil.copyfile": ("cp",), "shutil.copytree": ("cp", "-r"),
    "shutil.move": ("mv",), "shutil.copymode": ("cp",), "shutil.copystat": ("cp",), "shutil.copyfileobj": ("touch",),
    "shutil.make_archive": ("touch",), "shutil.unpack_archive": ("tar", "-xf"), "shutil.chown": ("chown", "0"),
    "os.chmod": ("chmod", "?"), "os.kill": ("kill", "-9"), "os.killpg": ("kill", "-9"),
    "urllib.request.urlretrieve": ("curl", "-O"), "tempfile.mkdtemp": ("mktemp", "-d"), "tempfile.mkstemp": ("mktemp",),
    "tempfile.NamedTemporaryFile": ("mktemp",), "tempfile.TemporaryDirectory": ("mktemp",),
    "tempfile.TemporaryFile": ("mktemp",), "tempfile.SpooledTemporaryFile": ("mktemp",),
    "py_compile.compile": ("touch",),
    "compileall.compile_dir": ("touch",), "logging.basicConfig": ("touch",), "logging.FileHandler": ("touch",),
    "os.putenv": ("touch",), "os.open": ("touch",), "os.write": ("touch",), "os.fdopen": ("touch",),
}  # fmt: skip
SHELL_CALLS = {
    "os.system": "text", "os.popen": "text", "subprocess.getoutput": "text", "subprocess.getstatusoutput": "text",
    "subprocess.run": "argv", "subprocess.call": "argv", "subprocess.check_call": "argv", "subprocess.Popen": "argv",
    "subprocess.check_output": "argv", "asyncio.create_subprocess_shell": "text",
    "asyncio.create_subprocess_exec": "words", "os.execvp": "exec", "os.execv": "exec", "os.execlp": "words1",
    "pty.spawn": "argv", "commands.getoutput": "text",
}  # fmt: skip
"""Functions that run another program: how its words are given."""
METHODS: dict[str, tuple[str, ...]] = {
    "flushall": ("redis-cli", "flushall"), "flushdb": ("redis-cli", "flushdb"), "drop_database": ("dropdb",),
    "drop_all": ("dropdb",),
    "unlink": ("rm",), "rmdir": ("rmdir",), "rmtree": ("rm", "-r"), "write_text": ("touch",), "write_bytes": ("touch",),
    "touch": ("touch",), "mkdir": ("mkdir",), "symlink_to": ("ln", "-s"), "hardlink_to": ("ln",),
    "chmod": ("chmod", "?"),
    "extractall": ("touch",), "extract": ("touch",), "rename": ("mv",), "copy_into": ("cp",), "move_into": ("mv",),
    "removedirs": ("rm", "-r"), "makedirs": ("mkdir",), "to_csv": ("touch",), "to_json": ("touch",),
    "dump_stats": ("touch",),
}  # fmt: skip
_CLOUD_METHODS = """
delete_bucket delete_objects delete_table delete_db_instance delete_db_cluster terminate_instances delete_stack
delete_cluster delete_nodegroup delete_user delete_role delete_function delete_log_group delete_queue purge_queue
delete_topic delete_secret schedule_key_deletion delete_volume delete_snapshot delete_file_system delete_vpc
delete_hosted_zone delete_repository delete_domain delete_index delete_by_query delete_dataset delete_instance
delete_project delete_blob delete_container delete_resource_group delete_namespace delete_namespaced_deployment
drop_collection drop_index delete_keyspace drop_keyspace
"""
METHODS.update((name, ("aws", "boto3", name.replace("_", "-"))) for name in _CLOUD_METHODS.split())
"""Calls that delete something at a cloud, as its command line does."""
HTTP_MODULES = frozenset(("requests", "httpx", "urllib.request", "urllib3", "aiohttp", "http.client", "socket", "ssl",
                          "smtplib", "ftplib", "telnetlib", "imaplib", "poplib", "nntplib", "socketserver", "xmlrpc",
                          "http.server", "websockets", "websocket", "paho", "boto3", "botocore", "google",
                          "azure", "openai",
                          "anthropic", "redis", "pymongo", "psycopg2", "psycopg", "pymysql", "asyncpg",
                          "urllib.robotparser",
                          "wsgiref", "kafka", "pika", "elasticsearch", "slack_sdk", "tweepy", "github"))  # fmt: skip
"""Modules that talk to other machines."""
_FOREIGN_RUNNERS_TEXT = """
sh plumbum invoke fabric paramiko pexpect psutil cffi dill cloudpickle joblib jsonpickle send2trash execnet IPython
xonsh pyautogui keyboard win32api win32com wmi rpyc docker kubernetes ansible salt celery numexpr execjs js2py kazoo
sarge delegator ptyprocess setproctitle pkg_resources distutils setuptools pip zerorpc trashcli pyrasite
"""
FOREIGN_RUNNERS = frozenset(_FOREIGN_RUNNERS_TEXT.split())
"""Modules from elsewhere that run programs, or text, from their words."""
BANNED = re.compile(
    r"(os|sys|subprocess|shutil|builtins|importlib|ctypes|pty|posix|runpy|codeop|pickle|marshal|shelve|socket"
    r"|system|popen|spawn\w*|exec|execv\w*|execl\w*|fork\w*|posix_spawn\w*|startfile|rmtree|remove_tree|getoutput"
    r"|getstatusoutput|import_module|load_module|exec_module|run_path|run_module|run_line_magic|attrgetter|methodcaller"
    r"|f_globals|f_locals|f_builtins|f_back|tb_frame|tb_next|gi_frame|cr_frame|ag_frame|gi_code|cr_code|func_globals"
    r"|get_type_hints|ForwardRef|get_annotations|Formatter|get_field|call_tracing|settrace|setprofile|dictConfig|fileConfig"
    r"|load_extension|enable_load_extension|meta_path|path_hooks|displayhook|excepthook|breakpointhook|set_executable"
    r"|unsafe_load|full_load|UnsafeLoader|Unpickler|read_pickle|FunctionType|CodeType|create_subprocess\w*|subprocess_\w+"
    r"|memmap|__\w+__|_(os|sys|subprocess|builtins|importlib|shutil)\d*)\Z"
)
"""Names of attributes by which an object of unknown type could lead to another module, to its frame or to a program."""
_DUNDERS_TEXT = """
__name__ __version__ __doc__ __file__ __len__ __class__ __all__ __annotations__ __qualname__ __main__ __init__
__fields__ __table__ __tablename__ __slots__ __module__ __dataclass_fields__ __members__ __cause__ __model__
__mapper__ __enter__ __exit__ __iter__ __next__ __path__ __version_info__ __author__ __str__ __repr__ __bool__
__eq__
"""
DUNDERS = frozenset(_DUNDERS_TEXT.split())
"""Attributes with underscores that lead nowhere. `__init__` leads to `__globals__`, which is not here."""
_UNKNOWN_NAMES_TEXT = """
exec eval compile __import__ globals locals vars breakpoint delattr __builtins__ __loader__ __spec__ reload execfile
memoryview
"""
UNKNOWN_NAMES = frozenset(_UNKNOWN_NAMES_TEXT.split())
"""Builtins whose use is not followed."""
OPENERS = frozenset(("builtins.open", "io.open", "codecs.open", "gzip.open", "bz2.open", "lzma.open", "tarfile.open",
                      "zipfile.ZipFile", "gzip.GzipFile", "pathlib.Path.open", "tokenize.open"))  # fmt: skip
VERBS = frozenset(("get", "post", "put", "patch", "delete", "head", "options"))
REQUESTS = frozenset((*(f"{module}.{verb}" for module in ("requests", "httpx") for verb in VERBS),
                       "urllib.request.urlopen", "urllib.request.Request", "requests.request", "httpx.request",
                       "httpx.stream"))  # fmt: skip


def whole(node: ast.Call | None) -> str:
    """The number that a call is first given, as `kill` takes it; "" where it is none that stands there."""
    first = node.args[0] if node is not None and node.args else None
    sign = "-" if isinstance(first, ast.UnaryOp) and isinstance(first.op, ast.USub) else ""
    value = first.operand if isinstance(first, ast.UnaryOp) else first
    return f"{sign}{value.value}" if isinstance(value, ast.Constant) and type(value.value) is int else ""
