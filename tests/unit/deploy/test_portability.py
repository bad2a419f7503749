"""The program imports and runs without what only POSIX systems have. `make check` adds mypy for Windows and macOS."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiohttp.test_utils import unused_port

ROOT = Path(__file__).parents[3]
MODULES = [path for package in ("bot", "briefings", "seeds") for path in sorted((ROOT / package).rglob("*.py"))]
POSIX_MODULES = {"fcntl", "grp", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty", "uvloop"}
#: attributes of os, signal, socket and time that Windows does not have, and a call that always fails there
POSIX_NAMES = set(
    """
    chown chroot fchmod fchown fork forkpty getegid geteuid getgid getgroups getloadavg getpgid getuid initgroups
    killpg lchown mkfifo mknod nice posix_fallocate posix_spawn pread pwrite sched_getaffinity sched_setaffinity
    setgid setsid setuid sync sysconf uname wait3 wait4 waitid O_CLOEXEC O_DIRECTORY O_NOFOLLOW O_NONBLOCK
    SIGALRM SIGCHLD SIGHUP SIGKILL SIGPIPE SIGQUIT SIGSTOP SIGUSR1 SIGUSR2 alarm pthread_kill pthread_sigmask
    setitimer siginterrupt sigpending sigwait SIG_BLOCK SIG_SETMASK AF_UNIX SO_REUSEPORT tzset add_signal_handler
    """.split()  # noqa: SIM905 - a list of so many names is hard to read
)
PROXIED_MODULES = ("os", "signal", "socket", "time")
_UNPORTABLE_TEXT = re.compile(r"%-[a-zA-Z]|^/(?:dev|tmp|proc|etc|var|usr)/")
#: runs before the command: our modules see os, signal and so on without POSIX names, and no POSIX modules
_PREAMBLE = f"""
import asyncio, builtins, importlib, os, runpy, signal, socket, sys, time, types
POSIX_MODULES, POSIX_NAMES, OURS = {POSIX_MODULES!r}, {POSIX_NAMES!r}, ("bot", "briefings", "seeds")

class Windows(types.ModuleType):
    def __init__(self, module):
        super().__init__(module.__name__)
        self.__dict__["original"] = module
    def __getattr__(self, name):
        if name in POSIX_NAMES:
            raise AttributeError(f"Windows has no {{self.__name__}}.{{name}}")
        return getattr(self.original, name)

PROXIES = {{name: Windows(sys.modules[name]) for name in {PROXIED_MODULES!r}}}
original_import = builtins.__import__

def import_as_on_windows(name, globals=None, locals=None, fromlist=(), level=0):
    importer = (globals or {{}}).get("__name__", "").partition(".")[0]
    if importer in OURS and level == 0:
        if name.partition(".")[0] in POSIX_MODULES:
            raise ModuleNotFoundError(f"Windows has no {{name}}")
        if name in PROXIES:
            return PROXIES[name]
    return original_import(name, globals, locals, fromlist, level)

def refuse_handler(*_):
    raise NotImplementedError

builtins.__import__ = import_as_on_windows
asyncio.SelectorEventLoop.add_signal_handler = refuse_handler
from bot.cli import main
"""


def list_guarded_nodes(tree: ast.AST) -> set[ast.AST]:
    """Return the nodes in a branch of `if sys.platform ...`, or in a `try` that expects a missing module or name."""
    guarded_nodes: set[ast.AST] = set()
    for node in ast.walk(tree):
        is_guard = isinstance(node, ast.If) and "sys.platform" in ast.unparse(node.test)
        if isinstance(node, ast.Try):
            handlers = " ".join(ast.unparse(handler.type) for handler in node.handlers if handler.type)
            is_guard = bool(re.search("ImportError|ModuleNotFoundError|NotImplementedError", handlers))
        if is_guard:
            guarded_nodes.update(ast.walk(node))
    return guarded_nodes


def find_problems(source: str) -> Iterator[str]:
    """Yield what a module uses that Windows does not have, or does in another way."""
    tree = ast.parse(source)
    guarded_nodes = list_guarded_nodes(tree)
    docstrings = {ast.get_docstring(node, clean=False) for node in ast.walk(tree) if isinstance(node, _DOCUMENTED)}
    for node in ast.walk(tree):
        if node in guarded_nodes:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in POSIX_MODULES)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = {node.module, *(alias.name for alias in node.names if node.module in PROXIED_MODULES)}
            yield from names & (POSIX_MODULES | POSIX_NAMES)
        elif isinstance(node, ast.Attribute) and node.attr in POSIX_NAMES:
            if node.attr == "add_signal_handler" or ast.unparse(node.value) in PROXIED_MODULES:
                yield ast.unparse(node)
        elif isinstance(node, ast.Call):
            yield from find_bad_calls(node)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value not in docstrings:
            yield from (repr(node.value) for _ in _UNPORTABLE_TEXT.finditer(node.value) if "\n" not in node.value)


def find_bad_calls(node: ast.Call) -> Iterator[str]:
    """Yield calls that read or write text in the system's own encoding."""
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    has_encoding = any(keyword.arg in ("encoding", None) for keyword in node.keywords)
    text = ast.unparse(node)
    if name == "write_text" or (name == "read_text" and not node.args):
        is_bad = not has_encoding
    elif name in ("open", "fdopen", "NamedTemporaryFile", "TemporaryFile", "SpooledTemporaryFile"):
        modes = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
        modes += [keyword.value.value for keyword in node.keywords if isinstance(keyword.value, ast.Constant)]
        is_text = any(isinstance(mode, str) and re.fullmatch("[rwax]\\+?t?", mode) for mode in modes)
        is_bad = is_text and not has_encoding
    else:
        is_bad = False
    if is_bad:
        yield text


_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_module_uses_nothing_that_windows_does_not_have(path: Path) -> None:
    assert list(find_problems(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    ("source", "problems"),
    [
        ("import fcntl", ["fcntl"]),
        ("def f():\n    from resource import setrlimit", ["resource"]),
        ("from os import fork", ["fork"]),
        ("import os\nos.nice(5)", ["os.nice"]),
        ("loop.add_signal_handler(15, stop)", ["loop.add_signal_handler"]),
        ("path.read_text()", ["path.read_text()"]),
        ("path.open('w')", ["path.open('w')"]),
        ("f'{day:%-d %b}'", ["'%-d %b'"]),
        ("open('/dev/null', 'rb')", ["'/dev/null'"]),
        ("import sys\nif sys.platform != 'win32':\n    import resource", []),
        ("try:\n    import fcntl\nexcept ImportError:\n    fcntl = None", []),
        ("try:\n    loop.add_signal_handler(15, stop)\nexcept NotImplementedError:\n    pass", []),
        ("path.open('rb')\npath.read_text(encoding='utf-8')\nread_text(params, 'name')", []),
    ],
)
def test_search_finds_what_is_not_portable(source: str, problems: list[str]) -> None:
    assert list(find_problems(source)) == problems


def test_no_file_of_the_project_has_a_name_that_windows_refuses() -> None:
    files = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if files.returncode:
        pytest.skip("not a git checkout")
    names = files.stdout.split("\0")
    assert [name for name in names if re.search(r'[<>:"|?*\\]|[ .]$', name)] == []
    assert len({name.casefold() for name in names}) == len(names)


def run_as_on_windows(folder: Path, code: str, port: int = 0) -> "subprocess.CompletedProcess[str]":
    """Run code after the preamble, in a new folder."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "cp1252", "PORT": str(port)}
    return subprocess.run(
        [sys.executable, "-c", _PREAMBLE + code],
        cwd=folder,
        env=environment,
        capture_output=True,
        encoding="cp1252",
        timeout=300,
        check=False,
    )


def test_demo_runs_without_posix(tmp_path: Path) -> None:
    result = run_as_on_windows(tmp_path, "sys.exit(main(['demo']))")
    assert (result.returncode, result.stderr) == (0, "")
    assert "without the rope" in result.stdout


def test_serve_starts_and_ends_without_posix(tmp_path: Path) -> None:
    code = """
from threading import Timer
from bot.server import server
enter = server.StopSignals.__enter__
def enter_then_stop(signals):
    enter(signals)
    Timer(0.1, signal.raise_signal, [signal.SIGINT]).start()
server.StopSignals.__enter__ = enter_then_stop
sys.exit(main(['serve']))
"""
    result = run_as_on_windows(tmp_path, code, unused_port())
    assert (result.returncode, result.stderr) == (0, "")
    assert "Open the local workspace at http://127.0.0.1:" in result.stdout
