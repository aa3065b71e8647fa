"""Start the dashboard: find the app, run Streamlit on it, open the browser."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
import urllib.request
import webbrowser
from pathlib import Path

from territory.errors import InputError, Problem

__all__ = ["app_folder", "run_app"]

PACKAGE = Path(__file__).resolve().parent


def app_folder() -> Path:
    """The folder with app.py: the checkout this package runs from, else the copy in the wheel."""
    checkout = PACKAGE.parent
    if (checkout / "app.py").is_file() and (checkout / "pyproject.toml").is_file():
        return checkout
    return PACKAGE / "_app"


def run_app(port: int, *, browser: bool = True) -> int:
    """Serve the dashboard on this machine until it is stopped; returns the exit code.

    Raises
    ------
    InputError
        If the port is taken or out of range.
    """
    _check_port(port)
    address = f"http://localhost:{port}"
    command = [sys.executable, "-m", "streamlit", "run", "app.py"]
    command += [f"--server.port={port}", "--server.fileWatcherType=none"]
    # The app's own folder is the working directory, so that Streamlit finds its config there.
    server = subprocess.Popen(command, cwd=app_folder())
    print(f"Territory Workbench: {address}  (Ctrl+C stops it)", file=sys.stderr)
    if browser:
        threading.Thread(target=_open_when_ready, args=(address,), daemon=True).start()
    try:
        return server.wait()
    except KeyboardInterrupt:
        _stop(server)
        return 0


def _stop(server: subprocess.Popen[bytes]) -> None:
    """End the server; one that hangs is ended for it: every change is on disk already."""
    server.terminate()
    try:
        server.wait(timeout=10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _check_port(port: int) -> None:
    import socket

    if not 1 <= port <= 65535:
        raise InputError(Problem(f"--port {port} is not a port", remedy="Use 1024 to 65535"))
    with socket.socket() as probe:
        probe.settimeout(1)
        if probe.connect_ex(("localhost", port)) == 0:
            raise InputError(
                Problem(
                    f"Port {port} is in use, perhaps by a dashboard that is already open",
                    remedy=f"Open http://localhost:{port}, or choose another with --port",
                )
            )


def _open_when_ready(address: str) -> None:
    """Open the browser once the server answers, at most a minute from now."""
    for _ in range(240):
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=1) as answer:
                if answer.status == 200:
                    webbrowser.open(address)
                    return
        except OSError:
            time.sleep(0.25)
