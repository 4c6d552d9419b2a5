"""nginx and Apache as WebDAV servers, and Apache as an office's proxy: real processes on free ports of loopback, over TLS, with a password.

All serve one folder. Below it, by the beginning of the path: `dav/` is as it should be, `locked/` may be read only, `small/` is a disk of
4 MB (nginx, root only), and nginx has `moved/`, `portal/` and `busy/`, which answer as the world does.
"""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from dsadesk.ports import StoreAccess
from tests.support.servers.certificates import LONG_AGO, Authority
from tests.support.servers.processes import Running, free_port

USER, PASSWORD = "office", "pass-word of a test: ä"
NGINX = "nginx"
APACHE = "apache2"
DAV_EXT = Path("/usr/lib/nginx/modules/ngx_http_dav_ext_module.so")
APACHE_MODULES = Path("/usr/lib/apache2/modules")
IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0

_NGINX_CONF = """
load_module {module};
{user}
daemon off;
master_process off;
worker_processes 1;
pid {root}/nginx.pid;
error_log {root}/error.log;
events {{ worker_connections 256; }}
http {{
  access_log {root}/access.log;
  client_max_body_size 64m;
  client_body_temp_path {root}/temporary;
  proxy_temp_path {root}/t1; fastcgi_temp_path {root}/t2; scgi_temp_path {root}/t3; uwsgi_temp_path {root}/t4;
  keepalive_timeout 65s;
  ssl_protocols TLSv1.2 TLSv1.3;
  ssl_certificate_key {root}/server.key;
  ssl_certificate {root}/server.pem;
  root {root}/data;
  dav_methods PUT DELETE MKCOL;
  dav_ext_methods PROPFIND OPTIONS;
  dav_access user:rw group:r all:r;
  auth_basic "store";
  auth_basic_user_file {root}/passwords;
  server {{
    listen {host}:{port} ssl;
    location / {{ }}
    location /locked/ {{ limit_except GET PROPFIND OPTIONS {{ deny all; }} }}
    location /moved/ {{ return 302 https://elsewhere.invalid$request_uri; }}
    location /portal/ {{ auth_basic off; default_type text/html; return 200 "<html>Welcome. Sign in.</html>"; }}
    location /busy/ {{ add_header Retry-After 30 always; return 503; }}
    location /small/ {{ client_body_temp_path {root}/data/small/temporary; }}
  }}
  server {{
    listen 127.0.0.1:{expired_port} ssl;
    ssl_certificate {root}/expired.pem;
    ssl_certificate_key {root}/expired.key;
    location / {{ }}
  }}
}}
"""

_APACHE_CONF = """
ServerRoot {root}
ServerName localhost
PidFile {root}/apache.pid
DefaultRuntimeDir {root}
Mutex file:{root} default
ErrorLog {root}/error.log
LogLevel warn
{modules}
{user}
Listen 127.0.0.1:{port}
Listen 127.0.0.1:{proxy_port}
DocumentRoot {root}/data
DavLockDB {root}/locks
KeepAliveTimeout 65
<VirtualHost 127.0.0.1:{port}>
  SSLEngine on
  SSLCertificateFile {root}/server.pem
  SSLCertificateKeyFile {root}/server.key
  <Directory {root}/data>
    Dav On
    AuthType Basic
    AuthName store
    AuthUserFile {root}/passwords
    Require valid-user
  </Directory>
  <Directory {root}/data/locked>
    <LimitExcept GET PROPFIND OPTIONS>
      Require all denied
    </LimitExcept>
  </Directory>
</VirtualHost>
<VirtualHost 127.0.0.1:{proxy_port}>
  ProxyRequests On
  AllowCONNECT 1-65535
  <Proxy *>
    AuthType Basic
    AuthName proxy
    AuthUserFile {root}/passwords
    Require valid-user
  </Proxy>
</VirtualHost>
"""
_APACHE_LOADED = (
    "mpm_event", "authn_core", "authn_file", "authz_core", "authz_user", "auth_basic", "dav", "dav_fs", "dav_lock", "dir",
    "mime", "autoindex", "socache_shmcb", "ssl", "proxy", "proxy_connect",
)  # fmt: skip


@dataclass
class WebServer:
    """A running server: where it is, what lies in it, and how to get in."""

    name: str
    root: Path
    port: int
    other_port: int
    authority: Authority
    process: Running
    host: str = "localhost"

    def url(self, folder: str) -> str:
        """The address of a folder below the server's root, without a slash at its ends."""
        return f"https://{self.host}:{self.port}/{folder}"

    def fresh(self, stem: str = "dav") -> str:
        """A new empty folder below the server's root; its name."""
        made = Path(tempfile.mkdtemp(dir=self.root / "data" / stem))
        made.chmod(0o777)
        return f"{stem}/{made.name}"

    def path(self, folder: str) -> Path:
        """Where a folder of the server lies on the disk."""
        return self.root / "data" / folder

    @property
    def access(self) -> StoreAccess:
        """What lets one in."""
        return StoreAccess(user=USER, secret=PASSWORD, authority=self.authority.pem)

    @property
    def proxy(self) -> str:
        """The proxy that runs beside Apache, with its password."""
        return f"http://{USER}:{PASSWORD.replace(' ', '%20').replace(':', '%3A').replace('ä', '%C3%A4')}@127.0.0.1:{self.other_port}"


@contextmanager
def nginx(host: str = "") -> Iterator[WebServer | str]:
    """A running nginx, on loopback or at another address of this machine, or what is missing for one."""
    if shutil.which(NGINX) is None or not DAV_EXT.exists():
        yield "nginx with its dav-ext module is not installed"
        return
    with _root("nginx") as root:
        port, expired_port = free_port(), free_port()
        small = _small_disk(root / "data/small")
        (root / "data/small/temporary").mkdir(parents=True, exist_ok=True)
        authority = _secrets(root, host or "localhost")
        conf = _NGINX_CONF.format(
            module=DAV_EXT,
            root=root,
            host=host or "127.0.0.1",
            port=port,
            expired_port=expired_port,
            user="user root;" if IS_ROOT else "",
        )
        (root / "nginx.conf").write_text(conf)
        process = Running([NGINX, "-e", root / "error.log", "-p", root, "-c", root / "nginx.conf"], root / "log")
        try:
            process.start()
            process.wait_for_port(port, host=host or "127.0.0.1")
            yield WebServer("nginx", root, port, expired_port, authority, process, host or "localhost")
        finally:
            process.stop()
            if small:
                subprocess.run(["umount", root / "data/small"], check=True)


@contextmanager
def apache() -> Iterator[WebServer | str]:
    """A running Apache, or what is missing for one."""
    lacking = [m for m in _APACHE_LOADED if not (APACHE_MODULES / f"mod_{m}.so").exists()]
    if shutil.which(APACHE) is None or lacking:
        yield "Apache with mod_dav and mod_proxy is not installed"
        return
    with _root("apache") as root:
        port, proxy_port = free_port(), free_port()
        authority = _secrets(root)
        conf = _APACHE_CONF.format(
            root=root,
            port=port,
            proxy_port=proxy_port,
            user="User www-data\nGroup www-data" if IS_ROOT else "",
            modules="\n".join(f"LoadModule {m}_module {APACHE_MODULES}/mod_{m}.so" for m in _APACHE_LOADED)
            + "\nTypesConfig /dev/null",
        )
        (root / "apache.conf").write_text(conf)
        if IS_ROOT:
            for path in (root, *root.rglob("*")):
                shutil.chown(path, "www-data", "www-data")
        process = Running([APACHE, "-f", root / "apache.conf", "-DFOREGROUND"], root / "log")
        try:
            process.start()
            process.wait_for_port(port)
            yield WebServer("apache", root, port, proxy_port, authority, process)
        finally:
            process.stop()


@contextmanager
def _root(name: str) -> Iterator[Path]:
    # Not below pytest's own folder, which only its owner may enter: Apache runs as somebody else.
    root = Path(tempfile.mkdtemp(prefix=f"dsadesk-{name}-"))
    root.chmod(0o755)
    try:
        for folder in ("data/dav", "data/locked", "data/small", "data/moved", "temporary"):
            (root / folder).mkdir(parents=True)
        yield root
    finally:
        shutil.rmtree(root)


def _secrets(root: Path, host: str = "localhost") -> Authority:
    authority = Authority.new()
    authority.issue(root, "server", host=host)
    authority.issue(root, "expired", start=LONG_AGO, days=timedelta(days=30).days)
    digest = base64.b64encode(hashlib.sha1(PASSWORD.encode(), usedforsecurity=False).digest()).decode()
    (root / "passwords").write_text(f"{USER}:{{SHA}}{digest}\n")
    return authority


def _small_disk(folder: Path) -> bool:
    if not IS_ROOT or shutil.which("mount") is None:
        return False
    command = ["mount", "-t", "tmpfs", "-o", "size=4m,mode=0777", "tmpfs", folder]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0
