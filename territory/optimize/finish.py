"""The last rounds: territories still outside the tolerance get searches of their own."""

from __future__ import annotations

from territory.optimize.search import Schedule, Search


def finish(search: Search, schedule: Schedule) -> None:
    """Extra rounds for the territories outside the tolerance, with an ever higher wall."""
    n, k = search.instance.n, search.instance.k
    record, patience = search.late.score[:3], schedule.patience
    for turn in range(schedule.rounds):
        if search.late.feasible or patience == 0 or search.halted():
            return
        rules = search.working(wall=2.0 * 2.0 ** min(turn, 5))
        salt = 10_000 + 10 * turn
        warm = turn % 3 == 0
        heat = schedule.cold * (30 if warm else 1)
        search.cut(rules, max(400, 2 * k), heat, True, salt + 1)
        hot = schedule.cold * (20 if warm else 3)
        search.chunk(rules, max(8 * n, 2000), hot, schedule.cold, salt + 2)
        search.judge()
        search.reprice(schedule.price_step / 2)
        if turn % 4 == 3:
            search.label[:] = search.late.label
        search.tell("Meeting the tolerance", search.best)
        gained = search.late.score[:2] < record[:2] or search.late.score[2] < 0.98 * record[2]
        record, patience = search.late.score[:3], schedule.patience if gained else patience - 1
