"""The servers that are compared: how each is installed and started, with equal settings as far as each has them."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from contextlib import contextmanager
from pathlib import Path

from . import machine
from .servers import Missing, Server, free_port

#: What the receivers in Python are made of.
FASTAPI = ["fastapi==0.115.6", "uvicorn[standard]==0.34.0", "aiosqlite==0.20.0", "asyncpg==0.30.0"]
HERE = Path(__file__).resolve().parent.parent
PEERS = HERE / "peers"


class Workshop:
    """Where the benchmark builds and writes: a folder for what is kept, and one for this run."""

    def __init__(self, root, folder):
        self.root = Path(root)
        self.kept = self.root / ".build" / "bench"
        self.kept.mkdir(parents=True, exist_ok=True)
        self.folder = Path(folder)
        binaries = self.root / ".build" / "release"
        self.sluice = os.environ.get("SLUICE") or str(binaries / "sluice")
        self.load = str(binaries / "sluice-load")
        self.runs = str(binaries / "runs")
        self.hot_path = str(binaries / "hot-path")

    def written(self, template, name, **values):
        """A file made from a template by putting values in place of @names@."""
        text = (PEERS / template).read_text(encoding="utf-8")
        for key, value in {"folder": self.folder, "status": "${item.status}", **values}.items():
            text = text.replace(f"@{key}@", str(value))
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    @contextmanager
    def disk(self):
        """A folder on a disk, for /tmp may be in memory; everybody may go through it, but not look."""
        with tempfile.TemporaryDirectory(prefix="sluice-bench-", dir="/var/tmp") as name:
            os.chmod(name, 0o711)
            yield Path(name)

    def compiled(self, name):
        """The program of a source file in C, compiled where it is newer."""
        compiler = shutil.which("cc") or shutil.which("clang") or needed("cc")
        binary, source = self.kept / name, PEERS / name / f"{name}.c"
        if not binary.exists() or binary.stat().st_mtime < source.stat().st_mtime:
            subprocess.run([compiler, "-O2", "-Wall", "-o", binary, source], check=True)
        return str(binary)

    def python(self, name, packages):
        """The folder of programs of a virtual environment with packages from PyPI, made once."""
        place = self.kept / name
        mark = place / "packages.txt"
        wanted = "\n".join(packages)
        if not mark.exists() or mark.read_text(encoding="utf-8") != wanted:
            print(f"installing {wanted.replace(chr(10), ' ')} into {place.relative_to(self.root)}", file=sys.stderr)
            shutil.rmtree(place, ignore_errors=True)
            try:
                venv.create(place, with_pip=True)
                subprocess.run([place / "bin" / "pip", "install", "-q", "--disable-pip-version-check", *packages],
                               check=True, capture_output=True, text=True, timeout=600)
            except (subprocess.SubprocessError, OSError) as error:
                raise Missing(f"not installed: PyPI gave no {packages[0]} ({type(error).__name__})") from error
            mark.write_text(wanted, encoding="utf-8")
        return place / "bin"


def needed(program):
    """A program of a Debian package."""
    path = shutil.which(program)
    if not path:
        raise Missing(f"not installed: there is no {program} (make deps-bench)")
    return path


def start_floor(shop, cpus=machine.SERVER_CPU, request_bytes=None):
    """An epoll loop in C that parses nothing."""
    port = free_port()
    request_bytes = request_bytes or request_size(shop, port)
    return Server("floor", [shop.compiled("floor"), str(port), str(request_bytes)], {"port": port},
                  folder=shop.folder, cpus=cpus)


def request_size(shop, port):
    """How many bytes the request of a callback has."""
    return len(subprocess.run([shop.load, "callback", "--url", f"http://127.0.0.1:{port}/done", "--show"],
                              check=True, capture_output=True).stdout)


def start_nginx(shop, cpus=machine.SERVER_CPU):
    """nginx with `return 200`."""
    port = free_port()
    configuration = shop.written("nginx/nginx.conf", "nginx.conf", port=port)
    return Server("nginx", [needed("nginx"), "-p", str(shop.folder), "-c", configuration], {"port": port},
                  folder=shop.folder, cpus=cpus)


def start_h2o(shop, cpus=machine.SERVER_CPU):
    """h2o with a handler in mruby."""
    port = free_port()
    configuration = shop.written("h2o/h2o.conf", "h2o.conf", port=port)
    return Server("h2o", [needed("h2o"), "-m", "worker", "-c", configuration], {"port": port},
                  folder=shop.folder, cpus=cpus)


def start_webhook(shop, cpus=machine.SERVER_CPU):
    """adnanh/webhook with a rule over the payload that no request fulfils, so that no command is run."""
    port = free_port()
    command = [needed("webhook"), "-ip", "127.0.0.1", "-port", str(port), "-urlprefix", "",
               "-hooks", str(PEERS / "webhook" / "hooks.json")]
    return Server("webhook", command, {"port": port}, folder=shop.folder, cpus=cpus,
                  environment={"GOMAXPROCS": "1"})


def start_node(shop, cpus=machine.SERVER_CPU):
    """node's http with JSON.parse and a Map."""
    port = free_port()
    program = shutil.which("node") or needed("nodejs")
    return Server("node", [program, str(PEERS / "node" / "server.js"), str(port)], {"port": port},
                  folder=shop.folder, cpus=cpus)


def start_fastapi(shop, cpus=machine.SERVER_CPU, name="fastapi", environment=None, beside=()):
    """FastAPI under uvicorn, one worker, with its faster loop and parser; `name` is also its folder."""
    programs = shop.python("fastapi", FASTAPI)
    port = free_port()
    command = [str(programs / "uvicorn"), "--app-dir", str(PEERS / name), "app:app", "--port", str(port),
               "--workers", "1", "--no-access-log", "--log-level", "warning"]
    return Server(name, command, {"port": port}, folder=shop.folder, cpus=cpus, environment=environment, beside=beside)


def start_fastapi_sqlite(shop, disk, cpus=machine.SERVER_CPU):
    """FastAPI that keeps each callback in SQLite before it answers."""
    return start_fastapi(shop, cpus, "fastapi-sqlite", {"DATABASE": str(disk / "receiver.db")})


def start_fastapi_postgresql(shop, disk, cpus=machine.SERVER_CPU):
    """FastAPI that keeps each callback in PostgreSQL before it answers; both have the one processor."""
    shop.python("fastapi", FASTAPI)
    database = start_postgresql(shop, disk, cpus)
    return start_fastapi(shop, cpus, "fastapi-postgresql",
                         {"DATABASE": f"postgresql://bench@/postgres?host={disk / 'postgresql'}"}, [database])


def start_postgresql(shop, disk, cpus):
    """PostgreSQL as it is without any setting, on a new folder of its own and a socket in it."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    if not found:
        raise Missing("not installed: there is no PostgreSQL (make deps-bench)")
    programs, folder, owner = found[-1].parent, disk / "postgresql", []
    folder.mkdir()
    if os.geteuid() == 0:
        # It refuses to run as root.
        shutil.chown(folder, "postgres", "postgres")
        owner = [needed("setpriv"), "--reuid=postgres", "--regid=postgres", "--clear-groups"]
    made = subprocess.run([*owner, programs / "initdb", "-D", folder / "data", "-U", "bench", "--auth=trust",
                           "--encoding=UTF8", "--no-locale"], cwd=folder, capture_output=True, text=True, check=False)
    if made.returncode != 0:
        raise Missing(f"PostgreSQL makes no database: {made.stderr.strip()}")
    server = Server("postgresql", [*owner, str(programs / "postgres"), "-D", str(folder / "data"), "-c",
                                   "listen_addresses=", "-c", f"unix_socket_directories={folder}"], {},
                    folder=shop.folder, cpus=cpus)
    deadline = time.monotonic() + 60
    while subprocess.run([programs / "pg_isready", "-q", "-h", folder], check=False).returncode != 0:
        if server.process.poll() is not None or time.monotonic() > deadline:
            server.stop()
            raise Missing(f"PostgreSQL does not come up: {server.last_line()}")
        time.sleep(0.05)
    return server


def start_reference(shop, cpus=machine.SERVER_CPU):
    """The reference implementation; its access log cannot be switched off, so it goes to /dev/null."""
    programs = shop.python("reference", ["model-compose==0.4.120"])
    ports = {"port": free_port(), "controller_port": free_port(), "trigger_port": free_port()}
    configuration = shop.written("model-compose/model-compose.yml", "model-compose.yml", **ports)
    return Server("reference", [str(programs / "model-compose"), "-f", configuration, "up"], ports,
                  folder=shop.folder, cpus=cpus, log="/dev/null")


def start_sluice(shop, cpus=machine.SERVER_CPU, store="memory", threads=1, configuration=None, name="sluice", **values):
    """Sluice: one loop and one worker unless more are asked for."""
    ports = {"port": free_port(), "controller_port": free_port(), "trigger_port": free_port()}
    configuration = configuration or "sluice/sluice.yml"
    path = shop.written(configuration, f"{name.replace(' ', '-')}.yml", store=store, threads=threads, **ports, **values)
    return Server(name, [shop.sluice, "up", "-f", path], ports, folder=shop.folder, cpus=cpus)


#: Name in the tables, who it is, and how it is started.
PEER_LIST = [
    ("floor", "C epoll loop that parses nothing", start_floor),
    ("nginx", "nginx `return 200`", start_nginx),
    ("h2o", "h2o, mruby handler", start_h2o),
    ("webhook", "adnanh/webhook, rule not fulfilled", start_webhook),
    ("node", "node http, JSON.parse, Map", start_node),
    ("fastapi", "FastAPI under uvicorn", start_fastapi),
    ("reference", "model-compose 0.4.120, nobody waits", start_reference),
]
