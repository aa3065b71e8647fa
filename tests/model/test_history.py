"""Undo, redo and the workspace that journals before it changes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from territory.errors import PlanError, StoreError
from territory.model import Change, History, Plan, Project, Workspace
from territory.model.history import LIMIT
from tests.conftest import chessboard

BOARD = chessboard(1, 4)
PLAN = Plan.from_alignment(BOARD, {"00": "A", "01": "B"})


def test_undo_and_redo_walk_the_same_path() -> None:
    """Labels say what would be undone and redone."""
    moved = PLAN.move(["02"], "A")
    history = History.start(PLAN).push("02 to A", moved)
    assert history.undo_label == "02 to A"
    back = history.undo()
    assert back.present.plan is PLAN and back.redo_label == "02 to A"
    assert back.redo().present.plan is moved


def test_the_ends_are_errors() -> None:
    """Nothing to undo or redo is said, not ignored."""
    with pytest.raises(PlanError, match="undo"):
        History.start(PLAN).undo()
    with pytest.raises(PlanError, match="redo"):
        History.start(PLAN).redo()


def test_a_new_change_forgets_the_undone() -> None:
    """After undo and another change there is nothing to redo."""
    history = History.start(PLAN).push("a", PLAN).undo().push("b", PLAN)
    assert not history.can_redo and history.undo_label == "b"


def test_history_is_bounded() -> None:
    """The oldest steps go first."""
    history = History.start(PLAN)
    for i in range(LIMIT + 5):
        history = history.push(str(i), PLAN)
    assert len(history.past) == LIMIT and history.past[0].label == "4"


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sampled_from(["push", "undo", "redo"]), max_size=40))
def test_history_agrees_with_a_list_and_a_cursor(steps: list[str]) -> None:
    """Any sequence of pushes, undos and redos shows the entry an editor would show."""
    history, made, at = History.start(PLAN, "0"), ["0"], 0
    for i, step in enumerate(steps):
        if step == "push":
            history, made, at = (
                history.push(str(i + 1), PLAN),
                [*made[: at + 1], str(i + 1)],
                at + 1,
            )
        elif step == "undo" and history.can_undo:
            history, at = history.undo(), at - 1
        elif step == "redo" and history.can_redo:
            history, at = history.redo(), at + 1
        assert history.present.label == made[at]
        assert history.can_undo == (at > 0) and history.can_redo == (at < len(made) - 1)


def workspace(journal: object = None) -> Workspace:
    """A workspace on four units."""
    project = Project("Strip", BOARD)
    return Workspace(project, History.start(PLAN), PLAN, journal=journal)  # type: ignore[arg-type]


def test_every_change_is_journalled_first() -> None:
    """The journal sees change, undo and redo with rising revisions."""
    seen: list[Change] = []
    here = workspace(seen.append)
    here.change("02 to A", PLAN.move(["02"], "A"), acks={"tab": 1})
    here.undo()
    here.redo()
    assert [(c.kind, c.rev) for c in seen] == [("change", 1), ("undo", 2), ("redo", 3)]
    assert here.rev == 3 and here.acks == {"tab": 1}
    assert here.plan.to_mapping()["02"] == "A"


def test_a_failed_save_leaves_everything_as_it_was() -> None:
    """What was not written is not acknowledged."""

    def full(_: Change) -> None:
        raise StoreError("The disk is full.")

    here = workspace(full)
    with pytest.raises(StoreError):
        here.change("02 to A", PLAN.move(["02"], "A"), acks={"tab": 1})
    assert here.plan is PLAN and here.rev == 0 and here.acks == {}


def test_the_time_on_screen_is_that_of_the_last_save() -> None:
    """Set by a change that was saved, untouched by one that was not."""
    saved = workspace(lambda _: None)
    saved.change("02 to A", PLAN.move(["02"], "A"))
    assert saved.saved_at is not None and saved.saved_at.tzinfo is not None
    unsaved = workspace()
    unsaved.change("02 to A", PLAN.move(["02"], "A"))
    assert unsaved.saved_at is None
