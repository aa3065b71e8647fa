"""The server's side of the map: each gesture once, in order, whatever happens on the way."""

from __future__ import annotations

import base64
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from territory.errors import StoreError
from territory.mapview.gestures import apply, gesture_label
from territory.mapview.look import look
from territory.mapview.messages import Op, encode_runs
from territory.mapview.protocol import (
    MapSession,
    patch,
    plan_id,
    receive,
)
from territory.model import Accounts, History, Locks, Plan, Project, Workspace, pieces
from territory.model.operations import delete_territory
from tests.conftest import chessboard

BOARD = chessboard(3, 4, potential=np.arange(1.0, 13.0))
START = Plan.from_alignment(
    BOARD, {u: "West" if i % 4 < 2 else "East" for i, u in enumerate(BOARD.ids)}
)  # positions: East 0, West 1


def workspace(plan: Plan = START) -> Workspace:
    """A workspace on the board, without a store."""
    return Workspace(Project("Board", BOARD), History.start(plan), plan, scenario_id="s")


class Browser:
    """What static/sync.js does, in Python: pending gestures until acknowledged."""

    def __init__(self, here: Workspace) -> None:
        self.plan = plan_id(here)
        self.rev, self.seq, self.count = -1, 0, 0
        self.pending: list[dict] = []
        self.confirmed = np.full(BOARD.n, -9)

    def gesture(self, kind: str, to: int = -1, ix: tuple[int, ...] = ()) -> None:
        self.seq += 1
        self.pending.append({"seq": self.seq, "kind": kind, "to": to, "ix": encode_runs(ix)})

    def message(self) -> dict:
        self.count += 1
        head = {"v": 1, "plan": self.plan, "client": "b", "rev": self.rev, "count": self.count}
        return {**head, "ops": [dict(op) for op in self.pending]}

    def receive(self, news: dict) -> None:
        if news["client"] == "b":
            self.pending = [op for op in self.pending if op["seq"] > news["ack"]]
        if news["rev"] < self.rev:
            return
        if "alignment" in news:
            raw = base64.b64decode(news["alignment"])
            self.confirmed = np.frombuffer(raw, "<i2").astype(int)
        elif self.rev >= news["base"]:
            for first, count, to in news["changes"]:
                self.confirmed[first : first + count] = to
        else:
            return
        self.rev = news["rev"]


def answer(here: Workspace, session: MapSession) -> dict:
    return patch(here, session, look(here, {}))


GESTURE = st.tuples(
    st.sampled_from(["click", "brush", "erase", "undo", "redo"]),
    st.integers(-1, 1),
    st.sets(st.integers(0, 11), max_size=5).map(tuple),
)
FATE = st.sampled_from(["arrives", "lost", "twice", "answer lost", "late"])


@given(st.lists(st.tuples(GESTURE, FATE), max_size=14))
def test_every_gesture_counts_once_whatever_is_lost_or_repeated(story):
    """Messages get lost, doubled and late, answers get lost: in the end the plan is what the
    gestures in order make of it, and the browser shows that plan."""
    here, session, plain = workspace(), MapSession(), workspace()
    browser, late = Browser(here), []
    browser.receive(answer(here, session))
    for (kind, to, ix), fate in story:
        browser.gesture(kind, to, ix)
        do_plainly(plain, kind, to, ix)
        message = browser.message()
        if fate == "late":
            late.append(message)
        if fate in ("lost", "late"):
            continue
        for _ in range(2 if fate == "twice" else 1):
            receive(here, session, message)
        news = answer(here, session)
        if fate != "answer lost":
            browser.receive(news)
        while late:
            receive(here, session, late.pop())
    receive(here, session, browser.message())
    browser.receive(answer(here, session))
    assert browser.pending == []
    assert (here.plan.alignment == plain.plan.alignment).all()
    assert here.rev == plain.rev
    if browser.rev < here.rev:  # it was told differences to something it never got
        receive(here, session, browser.message())
        browser.receive(answer(here, session))
    assert (browser.confirmed == here.plan.alignment).all()


def do_plainly(here: Workspace, kind: str, to: int, ix: tuple[int, ...]) -> None:
    """The same gesture without any messages."""
    history = here.history
    if kind == "undo":
        if history.can_undo:
            here.undo()
    elif kind == "redo":
        if history.can_redo:
            here.redo()
    else:
        after, _ = apply(here.plan, [Op(1, kind, to, ix)])
        if after is not here.plan:
            here.change("x", after)


@given(st.lists(GESTURE, max_size=6), st.sets(st.sampled_from(list(BOARD.ids))), st.booleans())
def test_apply_never_moves_what_is_locked(gestures, locked, east):
    """Locked units stay, units of a locked territory too, and each refusal says why."""
    locks = Locks.of(units=locked, territories=["East"] if east else [])
    plan = START.with_locks(locks)
    ops = [Op(i + 1, kind, to, ix) for i, (kind, to, ix) in enumerate(gestures) if kind[0] != "u"]
    after, rejects = apply(plan, [op for op in ops if op.kind != "redo"])
    kept = plan.locked_units
    assert (after.alignment[kept] == plan.alignment[kept]).all()
    assert (after.alignment == 0).sum() <= (plan.alignment == 0).sum() or not east
    assert all(r.reason and r.ix for r in rejects)


def test_apply_leaves_the_plan_it_was_given():
    """A pure function: the plan before is untouched."""
    before = START.alignment.copy()
    after, rejects = apply(START, [Op(1, "brush", 0, (0, 1))])
    assert (START.alignment == before).all()
    assert after.alignment[:2].tolist() == [0, 0]
    assert rejects == []


def test_a_stroke_over_a_locked_unit_takes_the_others_along():
    """The locked one comes back with a reason, the rest is one undo entry."""
    here, session = workspace(START.with_locks(Locks.of(units=["00"]))), MapSession()
    browser = Browser(here)
    browser.gesture("brush", 0, (0, 1))
    receive(here, session, browser.message())
    news = answer(here, session)
    assert here.plan.alignment[:2].tolist() == [1, 0]
    assert here.rev == 1
    assert news["rejects"] == [
        {"seq": 1, "reason": "00: locked, so left where it is.", "ix": [[0, 1]]}
    ]


def test_what_can_not_be_saved_is_not_changed():
    """A store that fails: the plan stays, the gesture is answered with the reason."""
    here, session = workspace(), MapSession()

    def fail(change: object) -> None:
        raise StoreError("The disk is full.")

    here.journal = fail
    browser = Browser(here)
    browser.gesture("click", 0, (0,))
    receive(here, session, browser.message())
    news = answer(here, session)
    assert here.plan is START
    assert (news["ack"], news["rev"]) == (1, 0)
    assert "The disk is full." in news["rejects"][0]["reason"]


def test_an_error_inside_an_operation_keeps_the_map_alive(caplog):
    """A fault of ours is logged and answered; the plan is unchanged."""
    here, session = workspace(), MapSession()

    def fail(change: object) -> None:
        raise ValueError("broken")

    here.journal = fail
    browser = Browser(here)
    browser.gesture("click", 0, (0,))
    receive(here, session, browser.message())
    assert here.plan is START
    assert answer(here, session)["rejects"][0]["reason"]
    assert "broken" in caplog.text


def test_another_plan_drops_what_was_under_way():
    """A message about a scenario that is no longer open changes nothing."""
    here, session = workspace(), MapSession()
    browser = Browser(here)
    browser.gesture("click", 0, (0,))
    here.scenario_id = "another"
    receive(here, session, browser.message())
    assert here.rev == 0
    assert here.plan is START


@given(st.recursive(st.none() | st.integers() | st.text(), st.lists, max_leaves=5))
def test_nonsense_changes_nothing(raw):
    """Any JSON value is survived."""
    here = workspace()
    receive(here, MapSession(), raw)
    receive(here, MapSession(), {"v": 1, "plan": plan_id(here), "client": "c", "ops": raw})
    assert here.rev == 0


def test_undo_with_nothing_to_undo_is_answered():
    """It is acknowledged with a reason, and no revision is made."""
    here, session = workspace(), MapSession()
    browser = Browser(here)
    browser.gesture("undo")
    receive(here, session, browser.message())
    news = answer(here, session)
    assert (news["ack"], news["rev"]) == (1, 0)
    assert news["rejects"][0]["reason"] == "There is nothing to undo."


def test_the_answer_is_small_for_a_browser_that_is_up_to_date():
    """Differences and no look; everything again when a page is drawn without a message."""
    here, session = workspace(), MapSession()
    first = answer(here, session)
    assert "alignment" in first and "look" in first
    browser = Browser(here)
    browser.receive(first)
    browser.gesture("click", 0, (0,))
    message = {**browser.message(), "look": first["look"]["id"]}
    receive(here, session, message)
    second = answer(here, session)
    assert second["changes"] == [[0, 1, 0]]
    assert "look" not in second and "alignment" not in second
    assert "alignment" in answer(here, session)


def test_choosing_a_territory_on_the_map_is_no_change_of_the_plan():
    """The active territory follows; no revision, nothing saved."""
    here, session = workspace(), MapSession()
    message = {**Browser(here).message(), "active": 1}
    assert receive(here, session, message)
    assert (here.active, here.rev) == (1, 0)


def test_baseline_follows_territories_by_id():
    """A plan with other territories still knows where a unit was, or that it was elsewhere."""
    here = workspace()
    frame = START.territories.loc[["West", "East"]]
    turned = replace(START, territories=frame, alignment=1 - START.alignment)
    here.change("turned", turned)
    raw = base64.b64decode(look(here, {})["baseline"])
    assert (np.frombuffer(raw, "<i2") == turned.alignment).all()


def test_a_gesture_that_must_not_cut_goes_whole_or_not_at_all():
    """Taking the middle row of West would leave its last row alone: refused, named, unchanged."""
    ops = [Op(1, "brush", 0, (4, 5), connected=True)]
    after, rejects = apply(START, ops)
    assert after is START
    assert [r.ix for r in rejects] == [(4, 5)]
    assert rejects[0].reason == "That would cut 08, 09 off from West."
    along, none = apply(START, [Op(1, "brush", 0, (4, 5, 8, 9), connected=True)])
    assert (none, along.alignment[4:].tolist()) == ([], [0] * 8)


def test_a_gesture_that_must_not_cut_makes_no_island_either():
    """A unit that does not touch its new territory would be a piece of its own."""
    after, rejects = apply(START, [Op(1, "click", 0, (4,), connected=True)])
    assert after is START
    assert rejects[0].reason == "That would leave East in more pieces than before."
    assert apply(START, [Op(1, "click", 0, (5,), connected=True)])[1] == []


@given(st.sets(st.integers(0, 11), min_size=1), st.integers(-1, 1))
def test_connected_gestures_never_add_a_piece(ix, to):
    """Whatever is asked for, no territory ends up in more pieces than it had."""
    after, _ = apply(START, [Op(1, "lasso", to, tuple(sorted(ix)), connected=True)])
    graph = BOARD.graph
    assert (pieces(graph, after.alignment, 2) <= 1).all()


def test_locking_is_a_change_that_undo_takes_back():
    """Lock and unlock are entries of the history like any other gesture."""
    here, session = workspace(), MapSession()
    browser = Browser(here)
    browser.gesture("lock", -1, (0, 1))
    receive(here, session, browser.message())
    assert here.plan.locks.units == {"00", "01"}
    assert here.history.undo_label == "Lock 2 ZIPs"
    browser.gesture("unlock", -1, (0,))
    browser.gesture("undo")
    receive(here, session, browser.message())
    assert here.plan.locks.units == {"00", "01"}
    assert (here.plan.alignment == START.alignment).all()


def test_targets_travel_with_the_look():
    """The map counts against the same targets as the panel; other targets are another look."""
    here = workspace()
    plain, aimed = look(here, {}), look(here, {}, {"potential": [39.0, 39.0]})
    assert aimed["targets"] == {"potential": [39.0, 39.0]}
    assert plain["id"] != aimed["id"]


@pytest.mark.parametrize(
    ("ix", "to", "label"),
    [((0,), 0, "00 to East"), ((0, 1), 0, "2 ZIPs to East"), ((0, 1), -1, "2 ZIPs to unassigned")],
)
def test_undo_says_what_it_would_take_back(ix, to, label):
    """One unit by its id, several by their number."""
    after, _ = apply(START, [Op(1, "brush", to, ix)])
    assert gesture_label(Op(1, "brush", to, ix), START, after, "ZIP", "ZIPs") == label


def test_numbers_mean_the_territories_the_browser_had():
    """A gesture made before a territory was deleted goes where it was meant to, or nowhere."""
    here, session = workspace(), MapSession()
    before = answer(here, session)["look"]["id"]
    here.change("Delete East", delete_territory(START, "East"))
    answer(here, session)
    browser = Browser(here)
    browser.gesture("click", 1, (2,))
    browser.gesture("click", 0, (3,))
    receive(here, session, {**browser.message(), "look": before, "active": 1})
    assert here.plan.to_mapping()["02"] == "West"
    assert here.plan.unassigned == 5
    assert [(r.seq, "'East'" in r.reason) for r in session.rejects] == [(2, True)]
    assert here.plan.territory_ids[here.active] == "West"


def test_an_undo_may_bring_back_what_the_next_gesture_means():
    """Undo of a deletion and a gesture to the territory, in one message."""
    here, session = workspace(), MapSession()
    before = answer(here, session)["look"]["id"]
    here.change("Delete East", delete_territory(START, "East"))
    browser = Browser(here)
    browser.gesture("undo")
    browser.gesture("click", 0, (0,))
    receive(here, session, {**browser.message(), "look": before})
    assert here.plan.to_mapping()["00"] == "East"
    assert session.rejects == []


def test_a_changed_number_of_territories_reaches_the_browser():
    """The new alignment in new numbers, the new look, and the active territory's new number."""
    here, session, browser = workspace(), MapSession(), None
    here.active = 1
    browser = Browser(here)
    first = answer(here, session)
    browser.receive(first)
    receive(here, session, {**browser.message(), "look": first["look"]["id"]})
    here.change("Delete East", delete_territory(START, "East"))
    second = answer(here, session)
    browser.receive(second)
    assert browser.confirmed.tolist() == here.plan.alignment.tolist()
    assert [row[0] for row in second["look"]["territories"]] == ["West"]
    assert (second["active"], second["pick"]) == (0, first["pick"] + 1)
    here.undo()
    third = answer(here, session)
    browser.receive(third)
    assert browser.confirmed.tolist() == START.alignment.tolist()
    assert (third["active"], third["pick"]) == (1, second["pick"] + 1)


def said(here: Workspace, *gestures: dict) -> list[str]:
    """Gestures as a browser would send them; the reasons of those refused."""
    browser, session = Browser(here), MapSession()
    for number, gesture in enumerate(gestures, here.acks.get("b", 0) + 1):
        browser.pending.append({"seq": number, "to": -1, "ix": [], **gesture})
    receive(here, session, browser.message())
    return [r.reason for r in session.rejects]


def test_a_selection_becomes_a_territory_of_its_own():
    """Named, active, one undo entry; a name that is taken or a locked unit refuse all of it."""
    here = workspace()
    assert said(here, {"kind": "new", "ix": [[0, 2]], "name": " Coast "}) == []
    assert here.plan.territories["name"].tolist() == ["East", "West", "Coast"]
    assert here.plan.alignment[:3].tolist() == [2, 2, 0] and here.active == 2
    assert (here.rev, here.history.undo_label) == (1, "New Coast: 2 ZIPs")
    here.undo()
    assert here.plan is START
    assert "called 'West' already" in said(here, {"kind": "new", "ix": [[0, 1]], "name": "West"})[0]
    assert "name" in said(here, {"kind": "new", "ix": [[0, 1]], "name": ["x"]})[0]
    here.change("lock", START.with_locks(Locks.of(units=["00"])))
    assert "Locked: 00" in said(here, {"kind": "new", "ix": [[0, 2]], "name": "Coast"})[0]
    assert here.plan.k == 2


def test_a_new_territory_does_not_take_the_id_of_one_in_the_baseline():
    """Deleted and made anew would look unchanged in every comparison."""
    numbered = Plan.blank(BOARD, 2).with_alignment(START.alignment)
    here = workspace(numbered)
    here.change("Delete", delete_territory(numbered, "T02"))
    assert said(here, {"kind": "new", "ix": [[0, 1]], "name": "Coast"}) == []
    assert here.plan.territory_ids == ("T01", "T03")


def test_two_territories_swap_what_is_selected():
    """Both ways in one entry; locks, other owners by now, and cuts refuse it as a whole."""
    here = workspace()
    swap = {"kind": "swap", "to": 0, "ix": [[9, 1]], "back": 1, "others": [[2, 1]]}
    assert said(here, {**swap, "connected": True}) == []
    assert here.plan.alignment.tolist() == [1, 1, 1, 0, 1, 1, 0, 0, 1, 0, 0, 0]
    assert here.history.undo_label == "Swap 2 ZIPs: East, West"
    assert "another owner by now" in said(here, swap)[0]
    assert said(here, {"kind": "undo"}) == []
    corner = {**swap, "ix": [[0, 1]], "others": [[3, 1]], "connected": True}
    assert said(here, corner)[0] == "That would leave East, West in more pieces than before."
    here.change("lock", START.with_locks(Locks.of(units=["02"])))
    assert "Locked: 02" in said(here, swap)[0]
    assert (here.plan.alignment == START.alignment).all()
    assert "needs units of two" in said(here, {**swap, "back": 0})[0]
    for gone, to in ((["09"], "East"), (["02"], None)):
        other = workspace(START.move(gone, to))
        assert "another owner by now" in said(other, swap)[0] and other.rev == 0


def test_every_kind_of_lock_is_set_and_taken_off():
    """Territories, all, inverted: each one entry with its own words; doing it twice is none."""
    here = workspace()
    east = {"kind": "lock territory", "to": 0}
    assert said(here, east, east) == []
    assert here.plan.locks.territories == {"East"} and here.rev == 1
    assert here.history.undo_label == "Lock East"
    said(here, {"kind": "invert locks"})
    assert here.plan.locks.territories == {"West"}
    said(here, {"kind": "lock all"})
    assert here.plan.locked_units.all() and here.history.undo_label == "Lock all"
    said(here, {"kind": "unlock territory", "to": 1})
    assert here.plan.locks.territories == {"East"}
    said(here, {"kind": "unlock all"})
    assert not here.plan.locks
    assert "no territory" in said(here, {"kind": "lock territory", "to": -1})[0]


ACCOUNTS = Accounts(
    pd.DataFrame(
        {"unit_id": ["00", "00", "03"], "potential": [1.0, 2.0, 4.0]}, index=["a", "b", "c"]
    )
)


def with_accounts() -> Workspace:
    """West is W's, East E's; two accounts in the first unit, one in the last of the row."""
    owned = replace(START, territories=START.territories.assign(rep_id=["E", "W"]))
    project = Project("Board", BOARD, accounts=ACCOUNTS)
    return Workspace(project, History.start(owned), owned, scenario_id="s")


def test_accounts_are_locked_by_the_unit_and_go_back_with_it():
    """They stay with their rep when the unit moves, in the figures that the map gets too."""
    here = with_accounts()
    assert said(here, {"kind": "lock accounts", "ix": [[0, 2]]}) == []
    assert here.history.undo_label == "Lock 2 accounts"
    assert dict(here.plan.named_accounts) == {"a": "W", "b": "W"}
    said(here, {"kind": "click", "to": 0, "ix": [[0, 1]]})
    shown = look(here, {}, {"potential": [39.0, 39.0], "units": [6.0, 6.0]})["named"]
    assert shown == {
        "at": [[0, 1, 2, 3.0, 0.0]],
        "first": [0, 1],
        "measures": ["potential", "units"],
    }
    said(here, {"kind": "unlock accounts", "ix": [[0, 12]]})
    assert not here.plan.named_accounts and here.history.undo_label == "Unlock 2 accounts"
    assert look(here, {})["named"] is None
    assert "no accounts in" in said(here, {"kind": "lock accounts", "ix": [[5, 1]]})[0]
    assert "no accounts" in said(workspace(), {"kind": "lock accounts", "ix": [[0, 1]]})[0]


def test_a_lock_sends_the_difference_only():
    """Names, baseline and targets are not said again to a browser that has them."""
    here, session = workspace(), MapSession()
    browser = Browser(here)
    first = answer(here, session)["look"]
    browser.gesture("lock", -1, (0, 1))
    receive(here, session, {**browser.message(), "look": first["id"]})
    second = answer(here, session)["look"]
    assert second == {"id": second["id"], "base": first["id"], "locked": [[0, 2]]}
    here.undo()
    receive(here, session, {**browser.message(), "look": "unheard"})
    assert answer(here, session)["look"] == first


@pytest.mark.parametrize("error", [RuntimeError, OSError, AssertionError])
def test_no_error_whatever_takes_the_map_away(monkeypatch, caplog, error):
    """Also one that nobody thought of: answered, logged, the plan unchanged."""
    here = workspace()

    def fail(*_: object) -> None:
        raise error("broken")

    monkeypatch.setattr("territory.mapview.protocol.apply", fail)
    assert "could not be done" in said(here, {"kind": "click", "to": 0, "ix": [[0, 1]]})[0]
    assert here.plan is START and "broken" in caplog.text


def test_a_unit_to_go_to_travels_with_the_look():
    """By position; none, or one of another region, is −1."""
    here = workspace()
    assert look(here, {})["point"] == -1
    assert look(here, {}, point=str(here.plan.units.ids[3]))["point"] == 3
    assert look(here, {}, point="elsewhere")["point"] == -1
