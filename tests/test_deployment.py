"""What is shipped to serve many is what is tested: the container's command, behind the proxy."""

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
import yaml
from tornado.httpclient import HTTPClientError

from tests.support.pipeline import PROJECT
from tests.support.serving import (
    SHIPPED,
    dockerfile_list,
    fetch,
    free_port,
    running,
    shipped_command,
)
from tests.support.visitor import Visitor

NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
needs_nginx = pytest.mark.skipif(
    NGINX is None and "REVOPS_REQUIRE_NGINX" not in os.environ,
    reason="no nginx on this machine (on Debian: apt-get install nginx)",
)
PASSWORD = "correct horse"
OUTSIDE = "http://localhost:8080"


@dataclass(frozen=True)
class Site:
    """A served dashboard: its address, its log, and the pointer it reads."""

    address: str
    log: Path
    warehouse: Path

    def lines(self) -> list[dict[str, object]]:
        """What it logged."""
        told = self.log.read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in told if line.startswith("{")]


@pytest.fixture(scope="module")
def site(sample_warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    (folder / "cookie_secret").write_text("c" * 64)
    (folder / "users").write_text(json.dumps({"ana": PASSWORD}))
    pointer = folder / "revops.duckdb"
    pointer.symlink_to(sample_warehouse.resolve())
    files = {
        "/warehouse/revops.duckdb": pointer,
        "/run/secrets/cookie_secret": folder / "cookie_secret",
        "/run/secrets/users": folder / "users",
    }
    port = free_port()
    command = [*shipped_command(files), "--port", str(port)]
    address = f"http://localhost:{port}/revops/"
    with running(command, f"{address}healthz", folder / "log"):
        yield Site(address, folder / "log", pointer)


def log_in(address: str, password: str = PASSWORD) -> dict[str, str]:
    """The headers of somebody who logged in, or none."""
    form = urlencode({"username": "ana", "password": password}).encode()
    answer = fetch(f"{address}login", form=form)
    given = answer.headers.get_all("Set-Cookie") or []  # type: ignore[attr-defined]
    pairs = [one.split(";")[0] for one in given]
    kept = [pair for pair in pairs if not pair.endswith(('=""', "="))]
    return {"Cookie": "; ".join(kept)} if any(pair.startswith("user=") for pair in kept) else {}


async def glance(address: str, headers: dict[str, str], origin: str) -> str:
    """Open the page as a browser does, and return its first cards."""
    visitor = await Visitor.come(address, headers, origin)
    try:
        return await asyncio.wait_for(visitor.see("kpi-value"), 60)
    finally:
        visitor.leave()


@pytest.mark.slow
def test_machines_learn_how_it_is_without_a_login(site: Site) -> None:
    assert fetch(f"{site.address}healthz").text == '{"alive": true}'
    ready = fetch(f"{site.address}readyz")
    assert ready.status == 200
    assert json.loads(ready.text)["ready"] is True
    metrics = fetch(f"{site.address}metrics")
    assert metrics.headers["Content-Type"].startswith("text/plain")
    # each process drew a page before its first visitor
    assert 'revops_queries_total{outcome="answered"}' in metrics.text


@pytest.mark.slow
def test_it_is_not_ready_without_a_warehouse_and_then_again(site: Site) -> None:
    aside = site.warehouse.with_name("aside")
    site.warehouse.rename(aside)
    try:
        answer = fetch(f"{site.address}readyz")
        assert answer.status == 503
        assert "no warehouse" in json.loads(answer.text)["what"].lower()
        assert fetch(f"{site.address}healthz").status == 200
    finally:
        aside.rename(site.warehouse)
    assert fetch(f"{site.address}readyz").status == 200


@pytest.mark.slow
def test_nobody_comes_in_without_a_password(site: Site) -> None:
    answer = fetch(f"{site.address}?segments=SMB")
    assert answer.status == 302
    assert answer.headers["Location"].startswith("./login?next=")
    page = fetch(f"{site.address}login")
    assert 'name="password"' in page.text
    assert not re.search(r"(?:src|href)=\"https?://", page.text), "asks another host"
    assert log_in(site.address, "wrong") == {}
    with pytest.raises(HTTPClientError, match="302"):
        asyncio.run(glance(site.address, {"Cookie": "user=forged"}, OUTSIDE))


@pytest.mark.slow
def test_a_page_of_a_foreign_origin_is_refused_and_ours_is_not(site: Site) -> None:
    known = log_in(site.address)
    with pytest.raises(HTTPClientError, match="403"):
        asyncio.run(glance(site.address, known, "https://evil.example.com"))
    assert "kpi-value" in asyncio.run(glance(site.address, known, OUTSIDE))


@pytest.mark.slow
def test_pages_are_logged_by_name_and_counted_over_all_processes(site: Site) -> None:
    before = opened(site)
    known = log_in(site.address)
    for _ in range(3):
        asyncio.run(glance(site.address, known, OUTSIDE))
    # the process that sends the page and the one that gets its websocket may be two
    assert before + 3 <= opened(site) <= before + 6
    told = [line for line in site.lines() if line["message"] == "session opened"]
    assert all(re.fullmatch("[0-9a-f]{12}", str(line["session_id"])) for line in told)
    assert len({line["process"] for line in site.lines()}) > 1
    assert "Traceback" not in site.log.read_text(encoding="utf-8")


def opened(site: Site) -> int:
    told = fetch(f"{site.address}metrics").text
    found = re.search(r"^revops_sessions_opened_total (\d+)", told, re.M)
    return int(found[1]) if found else 0


@pytest.mark.slow
def test_the_containers_own_check_passes(site: Site) -> None:
    words = dockerfile_list("HEALTHCHECK")
    port = site.address.split(":")[2].split("/")[0]
    script = words[2].replace(":5006/", f":{port}/")
    assert script != words[2]
    subprocess.run([sys.executable, words[1], script], check=True)


@pytest.mark.slow
@needs_nginx
def test_the_proxy_leads_to_the_page_and_hides_what_is_for_machines(
    site: Site, tmp_path: Path
) -> None:
    port = free_port()
    address = f"http://localhost:{port}/revops/"
    with running(nginx(tmp_path, site.address, port), address, tmp_path / "log"):
        assert fetch(f"http://localhost:{port}/").headers["Location"] == "/revops/"
        for name in ("healthz", "readyz", "metrics"):
            assert fetch(f"{address}{name}").status == 404
        known = log_in(address)
        assert "kpi-value" in asyncio.run(glance(address, known, OUTSIDE))
        packed = fetch(address, {**known, "Accept-Encoding": "gzip"})
        assert packed.headers["Content-Encoding"] == "gzip"
        cookie = fetch(f"{address}login", {"X-Forwarded-Proto": "https"}).headers["Set-Cookie"]
        assert "secure" in cookie.lower()
        assert "samesite=lax" in cookie.lower()


@needs_nginx
def test_the_proxys_configuration_is_one(tmp_path: Path) -> None:
    command = nginx(tmp_path, "http://localhost:5006/", free_port())
    done = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "warn" not in done.stderr


def nginx(folder: Path, behind: str, port: int) -> list[str]:
    """The shipped proxy, listening and asking on this machine's ports."""
    text = (SHIPPED / "nginx.conf").read_text(encoding="utf-8")
    upstream = behind.removeprefix("http://").split("/")[0].replace("localhost", "127.0.0.1")
    for old, new in (
        ("server dashboard:5006;", f"server {upstream};"),
        ("listen 8080;", f"listen {port};"),
        (" /tmp/", f" {folder}/"),
    ):
        assert old in text
        text = text.replace(old, new)
    (folder / "nginx.conf").write_text(text, encoding="utf-8")
    assert NGINX is not None, "nginx is missing"
    settings = "daemon off;" + (" user root;" if os.getuid() == 0 else "")
    return [NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-g", settings]


def test_the_container_is_nobodys_and_only_reads() -> None:
    services = yaml.safe_load((SHIPPED / "compose.yaml").read_text())["services"]
    for name, service in services.items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert int(service["user"].split(":")[0]) > 0, name
    assert "../../warehouse:/warehouse:ro" in services["dashboard"]["volumes"]
    assert "ports" not in services["dashboard"]
    users = re.findall(r"^USER (\d+)", (SHIPPED / "Dockerfile").read_text(), re.M)
    assert [int(user) > 0 for user in users] == [True]


def test_the_image_has_the_versions_that_are_tested() -> None:
    whole = (PROJECT / "requirements.lock").read_text(encoding="utf-8")
    pins = re.compile(r"^[\w.\-\[\]]+==[^ ;\\]+", re.M)
    image = pins.findall((SHIPPED / "requirements.lock").read_text(encoding="utf-8"))
    assert set(image) <= set(pins.findall(whole)), "run `make lock`"
    names = {pin.split("==")[0] for pin in image}
    assert {"duckdb", "panel", "prometheus-client"} <= names
    assert not {"pytest", "playwright", "ruff"} & names


@pytest.mark.slow
def test_oauth_leads_to_its_provider_and_back_to_the_login(site: Site, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("c" * 64)
    port = free_port()
    given = {
        "PANEL_OAUTH_KEY": "our-key",
        "PANEL_OAUTH_SECRET": "our-secret",
        "PANEL_OAUTH_REDIRECT_URI": "https://dash.example.com/revops/login",
    }
    options = ["--warehouse", str(site.warehouse), "--port", str(port), "--prefix", "/revops"]
    login = ["--cookie-secret-file", str(tmp_path / "secret"), "--oauth-provider", "github"]
    command = [sys.executable, "-m", "dashboard", "--production", *options, *login]
    address = f"http://localhost:{port}/revops/"
    origin = ["--allow-origin", "dash.example.com"]
    with running([*command, *origin], f"{address}healthz", tmp_path / "log", given):
        assert fetch(address).headers["Location"].startswith("./login")
        asked = urlsplit(fetch(f"{address}login").headers["Location"])
    assert asked.netloc == "github.com"
    wanted = dict(parse_qsl(asked.query))
    assert wanted["client_id"] == "our-key"
    assert wanted["redirect_uri"] == given["PANEL_OAUTH_REDIRECT_URI"]
    assert "our-secret" not in asked.query


@pytest.mark.slow
def test_it_ends_in_order_when_it_is_told_to(site: Site, tmp_path: Path) -> None:
    port = free_port()
    options = ["--warehouse", str(site.warehouse), "--port", str(port), "--num-procs", "2"]
    command = [sys.executable, "-m", "dashboard", *options]
    with running(command, f"http://localhost:{port}/healthz", tmp_path / "log") as server:
        children = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(server.pid)],
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split()
    assert len(children) == 2
    deadline = time.monotonic() + 60
    while any(Path(f"/proc/{child}").exists() for child in children):
        assert time.monotonic() < deadline, "a process outlived its parent"
        time.sleep(0.2)
    told = (tmp_path / "log").read_text(encoding="utf-8")
    assert "Traceback" not in told
    assert "leaked" not in told
