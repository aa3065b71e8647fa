"""What people say about a scenario: comments, requests with their effect, approval, links."""

from __future__ import annotations

import streamlit as st

from territory.advise.findings import label_of
from territory.errors import LockError
from territory.metrics import max_deviation, moved_share
from territory.model import Plan, Workspace
from territory.model.figures import share, unit_words
from territory.store import About, ChangeRequest, Comment, ScenarioInfo
from territory.ui import session
from territory.ui.case import case_of
from territory.ui.shelf import STATUS
from territory.ui.text import plain

__all__ = ["discussion"]


def discussion(here: Workspace, info: ScenarioInfo) -> None:
    """Approval and links at the left, comments and requests at the right."""
    left, right = st.columns([2, 3], gap="large")
    with left:
        _approval(here, info)
        _links(here)
    with right:
        _comments(here)
        _requests(here)


def _approval(here: Workspace, info: ScenarioInfo) -> None:
    """Submit, withdraw, approve, decline: what the standing allows."""
    words, colour = STATUS[info.status]
    st.subheader("Approval", anchor=False)
    st.badge(words, color=colour)
    shelf, who = session.store().scenarios, here.author

    def step(action: str, reason: str = "") -> None:
        shelf.step(here.scenario_id, action, who, reason)
        session.open_scenario(here.scenario_id)

    row = st.container(horizontal=True, vertical_alignment="bottom")
    if info.status in ("draft", "declined"):
        row.button(
            "Submit for approval",
            key="submit",
            icon=":material/send:",
            on_click=lambda: session.act(lambda: step("submit")),
        )
    elif info.status == "submitted":
        reason = st.text_input("Reason", key="decision-reason", max_chars=300)
        row = st.container(horizontal=True)
        row.button(
            "Approve",
            key="approve",
            type="primary",
            icon=":material/verified:",
            help="From then on the plan can't be changed; a copy can.",
            on_click=lambda: session.act(lambda: step("approve", reason)),
        )
        row.button(
            "Decline",
            key="decline",
            disabled=not reason.strip(),
            help="Write a reason first.",
            on_click=lambda: session.act(lambda: step("decline", reason)),
        )
        row.button(
            "Withdraw", key="withdraw", on_click=lambda: session.act(lambda: step("withdraw"))
        )
    else:
        st.write("Nobody can change this plan. Duplicate it under Scenarios to go on.")


def _links(here: Workspace) -> None:
    """Read-only links: make one, take all back."""
    st.subheader("Show it to somebody", anchor=False)
    st.caption(
        "Whoever has the link sees this scenario as it is at that moment, and changes nothing."
    )
    talk = session.store().talk

    def make() -> None:
        token = talk.share(here.scenario_id, here.author)
        now = session.workspace()
        now.notify("info", f"The link, shown only now: {_address(token)}")

    row = st.container(horizontal=True)
    row.button(
        "Make a link", key="share", icon=":material/link:", on_click=lambda: session.act(make)
    )
    count = talk.shares(here.scenario_id)
    if count:
        row.button(
            f"Take {'the link' if count == 1 else f'{count} links'} back",
            key="unshare",
            on_click=lambda: session.act(lambda: talk.unshare(here.scenario_id)),
        )


def _address(token: str) -> str:
    """The link as this visitor's browser reaches the app."""
    base = (st.context.url or "").rsplit("/", 1)[0]
    return f"{base}/map?{session.SHARED}={token}"


def _comments(here: Workspace) -> None:
    """Open ones first, and a field for a new one."""
    st.subheader("Comments", anchor=False)
    talk = session.store().talk
    said = talk.comments(here.scenario_id)
    open_ones = [c for c in said if c.resolved_at is None]
    for comment in open_ones:
        _comment(here, comment)
    if len(open_ones) < len(said):
        with st.expander(f"{len(said) - len(open_ones)} resolved"):
            for comment in said:
                if comment.resolved_at is not None:
                    _comment(here, comment)
    kinds: dict[About, str] = {
        "scenario": "The whole plan",
        "territory": f"A {here.project.settings.word('territory')}",
        "unit": f"A {here.project.settings.word('unit')}",
        "account": "An account",
    }
    with st.form("comment", clear_on_submit=True):
        row = st.container(horizontal=True)
        about = row.selectbox(
            "About", list(kinds), format_func=kinds.__getitem__, key="comment-about"
        )
        which = row.text_input("Which (name or id)", key="comment-which", max_chars=80)
        text = st.text_area("Comment", key="comment-text", max_chars=2000)
        if st.form_submit_button("Say it", key="comment-send"):
            session.act(lambda: _say(here, text, about, which))
            st.rerun()


def _say(here: Workspace, text: str, about: About, which: str) -> None:
    session.store().talk.say(here.scenario_id, text, here.author, about, which.strip())


def _comment(here: Workspace, comment: Comment) -> None:
    row = st.container(horizontal=True, vertical_alignment="center", border=True)
    about = f" on {comment.about} **{plain(comment.about_id)}**" if comment.about_id else ""
    if comment.about == "finding":
        about = f" dismissed **{plain(label_of(comment.about_id))}**"
    when = comment.created_at.astimezone().strftime("%d %b, %H:%M")
    row.markdown(
        f"**{plain(comment.author) or 'somebody'}**{about} · {when}  \n{plain(comment.text)}",
        width="stretch",
    )
    talk, done = session.store().talk, comment.resolved_at is not None
    row.button(
        "Open again" if done else "Resolve",
        key=f"resolve-{comment.id}",
        on_click=lambda: session.act(lambda: talk.resolve(comment.id, here.author, not done)),
    )


def _requests(here: Workspace) -> None:
    """What reps ask for, each with its effect, and a form for a new one."""
    settings = here.project.settings
    st.subheader("Requested changes", anchor=False)
    talk = session.store().talk
    for request in talk.requests(here.scenario_id):
        _request(here, request)
    with st.form("request", clear_on_submit=True):
        units = st.text_input(
            f"{settings.word('units')}, with commas or spaces between",
            key="request-units",
        )
        names = here.plan.territories["name"]
        to = st.selectbox(
            "should go to", list(names.index), format_func=names.__getitem__, key="request-to"
        )
        text = st.text_area("because", key="request-text", max_chars=1000)
        if st.form_submit_button("Request", key="request-send"):
            session.act(lambda: _ask(here, units, to, text))
            st.rerun()


def _ask(here: Workspace, units: str, to: str, text: str) -> None:
    wanted = units.replace(",", " ").split()
    here.plan.units.positions(wanted)  # an unknown one is named before anything is stored
    session.store().talk.request(here.scenario_id, wanted, to, text, here.author)


def _request(here: Workspace, request: ChangeRequest) -> None:
    settings, plan = here.project.settings, here.plan
    known = request.territory_id in plan.territories.index
    to = plan.territories.at[request.territory_id, "name"] if known else "a territory now gone"
    box = st.container(border=True)
    box.markdown(
        f"**{plain(request.author) or 'somebody'}**: {unit_words(len(request.unit_ids), settings)} "
        f"({plain(', '.join(request.unit_ids[:6]))}{' …' if len(request.unit_ids) > 6 else ''}) "
        f"to **{plain(to)}**  \n{plain(request.text)}"
    )
    if request.status != "open":
        reason = f": {plain(request.reason)}" if request.reason else ""
        box.caption(f"{request.status} by {plain(request.decided_by or 'somebody')}{reason}")
        return
    possible = known
    if known:
        try:
            after = plan.move_positions(*_wanted(plan, request))
            box.caption(_effect(here, plan, after))
        except LockError as error:
            possible = False
            box.caption(f":material/lock: {plain(str(error))}")
    _decide(here, request, box, possible)


def _wanted(plan: Plan, request: ChangeRequest) -> tuple[list[int], int]:
    ids = [u for u in request.unit_ids if u in plan.units.position]
    return list(plan.units.positions(ids)), plan.position_of(request.territory_id)


def _effect(here: Workspace, before: Plan, after: Plan) -> str:
    """What a request would do, before anybody decides."""
    old, new = case_of(here, before), case_of(here, after)
    return (
        f"Largest deviation {share(max_deviation(old), 1)} → {share(max_deviation(new), 1)}; "
        f"{share(moved_share(after, before, old.main), 1)} would change hands."
    )


def _decide(
    here: Workspace,
    request: ChangeRequest,
    box: st.delta_generator.DeltaGenerator,
    possible: bool,
) -> None:
    talk = session.store().talk
    reason = box.text_input("Reason", key=f"reason-{request.id}", max_chars=300)

    def approve() -> None:
        now = session.workspace()
        plan = now.plan.move_positions(*_wanted(now.plan, request))
        now.change(f"Request of {request.author or 'somebody'}", plan)
        talk.decide(request.id, True, now.author, reason)

    row = box.container(horizontal=True)
    row.button(
        "Do it",
        key=f"grant-{request.id}",
        disabled=bool(here.read_only) or not possible,
        on_click=lambda: session.act(approve),
    )
    row.button(
        "Decline",
        key=f"refuse-{request.id}",
        disabled=not reason.strip(),
        help="Write a reason first.",
        on_click=lambda: session.act(lambda: talk.decide(request.id, False, here.author, reason)),
    )
