"""The questions of the Balance page: five cards, then everything they stand for, folded away."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from territory.model import Workspace, measure
from territory.model.figures import share
from territory.ui import session
from territory.ui.fields import fill, percent, seed
from territory.ui.rules_form import fill_rules, rules_fields
from territory.ui.study import Study, study_of
from territory.ui.text import plain
from territory.ui.wishes import PRESETS, STARTS, Wish

__all__ = ["cards", "choose", "details", "fill_in", "in_words", "take"]

CARDS = """<style>
  [class*="st-key-preset-"] button, [class*="st-key-preset-"] button * {
    justify-content: start; text-align: start;
  }
</style>"""
"""A theme can't say that the words of a button start at the left; the page sends it once."""

MEASURES, TOLERANCE, OWN, START = "measures", "tolerance", "own-tolerances", "start-from"
HOMES, CAP, ONLY = "homes", "max-disruption", "only"
NO_CAP = 1.0


def cards(here: Workspace, study: Study) -> None:
    """A card a preset; the one in use is marked."""
    st.html(CARDS)
    for preset in PRESETS:
        settled = preset.settle(here)
        missing = settled if isinstance(settled, str) else ""
        st.button(
            f"**{preset.title}** · {missing or preset.says}",
            key=f"preset-{preset.name}",
            icon=preset.icon,
            type="primary" if study.wish.preset == preset.name else "secondary",
            width="stretch",
            wrap=True,
            disabled=bool(missing) or study.running,
            on_click=lambda name=preset.name: session.act(lambda: choose(name)),
        )


def choose(name: str) -> None:
    """Take a preset: the fields show what it stands for."""
    here = session.workspace()
    settled = next(p for p in PRESETS if p.name == name).settle(here)
    if isinstance(settled, Wish):
        take(replace(settled, preset=name))


def take(wish: Wish) -> None:
    """Take a wish: the fields show it."""
    study = study_of(session.workspace())
    study.wish = wish
    fill_in(study)


def fill_in(study: Study) -> None:
    """Put the wish into the fields."""
    wish = study.wish
    fill(MEASURES, list(wish.weights))
    for name, weight in wish.weights.items():
        fill(f"weight-{name}", max(1, round(100 * weight)))
    for name in wish.weights:
        fill(f"tolerance-{name}", round(100 * wish.tolerances.get(name, wish.tolerance)))
    fill(TOLERANCE, round(100 * wish.tolerance))
    fill(OWN, bool(wish.tolerances))
    fill(START, wish.start)
    fill(CAP, round(100 * (NO_CAP if wish.max_disruption is None else wish.max_disruption)))
    fill(ONLY, list(wish.only))
    fill(HOMES, wish.homes)
    fill_rules(session.workspace(), wish)
    study.filled = True


def details(here: Workspace, study: Study) -> Wish | None:
    """The fields behind the cards, folded away; None while something is missing."""
    if not study.filled:
        fill_in(study)
    known = study.wish
    with st.expander("What counts, and how even", icon=":material/tune:"):
        weights = _weights(here, known)
        tolerance = percent(
            "Each territory may be off its target by",
            *(1, 30),
            known.tolerance,
            key=TOLERANCE,
            help="The tolerance. Smaller is fairer, but shapes get less compact.",
        )
        own = _own_tolerances(list(weights), tolerance, known)
    with st.expander("How much may change", icon=":material/swap_horiz:"):
        changes = _changes(here, known)
    if here.project.team is not None:
        with st.expander("Travel", icon=":material/directions_car:"):
            seed(HOMES, known.homes)
            kmeans = changes.start == "kmeans"
            homes = st.toggle("Stay near the reps' homes", key=HOMES, disabled=kmeans)
            changes = replace(changes, homes=homes and not kmeans)
    if not weights:
        return None
    wish = replace(changes, weights=weights, tolerance=tolerance, tolerances=own)
    with st.expander("Rules to keep", icon=":material/rule:"):
        wish = rules_fields(here, wish)
    same = _coarse(wish) == _coarse(known)
    study.wish = known if same else replace(wish, preset="")
    return study.wish


def _weights(here: Workspace, known: Wish) -> dict[str, float]:
    """measure → share of those chosen."""
    names = [name for name in here.project.units.measure_names if measure(name).additive]
    seed(MEASURES, list(known.weights))
    chosen = st.multiselect(
        "What counts",
        names,
        format_func=lambda name: measure(name).label,
        key=MEASURES,
        placeholder="Choose at least one measure",
    )
    if not chosen:
        st.warning("Choose at least one measure.")
    if len(chosen) < 2:
        return dict.fromkeys(chosen, 1.0)
    for name in chosen:
        seed(f"weight-{name}", max(1, round(100 * known.weights.get(name, 1 / len(chosen)))))
    held = {name: float(st.session_state[f"weight-{name}"]) for name in chosen}
    whole = sum(held.values())
    for name in chosen:
        st.slider(
            f"{plain(measure(name).label)} counts {share(held[name] / whole)}",
            *(1, 100),
            format="%d",
            key=f"weight-{name}",
        )
    return {name: weight / whole for name, weight in held.items()}


def _own_tolerances(names: list[str], tolerance: float, known: Wish) -> dict[str, float]:
    """measure → its own tolerance, where the user wants different ones."""
    seed(OWN, bool(known.tolerances))
    if len(names) < 2 or not st.toggle("A tolerance for each", key=OWN):
        return {}
    return {
        name: percent(
            f"{plain(measure(name).label)} may be off by",
            *(1, 50),
            known.tolerances.get(name, tolerance),
            key=f"tolerance-{name}",
        )
        for name in names
    }


def _changes(here: Workspace, known: Wish) -> Wish:
    """Where to start, and how much may change from there."""
    seed(START, known.start)
    start = st.radio(
        "Start from",
        list(STARTS),
        format_func=lambda name: STARTS[name][0],
        captions=[text for _, text in STARTS.values()],
        key=START,
    )
    if start != "current":
        return replace(known, start=start, max_disruption=None, only=(), disruption_measure=None)
    counted = measure(known.disruption_measure or known.main).label.lower()
    cap = percent(
        "How much may change hands",
        *(0, 100),
        NO_CAP if known.max_disruption is None else known.max_disruption,
        key=CAP,
        sign="",
        help=f"The largest share of the {plain(counted)} that may get another "
        f"{plain(here.project.settings.word('rep'))}. 100 %: no limit.",
    )
    ids = here.plan.territories.index
    seed(ONLY, list(known.only))
    fill(ONLY, [t for t in st.session_state[ONLY] if t in ids])
    only = st.multiselect(
        f"Only these {plain(here.project.settings.word('territories'))}",
        list(ids),
        format_func=lambda t: str(here.plan.territories["name"].get(t, t)),
        key=ONLY,
        placeholder="All may change",
    )
    limit = None if cap == NO_CAP else cap
    counted_in = known.disruption_measure if limit is not None else None
    return replace(
        known, start=start, max_disruption=limit, only=tuple(only), disruption_measure=counted_in
    )


def _coarse(wish: Wish) -> tuple[object, ...]:
    """A wish as the fields can show it: whole percents, no preset."""
    weights = {name: round(100 * weight) for name, weight in wish.weights.items()}
    cap = None if wish.max_disruption is None else round(100 * wish.max_disruption)
    plainer = replace(wish, preset="", weights={}, tolerance=0, max_disruption=None)
    return plainer, weights, round(100 * wish.tolerance), cap


def in_words(here: Workspace, wish: Wish) -> str:
    """The wish as a person would say it, in Markdown."""
    settings = here.project.settings
    named = [
        f"**{plain(measure(name).label.lower())}**"
        + (f" ({share(weight)})" if len(wish.weights) > 1 else "")
        for name, weight in wish.weights.items()
    ]
    parts = [f"Every {plain(settings.word('territory'))} within **±{share(wish.tolerance)}** of"]
    parts[0] += f" its target in {' and '.join(named)}, in one piece."
    if wish.start == "current":
        parts.append("As little as possible changes hands.")
    if wish.max_disruption is not None:
        counted = measure(wish.disruption_measure or wish.main).label.lower()
        parts.append(
            f"At most **{share(wish.max_disruption)}** of the {plain(counted)} gets another "
            f"{plain(settings.word('rep'))}."
        )
    if wish.homes:
        parts.append(f"Near the {plain(settings.word('reps'))}' homes.")
    if wish.only:
        parts.append(f"Only {len(wish.only)} {plain(settings.word('territories'))} may change.")
    if wish.shortest:
        parts.append("The shortest travel, whatever the shapes.")
    far = wish.max_km is not None or wish.max_minutes is not None
    if wish.limits or wish.together or wish.barriers or far or not wish.ferries:
        parts.append("Your rules hold.")
    return " ".join(parts)
