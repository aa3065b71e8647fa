"""A region of 36 squares, to run every kernel once."""

from __future__ import annotations

import numpy as np

from territory.model import Graph
from territory.optimize.anneal import anneal
from territory.optimize.arrays import Ints, Land, Net, Rules, own, tally, unlimited
from territory.optimize.bounds import free_bound
from territory.optimize.flowcut import flow_cuts
from territory.optimize.hintscan import scan_moves, scan_swaps, sound_moves, sound_swaps
from territory.optimize.instance import Instance
from territory.optimize.mergesplit import merge_and_split
from territory.optimize.search import mix
from territory.optimize.start import rough, settled
from territory.optimize.surplus import Tide
from territory.optimize.transport import Case, transport_bound

SIDE = 6


def squares() -> Instance:
    """A chessboard with four territories of equal target, one measure, nothing locked."""
    n, k = SIDE * SIDE, 4
    place = np.arange(n).reshape(SIDE, SIDE)
    across = np.column_stack([place[:, :-1].ravel(), place[:, 1:].ravel()])
    down = np.column_stack([place[:-1].ravel(), place[1:].ravel()])
    graph = Graph.from_pairs(n, np.vstack([across, down]))
    xy = np.column_stack([place.ravel() % SIDE, place.ravel() // SIDE]).astype(float)
    xy -= xy.mean(axis=0)
    weight = np.full(n, k / n)
    nobody = np.full(n, -1, np.int64)
    ones = np.ones(len(graph.indices))
    net = Net(own(graph.indptr, np.int32), own(graph.indices, np.int32), ones)
    land = Land(
        x=own(xy[:, 0], float),
        y=own(xy[:, 1], float),
        mass=weight,
        demand=weight.copy(),
        load=own(weight[:, None], float),
        lock=nobody,
        owner=nobody.copy(),
        stake=weight.copy(),
        barred=np.zeros((1, 1), np.bool_),
    )
    floor, ceiling = unlimited(k, 1)
    rules = Rules(
        target=np.ones(k),
        tolerance=np.full(1, 0.05),
        floor=floor,
        ceiling=ceiling,
        weight=np.ones(1),
        price=np.zeros((k, 1)),
        home_x=np.zeros(k),
        home_y=np.zeros(k),
        owner=np.arange(k, dtype=np.int64),
        pull=np.full(1, 0.4),
        wall=8.0,
        shape=0.1,
        cut=0.1,
        home=0.1,
        move=1.0,
        ban=0.0,
    )
    offset = np.zeros((k, 1))
    every, territories = np.arange(n), np.arange(k, dtype=np.int64)
    return Instance(
        *(net, land, rules, offset, xy, weight, nobody, every, every, territories),
        blocks=((every, territories),),
    )


def run_everything() -> None:
    """Seed, balanced Lloyd, repair, annealing, merge-and-split, flow, hints, bounds."""
    board = squares()
    label = settled(board, rough(board, "balanced", 1, 0))
    state = tally(board.land, board.offset, label)
    whole = np.zeros(board.k, np.int64)
    anneal(board.net, board.land, board.rules, state, 200, 0.03, 0.001, mix(1, 1))
    merge_and_split(
        board.net, board.land, board.rules, state, board.offset, whole, 4, 0.03, False, mix(1, 2)
    )
    none = np.zeros((board.k, 1))
    calm = np.full((board.k, 1), 0.02)
    tide = Tide(np.eye(board.k), none, none.copy(), -calm, calm, 1.0, 0.5)
    flow_cuts(
        board.net, board.land, board.rules, state, board.offset, tide, 4, 0.03, True, mix(1, 3)
    )
    look_around(board, label)
    prove(board)


def look_around(board: Instance, label: Ints) -> None:
    """Moves and swaps as `hints` asks for them."""
    rules = board.rules
    nobody = np.append(rules.target, 1e15)
    floor, ceiling = unlimited(board.k + 1, 1)
    rules = rules._replace(target=nobody, price=np.zeros((board.k + 1, 1)), home=0.0, move=0.0)
    rules = rules._replace(floor=floor, ceiling=ceiling)
    state = tally(board.land, np.zeros((board.k + 1, 1)), label)
    free, accepts = np.ones(board.n, np.bool_), np.append(np.ones(board.k, np.bool_), False)
    room = len(board.net.indices)
    unit, to, delta = np.empty(room, np.int64), np.empty(room, np.int64), np.empty(room)
    scene = (board.net, board.land, rules, state)
    found = scan_moves(*scene, free, accepts, unit, to, delta)
    order, chosen = np.arange(found), np.empty(4, np.int64)
    sound_moves(board.net, state, unit, order, 4, chosen)
    first, second, gain = np.empty(4, np.int64), np.empty(4, np.int64), np.empty(4)
    bounds = np.array([0, found], np.int64)
    many = scan_swaps(*scene, unit, to, delta, bounds, first, second, gain)
    sound_swaps(board.net, state, first, second, many, 4, chosen)


def prove(board: Instance) -> None:
    """A step of each bound."""
    part = Case(board.xy, board.weight, np.full(4, 0.95), np.full(4, 1.05))
    transport_bound(part, np.ones((board.n, 4)), lambda: True)
    free_bound(part, np.arange(4), 1e9, lambda: True)
