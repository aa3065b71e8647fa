"""The panel that adds, renames, merges, splits, gives away, deletes and locks territories.

``territory_tools`` draws it on a page, ``open_territories`` as a dialog over the map. Each action
is one undo entry.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from territory.metrics import worst_deviation
from territory.model import Plan, Workspace
from territory.model import operations as op
from territory.model.figures import deviation, unit_words
from territory.ui import session
from territory.ui.case import current_case, weights_of
from territory.ui.map import choose_active
from territory.ui.text import plain

__all__ = ["open_territories", "territory_labels", "territory_tools"]

CHOICE, NAME, REP, OTHER = "territory-choice", "territory-name", "territory-rep", "territory-other"
NEW, SPLIT = "territory-new", "territory-split"
NOBODY = ""


def territory_labels(plan: Plan) -> dict[str, str]:
    """territory_id → its name, with the id behind it where two have the same name."""
    names = plan.territories["name"].astype(str)
    twice = names.duplicated(keep=False)
    return {t: f"{n} ({t})" if d else n for t, n, d in zip(names.index, names, twice, strict=True)}


def open_territories(here: Workspace) -> None:
    """The panel as a dialog over the map; closing it brings the map up to date."""
    title = here.project.settings.word("territories").capitalize()

    @st.dialog(plain(title), width="medium", icon=":material/category:", on_dismiss="rerun")
    def dialog() -> None:
        territory_tools()
        for level, text in session.workspace().notices:
            (st.error if level == "error" else st.caption)(plain(text))
        session.workspace().notices.clear()

    dialog()


def territory_tools() -> None:
    """One territory at a time, then a new one, then locks for all."""
    here = session.workspace()
    if st.session_state.get(SPLIT):
        _split(here)
        here = session.workspace()
    settings = here.project.settings
    word, words = settings.word("territory"), settings.word("territories")
    labels = territory_labels(here.plan)
    if labels:
        active = list(labels)[min(here.active, len(labels) - 1)]
        if st.session_state.get(CHOICE) != active:
            st.session_state[CHOICE] = active
        chosen = st.selectbox(
            word.capitalize(),
            list(labels),
            format_func=lambda t: labels.get(t, t),
            key=CHOICE,
            on_change=_follow,
        )
        _one(here, chosen, labels)
    else:
        st.info(f"This plan has no {plain(words)} yet. Add the first one.")
    with _row(f"{NEW}-row"):
        st.text_input(
            f"New {plain(word)}", key=NEW, max_chars=op.LONGEST_NAME, placeholder="Its name"
        )
        _button("Add", "territory-add", ":material/add:", _add, f"A {word} without {_units(here)}")
    with st.container(horizontal=True, gap="small"):
        all_of_them: list[tuple[str, Callable[[Plan], Plan], str]] = [
            ("Lock all", op.lock_all, "lock-all"),
            ("Unlock all", op.unlock_all, "unlock-all"),
            ("Invert locks", op.invert_locks, "invert-locks"),
        ]
        for label, change, key in all_of_them:
            _button(label, key, None, partial(_change, label, change))
        history = here.history
        st.space("stretch")
        _button(
            "Undo",
            "territory-undo",
            ":material/undo:",
            lambda: session.workspace().undo(),
            f"Undo: {history.undo_label}" if history.can_undo else "Nothing to undo",
            disabled=not history.can_undo,
        )


def _one(here: Workspace, chosen: str, labels: dict[str, str]) -> None:
    """What can be done to the chosen territory."""
    plan, position = here.plan, here.plan.position_of(chosen)
    row = plan.territories.iloc[position]
    locked = chosen in plan.locks.territories
    units = unit_words(int((plan.alignment == position).sum()), here.project.settings)
    off = deviation(float(worst_deviation(current_case(here)).iloc[position]))
    state = " · locked" if locked else ""
    st.caption(f"{plain(units)} · {plain(off)} off target{state}")
    # Another name is another field: one that kept its key would keep the old text, too.
    key = f"{NAME}-{chosen}-{row['name']}"
    with _row(NAME):
        st.text_input("Name", str(row["name"]), key=key, max_chars=op.LONGEST_NAME)
        _button("Rename", "territory-rename", None, lambda: _rename(chosen, key))
    _owner(here, chosen, str(row["rep_id"]), locked)
    others = {t: label for t, label in labels.items() if t != chosen}
    if others:
        key_other = f"{OTHER}-{chosen}"
        with _row(OTHER):
            st.selectbox(
                "Merge with",
                list(others),
                index=None,
                format_func=lambda t: others.get(t, t),
                key=key_other,
                placeholder=f"Its {here.project.settings.word('units')} come over",
            )
            _button(
                "Merge", "territory-merge", None, lambda: _merge(chosen, key_other), disabled=locked
            )
    with st.container(horizontal=True, gap="small"):
        st.button(
            "Split in two",
            key=SPLIT,
            icon=":material/call_split:",
            disabled=locked,
            help="Two connected halves of the same size; the engine finds them.",
        )
        says, change = ("Unlock", op.unlock_territory) if locked else ("Lock", op.lock_territory)
        _button(
            says,
            "territory-lock",
            ":material/lock_open:" if locked else ":material/lock:",
            lambda: _change(f"{says} {labels[chosen]}", lambda now: change(now, chosen)),
        )
        _button(
            "Delete",
            "territory-delete",
            ":material/delete:",
            lambda: _change(
                f"Delete {labels[chosen]}", lambda now: op.delete_territory(now, chosen)
            ),
            f"Its {_units(here)} become unassigned.",
            disabled=locked,
        )


def _owner(here: Workspace, chosen: str, rep_id: str, locked: bool) -> None:
    """Give the territory to a rep of the team."""
    team = here.project.team
    if team is None:
        return
    names = {NOBODY: "Nobody", **{r: f"{team.name(r)} ({r})" for r in team.ids}}
    names.setdefault(rep_id, rep_id)
    key = f"{REP}-{chosen}-{rep_id}"
    with _row(REP):
        st.selectbox(
            here.project.settings.word("rep").capitalize(),
            list(names),
            index=list(names).index(rep_id),
            format_func=lambda r: names.get(r, r),
            key=key,
        )
        _button("Give", "territory-give", None, lambda: _give(chosen, key, names), disabled=locked)


def _row(key: str) -> st.delta_generator.DeltaGenerator:
    """A field and its button beside each other."""
    return st.container(horizontal=True, vertical_alignment="bottom", gap="small", key=key)


def _button(
    label: str,
    key: str,
    icon: str | None,
    do: Callable[[], None],
    about: str | None = None,
    *,
    disabled: bool = False,
) -> None:
    """A button whose action is a change; what goes wrong becomes a notice."""
    st.button(
        label,
        key=key,
        icon=icon,
        help=plain(about) if about else None,
        disabled=disabled,
        on_click=lambda: session.act(do),
    )


def _units(here: Workspace) -> str:
    return here.project.settings.word("units")


def _follow() -> None:
    """What is looked at here is the active territory on the map."""
    here = session.workspace()
    choose_active(here, here.plan.position_of(st.session_state[CHOICE]))


def _change(label: str, change: Callable[[Plan], Plan]) -> None:
    """One undo entry, unless nothing changed."""
    here = session.workspace()
    after = change(here.plan)
    if after is not here.plan:
        here.change(label, after)


def _rename(territory_id: str, key: str) -> None:
    before = territory_labels(session.workspace().plan)[territory_id]
    name = str(st.session_state[key]).strip()
    if name != before:
        _change(
            f"Rename {before} to {name}", lambda now: op.rename_territory(now, territory_id, name)
        )


def _give(territory_id: str, key: str, names: dict[str, str]) -> None:
    rep = str(st.session_state[key])
    label = territory_labels(session.workspace().plan)[territory_id]
    _change(
        f"Give {label} to {names[rep].lower() if rep == NOBODY else names[rep]}",
        lambda now: op.give_territory(now, territory_id, rep),
    )


def _merge(territory_id: str, key: str) -> None:
    other = st.session_state[key]
    if other is None:
        session.workspace().notify("error", "Choose what to merge it with.")
        return
    labels = territory_labels(session.workspace().plan)
    _change(
        f"Merge {labels[other]} into {labels[territory_id]}",
        lambda now: op.merge_territories(now, territory_id, other),
    )


def _add() -> None:
    here = session.workspace()
    name = str(st.session_state[NEW]).strip()
    new = op.fresh_id(here.plan, here.baseline.territory_ids)
    _change(f"Add {name}", lambda now: op.add_territory(now, name, territory_id=new))
    choose_active(here, here.plan.position_of(new))
    st.session_state[NEW] = ""


def _split(here: Workspace) -> None:
    """Before anything is drawn, so that everything shows the result."""
    chosen = st.session_state[CHOICE]
    label = territory_labels(here.plan).get(chosen, chosen)

    def halve() -> None:
        from territory.optimize.split import split

        now = session.workspace()
        new = op.fresh_id(now.plan, now.baseline.territory_ids)
        names = set(now.plan.territories["name"])
        base = str(now.plan.territories["name"].iloc[now.plan.position_of(chosen)])
        name = next(n for i in range(2, 1000) if (n := f"{base} {i}") not in names)
        weights = weights_of(now)
        _change(f"Split {label}", lambda plan: split(plan, chosen, new, name, weights))
        choose_active(now, now.plan.position_of(new))

    with st.spinner(f"Splitting {plain(label)} …"):
        session.act(halve)
