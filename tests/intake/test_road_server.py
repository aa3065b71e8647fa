"""Road times from a server: a fake one on this machine, and everything that can go wrong."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

import numpy as np
import pytest

from territory.errors import Cancelled, InputError
from territory.intake import road_server
from territory.intake.road_server import checked_address, fetch_times, ways_to_ask
from territory.model import Travel, Units
from tests.conftest import chessboard

Answer = Callable[[BaseHTTPRequestHandler, str], tuple[int, object]]


class Fake(ThreadingHTTPServer):
    """Answers by a function, and remembers what it was asked."""

    def __init__(self, answer: Answer) -> None:
        self.asked: list[str] = []
        super().__init__(("127.0.0.1", 0), self._handler(answer))
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    def handle_error(self, *args: object) -> None:
        """Whoever asked has gone: nothing to say."""

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_port}"

    def _handler(self, answer: Answer) -> type[BaseHTTPRequestHandler]:
        asked = self.asked

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                size = int(self.headers.get("content-length", 0))
                body = self.rfile.read(size).decode()
                asked.append(f"{self.path} {body}".strip())
                status, content = answer(self, body)
                self.send_response(status)
                if status in (301, 302):
                    self.send_header("location", str(content))
                self.send_header("content-type", "application/json")
                self.end_headers()
                text = content if isinstance(content, str) else json.dumps(content)
                self.wfile.write(text.encode())

            do_POST = do_GET

            def log_message(self, *args: object) -> None:
                """Say nothing."""

        return Handler


def osrm(handler: BaseHTTPRequestHandler, body: str) -> tuple[int, object]:
    """Ten minutes to the first destination, twenty to the second, …"""
    count = len(parse_qs(urlsplit(handler.path).query)["destinations"][0].split(";"))
    return 200, {"code": "Ok", "durations": [[600.0 * (i + 1) for i in range(count)]]}


def valhalla(handler: BaseHTTPRequestHandler, body: str) -> tuple[int, object]:
    """The same in Valhalla's words; the last way has no road."""
    count = len(json.loads(body)["targets"])
    row: list[dict[str, object]] = [{"time": 600 * (i + 1), "distance": 5.0} for i in range(count)]
    row[-1] = {"time": None, "distance": None}
    return 200, {"sources_to_targets": [row]}


@pytest.fixture
def serve() -> Iterator[Callable[[Answer], Fake]]:
    """Start fake servers; all are closed."""
    running: list[Fake] = []

    def start(answer: Answer) -> Fake:
        running.append(Fake(answer))
        return running[-1]

    yield start
    for server in running:
        server.shutdown()
        server.server_close()


WAYS = [(0, np.array([1, 2, 5]))]


def test_osrm_is_asked_for_minutes(board: Units, serve: Callable[[Answer], Fake]) -> None:
    """From home to three units, in one request that holds points and nothing else."""
    server = serve(osrm)
    times = fetch_times(board, WAYS, Travel(server=f"{server.url}/"))
    assert times.frame.to_dict("list") == {
        "from_id": ["00"] * 3,
        "to_id": ["01", "02", "05"],
        "minutes": [10.0, 20.0, 30.0],
    }
    assert "3 travel times" in times.frame.attrs["notes"][0]
    (request,) = server.asked
    place, query = request.split("?")
    points = [f"{lon:.6f},{lat:.6f}" for lon, lat in board.lonlat[[0, 1, 2, 5]]]
    assert unquote(place) == f"/table/v1/driving/{';'.join(points)}"
    assert parse_qs(query) == {
        "annotations": ["duration"],
        "sources": ["0"],
        "destinations": ["1;2;3"],
    }


def test_valhalla_is_asked_in_its_own_words(board: Units, serve: Callable[[Answer], Fake]) -> None:
    """A way without a road is left out, and counted."""
    server = serve(valhalla)
    times = fetch_times(board, WAYS, Travel(server=server.url, server_kind="valhalla"))
    assert times.frame["minutes"].tolist() == [10.0, 20.0]
    assert "for 1 ways it knows no road" in times.frame.attrs["notes"][0]
    assert server.asked[0].startswith("/sources_to_targets")


def test_many_ends_are_asked_for_in_pieces(serve: Callable[[Answer], Fake]) -> None:
    """150 ends are two requests; progress counts them."""
    units, server = chessboard(13, 12), serve(osrm)
    seen: list[tuple[int, int]] = []
    ways = [(0, np.arange(1, 151))]
    times = fetch_times(
        units, ways, Travel(server=server.url), progress=lambda *step: seen.append(step)
    )
    assert len(times) == 150 and seen == [(0, 2), (1, 2)]


@pytest.mark.parametrize(
    "answer",
    [
        (404, {"code": "NotFound"}),
        (500, {"code": "Broken"}),
        (200, "<html>hello</html>"),
        (200, {"code": "Ok"}),
        (200, {"durations": [[1.0]]}),
        (200, {"durations": [["soon", 1, 2]]}),
        (200, {"durations": "no"}),
    ],
)
def test_a_broken_answer_is_one_sentence(
    board: Units, serve: Callable[[Answer], Fake], answer: tuple[int, object], monkeypatch
) -> None:
    """Whatever comes back: what is wrong and what to look at, with the host's name."""
    monkeypatch.setattr(road_server, "SECONDS", 1)
    server = serve(lambda handler, body: answer)
    with pytest.raises(InputError, match="gave no travel times") as fault:
        fetch_times(board, WAYS, Travel(server=server.url))
    assert "127.0.0.1" in str(fault.value) and "Remedy" in str(fault.value)


def test_it_is_never_led_to_another_host(board: Units, serve: Callable[[Answer], Fake]) -> None:
    """A redirect is a fault; the other server hears nothing."""
    other = serve(osrm)
    server = serve(lambda handler, body: (302, f"{other.url}{handler.path}"))
    with pytest.raises(InputError, match="gave no travel times"):
        fetch_times(board, WAYS, Travel(server=server.url))
    assert other.asked == []


def test_a_slow_server_is_given_up(
    board: Units, serve: Callable[[Answer], Fake], monkeypatch
) -> None:
    """No answer in time."""
    monkeypatch.setattr(road_server, "SECONDS", 0.3)

    def sleepy(handler: BaseHTTPRequestHandler, body: str) -> tuple[int, object]:
        time.sleep(1.0)
        return osrm(handler, body)

    with pytest.raises(InputError, match="gave no travel times"):
        fetch_times(board, WAYS, Travel(server=serve(sleepy).url))


def test_nobody_listens(board: Units, serve: Callable[[Answer], Fake]) -> None:
    """A closed port."""
    server = serve(osrm)
    server.shutdown()
    server.server_close()
    with pytest.raises(InputError, match="gave no travel times"):
        fetch_times(board, WAYS, Travel(server=server.url))


def test_no_roads_at_all(board: Units, serve: Callable[[Answer], Fake]) -> None:
    """A server of another continent."""
    nowhere = serve(lambda handler, body: (200, {"durations": [[None, None, float("nan")]]}))
    with pytest.raises(InputError, match="knows no road"):
        fetch_times(board, WAYS, Travel(server=nowhere.url))


def test_it_can_be_stopped(board: Units, serve: Callable[[Answer], Fake]) -> None:
    """Before the first request."""
    server = serve(osrm)
    with pytest.raises(Cancelled):
        fetch_times(board, WAYS, Travel(server=server.url), cancel=lambda: True)
    assert server.asked == []


@pytest.mark.parametrize(
    "address",
    ["", "localhost:5000", "file:///etc/passwd", "ftp://x", "http://", "http://a b", "http://x:99999",
     "http://user:secret@x", "http://x/?q=1", "javascript:alert(1)"],
)  # fmt: skip
def test_what_is_no_address_is_never_asked(board: Units, address: str) -> None:
    """Refused before any request."""
    with pytest.raises(InputError):
        fetch_times(board, WAYS, Travel(server=address))


def test_an_address_loses_its_slash() -> None:
    """As routers want it."""
    assert (
        checked_address(" https://roads.example:8002/osrm/ ") == "https://roads.example:8002/osrm"
    )


def test_ways_are_those_of_a_territory_and_the_nearest(monkeypatch) -> None:
    """One home, its territory at the other end, its neighbours; an unknown home asks nothing."""
    units = chessboard(1, 12)
    monkeypatch.setattr(road_server, "NEAREST", 2)
    alignment = np.array([0] * 6 + [1] * 4 + [0] * 2)
    (way,) = ways_to_ask(units, np.array([0, -1]), alignment)
    assert way[0] == 0 and way[1].tolist() == [1, 2, 3, 4, 5, 10, 11]
    monkeypatch.setattr(road_server, "MOST", 3)
    with pytest.raises(InputError, match="7 ways"):
        ways_to_ask(units, np.array([0]), alignment)
