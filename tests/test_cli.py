"""The command line as scripts see it: stdout, stderr, exit codes, files."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from shapely import box

from territory.metrics import METRICS
from tests.pages.test_data import PLAN, TEAM, boxes

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "data" / "sample" / "units.parquet"


def territory(*arguments: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "territory.cli", *map(str, arguments)],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=300,
    )


def answer(*arguments: object, cwd: Path | None = None) -> dict[str, object]:
    """The JSON a command prints; nothing else may be on stdout."""
    done = territory(*arguments, "--json", cwd=cwd)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def refused(*arguments: object, cwd: Path | None = None) -> str:
    """What a command says about bad input: exit 2, no traceback, silent stdout."""
    done = territory(*arguments, cwd=cwd)
    assert done.returncode == 2, (done.stdout, done.stderr)
    assert "Traceback" not in done.stderr and done.stdout == ""
    return done.stderr


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Six squares, two reps, an alignment."""
    (tmp_path / "squares.geojson").write_bytes(boxes())
    (tmp_path / "team.csv").write_bytes(TEAM)
    (tmp_path / "plan.csv").write_bytes(PLAN)
    return tmp_path


@pytest.mark.slow
def test_propose_on_the_sample_meets_five_percent(tmp_path: Path) -> None:
    """24 contiguous territories within ±5 %, written as CSV and Excel, and every key there."""
    plan, book = tmp_path / "plan.csv", tmp_path / "plan.xlsx"
    arguments = ["--territories", 24, "--measure", "potential", "--tolerance", 0.05, "--seed", 1]
    figures = answer("propose", SAMPLE, *arguments, "--out", plan, "--out", book)
    assert figures["within_tolerance"] is True and figures["noncontiguous"] == 0
    assert figures["max_deviation"]["potential"] <= 0.05  # type: ignore[index]
    assert figures["measures"] == {"potential": 1.0} and figures["stopped_by"] == "done"
    documented = "units territories measures tolerance max_deviation within_tolerance "
    documented += "noncontiguous unassigned rms_radius_km cut_edges polsby_popper_mean disruption "
    documented += "bound seconds seed stopped_by infeasible seconds_read seconds_adjacency "
    assert set(figures) == {*documented.split(), "seconds_total"}
    table = pd.read_csv(plan, dtype=str, keep_default_na=False)
    assert list(table.columns) == ["unit_id", "territory_id"] and len(table) == 1846
    assert table["unit_id"].str.len().eq(5).all() and table["territory_id"].nunique() == 24
    assert book.read_bytes()[:2] == b"PK"


@pytest.mark.slow
def test_same_seed_same_file(tmp_path: Path) -> None:
    """Byte for byte; another seed gives another plan."""
    for name, seed in (("a", 7), ("b", 7), ("c", 8)):
        answer(
            "propose", SAMPLE, "--territories", 6, "--seed", seed, "--out", tmp_path / f"{name}.csv"
        )
    a, b, c = ((tmp_path / f"{name}.csv").read_bytes() for name in "abc")
    assert a == b != c


@pytest.mark.slow
def test_propose_for_a_team_near_the_present_plan(files: Path) -> None:
    """Territories are the reps, and no more than the cap changes hands."""
    out = files / "new.csv"
    arguments = ["--team", "team.csv", "--current", "plan.csv", "--max-disruption", 0.2]
    answer("propose", "squares.geojson", *arguments, "--tolerance", 0.4, "--out", out, cwd=files)
    new = pd.read_csv(out, dtype=str).set_index("unit_id")["territory_id"]
    old = pd.read_csv(files / "plan.csv", dtype=str, keep_default_na=False)
    before = old.set_index("unit_id")["territory_id"]
    assert set(new) <= {"R1", "R2"}
    assert ((new != before) & (before != "")).sum() <= 1


def test_as_many_territories_as_the_work_fills(files: Path) -> None:
    """240 hours and 100 a rep: three territories."""
    hours = "unit_id,workload_hours\n" + "".join(f"0100{i},40\n" for i in range(6))
    (files / "hours.csv").write_text(hours)
    arguments = ["--attributes", "hours.csv", "--territories", "auto", "--capacity", 100]
    figures = answer("propose", "squares.geojson", *arguments, "--tolerance", 0.5, cwd=files)
    assert figures["territories"] == 3


def test_the_bound_is_told(files: Path) -> None:
    """How far the plan is from the best possible, in JSON and in words; not where not wanted."""
    arguments = ["propose", files / "squares.geojson", "--territories", 2]
    bound = answer(*arguments)["bound"]
    assert bound["kind"] == "free centres" and bound["gap"] >= 0  # type: ignore[index]
    assert bound["plan"] == pytest.approx(bound["value"] * (1 + bound["gap"]))  # type: ignore[index]
    assert "No connected plan within ±5 % of potential" in territory(*arguments).stdout
    assert answer(*arguments, "--no-bound")["bound"] is None


def test_evaluate_against_a_baseline(files: Path) -> None:
    """Deviations and disruption as shares, an unassigned unit counted."""
    (files / "new.csv").write_bytes(PLAN.replace(b"01002,R2", b"01002,R1"))
    arguments = ["--plan", "new.csv", "--baseline", "plan.csv", "--measure", "potential"]
    figures = answer("evaluate", "squares.geojson", *arguments, cwd=files)
    assert figures["unassigned"] == 1 and figures["territories"] == 2
    assert figures["disruption"] == {"potential": pytest.approx(1 / 6)}
    assert figures["max_deviation"] == {"potential": pytest.approx(2 / 3)}
    every = figures["metrics"]
    assert isinstance(every, dict) and set(every) == {metric.name for metric in METRICS}
    assert every["unassigned"] == 1 and every["potential_spread"] == pytest.approx(0.6)
    assert every["penetration"] is None


def test_evaluate_in_words(files: Path) -> None:
    """Without --json a person reads a sentence."""
    done = territory("evaluate", "squares.geojson", "--plan", "plan.csv", cwd=files)
    assert done.returncode == 0
    assert "2 territories over 6 units" in done.stdout and "1 units unassigned" in done.stdout


def test_check_lists_problems_and_exits_0(files: Path) -> None:
    """A row that can't be used is a finding, not a failure."""
    figures = answer("check", "squares.geojson", "--team", "team.csv", cwd=files)
    assert figures["usable_rows"] == 6 and figures["problems"] == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ((b"01003,R1", b"01009,R1"), ["plan.csv", "row 5", "01009"]),
        ((b"01003,R1", b"01002,R1"), ["plan.csv", "row 5", "01002"]),
        ((b"unit_id,", b"area,"), ["plan.csv", "unit"]),
    ],
    ids=["unknown unit", "doubled unit", "no id column"],
)
def test_a_bad_plan_is_named(files: Path, change: tuple[bytes, bytes], expected: list[str]) -> None:
    """File, row and value in one message."""
    (files / "plan.csv").write_bytes(PLAN.replace(*change))
    message = refused("evaluate", "squares.geojson", "--plan", "plan.csv", cwd=files)
    assert all(word in message for word in expected)


@pytest.mark.parametrize("value", ["abc", None, -1.0], ids=["text", "missing", "negative"])
def test_a_bad_measure_is_named(files: Path, value: object) -> None:
    """Row 4 of the boundaries has no usable potential."""
    (files / "squares.geojson").write_bytes(boxes(value))
    arguments = ["--territories", 2, "--measure", "potential"]
    message = refused("propose", "squares.geojson", *arguments, cwd=files)
    assert all(word in message for word in ["squares.geojson", "row 4", "potential", "Remedy"])


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["propose", "squares.geojson"], "--territories"),
        (["propose", "squares.geojson", "--territories", 2, "--team", "team.csv"], "exactly one"),
        (["propose", "squares.geojson", "--territories", 7], "7"),
        (["propose", "squares.geojson", "--territories", "many"], "no whole number"),
        (["propose", "squares.geojson", "--territories", "auto"], "--capacity"),
        (["propose", "squares.geojson", "--territories", 2, "--capacity", 9], "go together"),
        (
            ["propose", "squares.geojson", "--territories", "auto", "--capacity", 9],
            "workload_hours",
        ),
        (["propose", "squares.geojson", "--territories", 2, "--tolerance", 5], "--tolerance"),
        (["propose", "squares.geojson", "--territories", 2, "--measure", "a=x"], "--measure"),
        (["propose", "squares.geojson", "--territories", 2, "--measure", "wealth"], "wealth"),
        (["propose", "squares.geojson", "--territories", 2, "--max-disruption", 0.1], "--current"),
        (["propose", "squares.geojson", "--territories", 2, "--out", "plan.doc"], ".doc"),
        (["propose", "nowhere.geojson", "--territories", 2], "nowhere.geojson"),
        (["propose", "squares.geojson", "--team", "team.csv", "--homes"], "home"),
        (["evaluate", "team.csv", "--plan", "plan.csv"], "team.csv"),
        (["propose", "squares.geojson", "--territories", 2, "--id-column", "zap"], "zap"),
    ],
)
def test_bad_arguments_are_refused_in_words(
    files: Path, arguments: list[object], word: str
) -> None:
    """Exit 2, and the message names what to change."""
    assert word in refused(*arguments, cwd=files)


def test_help_is_quick_and_names_every_command() -> None:
    """No heavy import stands between a user and the help."""
    done = territory("--help")
    assert done.returncode == 0
    for command in ("app", "check", "propose", "evaluate", "warmup"):
        assert command in done.stdout


def test_the_default_measure_is_checked_too(files: Path) -> None:
    """Nobody named potential, but it is what the plan would be balanced on."""
    (files / "squares.geojson").write_bytes(boxes("abc"))
    message = refused("propose", "squares.geojson", "--territories", 2, cwd=files)
    assert "row 4" in message and "potential" in message
    answer("propose", "squares.geojson", "--territories", 2, "--measure", "units", cwd=files)


@pytest.mark.slow
def test_locked_accounts_count_with_their_rep(files: Path) -> None:
    """Ann should have 7.5 of 30: one square of 5, and the 2.5 of an account that she keeps."""
    (files / "accounts.csv").write_text("account_id,unit_id,potential,owner\nA1,01002,2.5,R1\n")
    (files / "locks.csv").write_text("account_id\nA1\n")
    asked = ["propose", "squares.geojson", "--team", "team.csv", "--accounts", "accounts.csv"]
    asked += ["--tolerance", 0.01]
    assert answer(*asked, cwd=files)["within_tolerance"] is False
    kept = answer(*asked, "--locks", "locks.csv", "--out", "plan.csv", cwd=files)
    assert kept["within_tolerance"] is True and kept["max_deviation"] == {"potential": 0.0}
    plan = pd.read_csv(files / "plan.csv", dtype=str).set_index("unit_id")["territory_id"]
    assert (plan == "R1").sum() == 1 and plan["01002"] == "R2"
    (files / "locks.csv").write_text("account_id\nA9\n")
    assert "A9" in refused(*asked, "--locks", "locks.csv", cwd=files)
    bare = ["propose", "squares.geojson", "--team", "team.csv", "--locks", "locks.csv"]
    assert "--accounts" in refused(*bare, cwd=files)


def rules_case(folder: Path) -> None:
    """A board of 4 × 6 squares in two counties, its plan in columns, and three reps."""
    squares = [box(x / 10, y / 10, (x + 1) / 10, (y + 1) / 10) for y in range(4) for x in range(6)]
    frame = gpd.GeoDataFrame(
        {
            "zip": [f"{i:05d}" for i in range(24)],
            "potential": [1.0 + i % 3 for i in range(24)],
            "visits": [2.0 - i % 2 for i in range(24)],
            "county": ["east" if i % 6 > 2 else "west" for i in range(24)],
            "skill": ["wine" if i == 0 else "" for i in range(24)],
        },
        geometry=squares,
        crs=4326,
    )
    frame.to_file(folder / "board.geojson")
    rows = [f"{i:05d},{'ABC'[i % 6 // 2]}" for i in range(24)]
    (folder / "today.csv").write_text("unit_id,territory_id\n" + "\n".join(rows) + "\n")
    (folder / "reps.csv").write_text(
        "rep_id,home_zip,skills\nA,00006,tea\nB,00008,\nC,00011,wine\n"
    )
    (folder / "walls.csv").write_text("unit_a,unit_b\n00000,00001\n00006,00007\n")
    (folder / "no.csv").write_text("rep_id,unit_id\nA,00000\n")


def test_rules_are_kept_and_reported(tmp_path: Path) -> None:
    """Limits, groups, barriers, a distance, a tolerance each: all of it in what is printed."""
    rules_case(tmp_path)
    base = ["board.geojson", "--team", "reps.csv", "--measure", "potential", "--measure", "visits"]
    rules = ["--max", "units=9", "--min", "A:units=7", "--max-km", 45, "--barriers", "walls.csv"]
    rules += ["--excluded", "no.csv", "--needs", "skill", "--no-ferries"]
    allowed = ["--tolerance", 0.3, "--tolerance", "visits=0.2"]
    asked = [*base, "--current", "today.csv", *rules, *allowed, "--out", "new.csv"]
    asked += ["--max-disruption", 0.3, "--disruption-measure", "units"]
    figures = answer("propose", *asked, cwd=tmp_path)
    assert figures["tolerances"] == {"potential": 0.3, "visits": 0.2}
    assert figures["within_tolerance"] is True
    assert figures["disruption"]["units"] <= 0.3  # type: ignore[index]
    plan = pd.read_csv(tmp_path / "new.csv", dtype=str)
    count = plan["territory_id"].value_counts()
    assert count.max() <= 9 and count["A"] >= 7
    reported = {case["constraint"] for case in figures["violations"]}  # type: ignore[union-attr]
    assert reported <= {"excluded", "skills"}
    again = answer("evaluate", *base, "--plan", "new.csv", *rules, *allowed, cwd=tmp_path)
    assert again["violations"] == figures["violations"]
    worse = ["--max", "units=7", "--together", "county"]
    judged = answer("evaluate", *base, "--plan", "new.csv", *worse, cwd=tmp_path)
    kinds = {case["constraint"] for case in judged["violations"]}  # type: ignore[union-attr]
    assert kinds == {"limits", "together"}


def test_the_longest_drive_goes_by_the_travel_times(tmp_path: Path) -> None:
    """A table that cuts the board into columns, which the map does not; evaluate goes by it too."""
    rules_case(tmp_path)
    ways = [
        f"{home:05d},{i:05d},{30 if i % 6 // 2 == column else 40}\n"
        for column, home in enumerate((6, 8, 11))
        for i in range(24)
    ]
    (tmp_path / "ways.csv").write_text("from,to,minutes\n" + "".join(ways))
    base = ["board.geojson", "--team", "reps.csv", "--travel-times", "ways.csv"]
    asked = [*base, "--max-minutes", 35]
    figures = answer("propose", *asked, "--tolerance", 0.3, "--out", "new.csv", cwd=tmp_path)
    assert figures["violations"] == []
    plan = pd.read_csv(tmp_path / "new.csv", dtype=str)["territory_id"].tolist()
    assert plan == ["ABC"[i % 6 // 2] for i in range(24)]
    judged = answer("evaluate", *base, "--plan", "new.csv", "--max-minutes", 20, cwd=tmp_path)
    told = {case["reason"].split(" lie ")[1] for case in judged["violations"]}  # type: ignore[attr-defined]
    assert told == {"up to 30 minutes from home, allowed are 20"}


def test_regions_and_a_part_of_the_map(tmp_path: Path) -> None:
    """Territories inside counties; then only two of three may change, said in words."""
    rules_case(tmp_path)
    regions = ["--regions", "county", "--region-territories", "east=1", "--tolerance", 0.6]
    answer("propose", "board.geojson", "--territories", 3, *regions, "--out", "p.csv", cwd=tmp_path)
    plan = pd.read_csv(tmp_path / "p.csv", dtype=str)["territory_id"].to_numpy()
    east = [i % 6 > 2 for i in range(24)]
    assert len(set(plan[east])) == 1 and not set(plan[east]) & set(plan[[not e for e in east]])
    part = ["--current", "today.csv", "--team", "reps.csv", "--only", "A", "--only", "B"]
    done = territory(
        *("propose", "board.geojson", *part, "--tolerance", 0.01, "--out", "q.csv"), cwd=tmp_path
    )
    assert done.returncode == 0 and "Known beforehand:" in done.stderr
    now = pd.read_csv(tmp_path / "q.csv", dtype=str)["territory_id"]
    assert (now.to_numpy()[[i % 6 > 3 for i in range(24)]] == "C").all()


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--min", "units=9", "--max", "units=8"], "at least 9 and at most 8 units"),
        (["--max-km", 1], "km from every rep's home"),
        (["--together", "county"], "are 2 parts for 3 territories"),
        (["--barriers", "reps.csv"], "no column unit_a"),
        (["--tolerance", "sales=0.1"], "does not count"),
        (["--only", "D"], "Only a part of the map"),
    ],
)
def test_contradicting_rules_are_refused(
    tmp_path: Path, arguments: list[object], word: str
) -> None:
    """Exit 2 in words, before the engine starts."""
    rules_case(tmp_path)
    base = ["board.geojson", "--team", "reps.csv", "--measure", "potential"]
    assert word in refused("propose", *base, *arguments, cwd=tmp_path)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("zips.geojson", b'<OGRVRTDataSource><OGRVRTLayer name="x"/></OGRVRTDataSource>', "XML"),
        ("ragged.csv", b"zip,potential\n01001,1\n01002\n", "row 3"),
        ("blank.csv", b"zip,\n01001,1\n", "no name"),
        ("empty.csv", b"", "empty"),
        ("long.csv", b"zip\n" + b"1\n" * 5_000_000, "5,000,001 rows"),
    ],
)
def test_check_refuses_what_means_harm(
    tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    """Exit 2 and words, whatever the file is; the rest of the corpus is in tests/intake."""
    (tmp_path / name).write_bytes(content)
    message = refused("check", name, "--json", cwd=tmp_path)
    assert name in message and words in message and "Remedy" in message


def test_reading_choices_hold_for_plans_too(files: Path) -> None:
    """What ``check`` may sum and keep, ``evaluate`` may as well; without the word it is refused."""
    (files / "more.csv").write_text(
        "zip,sales\n" + "".join(f"0100{i},1\n" for i in range(6)) + "01000,2.5\n99999,7\n"
    )
    arguments = ["evaluate", "squares.geojson", "--plan", "plan.csv", "--attributes", "more.csv"]
    arguments += ["--measure", "sales"]
    said = refused(*arguments, cwd=files)
    assert "row 8" in said and "row 9" in said
    figures = answer(
        *arguments, "--duplicates", "sum", "--unknown", "keep", "--coordinates", "keep", cwd=files
    )
    # 01000 has 3.5 of 8.5, and R2 but 2 of its 4.25.
    assert figures["max_deviation"] == {"sales": pytest.approx(1 - 2 / 4.25)}
