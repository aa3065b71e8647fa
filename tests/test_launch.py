"""Starting and stopping the dashboard."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from territory import launch
from territory.errors import InputError


class Server:
    """Stands for Streamlit: does nothing until it is stopped, as told."""

    def __init__(self, hangs: bool) -> None:
        self.hangs, self.signals = hangs, [""]

    def wait(self, timeout: float | None = None) -> int:
        """Ctrl+C at first, then the end or none."""
        if self.signals == [""]:
            raise KeyboardInterrupt
        if self.hangs and "kill" not in self.signals:
            raise subprocess.TimeoutExpired("streamlit", timeout or 0)
        return 0

    def terminate(self) -> None:
        self.signals.append("terminate")

    def kill(self) -> None:
        self.signals.append("kill")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize("hangs", [False, True])
def test_ctrl_c_ends_the_server(hangs: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is asked first and made to where it hangs; no traceback either way."""
    server, started = Server(hangs), []

    def popen(command: list[str], cwd: Path) -> Server:
        started.append((command, cwd))
        return server

    monkeypatch.setattr(subprocess, "Popen", popen)
    assert launch.run_app(free_port(), browser=False) == 0
    assert server.signals[1:] == (["terminate", "kill"] if hangs else ["terminate"])
    command, cwd = started[0]
    assert command[:2] == [sys.executable, "-m"] and (cwd / "app.py").is_file()
    assert (cwd / ".streamlit" / "config.toml").is_file()


def test_a_port_in_use_is_named() -> None:
    """Nothing is started; the message says which port and what to do."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = int(other.getsockname()[1])
        with pytest.raises(InputError, match=f"{port} is in use.*--port"):
            launch.run_app(port, browser=False)


@pytest.mark.parametrize("port", [0, -1, 70_000])
def test_no_port_at_all(port: int) -> None:
    """Out of range is bad input, not a crash."""
    with pytest.raises(InputError, match="not a port"):
        launch.run_app(port, browser=False)
