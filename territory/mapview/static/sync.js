/* What the server has confirmed, and what the user did since. No DOM, no transport: send is a
   function, receive is called. What is shown = confirmed + pending gestures + the one under way. */
(function () {
  "use strict";
  const TW = (window.TerritoryWorkbench = window.TerritoryWorkbench || {});
  const RESEND_MS = 4000;

  /** Sorted positions as [first, count] pairs. */
  function encodeRuns(positions) {
    const runs = [];
    for (const i of [...positions].sort((a, b) => a - b)) {
      const last = runs[runs.length - 1];
      if (last && i === last[0] + last[1]) last[1]++;
      else if (!last || i >= last[0] + last[1]) runs.push([i, 1]);
    }
    return runs;
  }

  function* positionsOf(runs) {
    for (const [first, count] of runs) for (let i = first; i < first + count; i++) yield i;
  }

  /** base64 of little-endian int16. */
  function decodeAlignment(text, n) {
    const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
    if (bytes.length !== 2 * n) throw new Error("alignment does not fit this map");
    return new Int16Array(bytes.buffer);
  }

  class Sync {
    constructor(n, send) {
      this.n = n;
      this.send = send;
      this.client = Array.from(crypto.getRandomValues(new Uint32Array(3)), (v) =>
        v.toString(36)
      ).join("");
      this.plan = "";
      this.rev = -1;
      this.seq = 0;
      this.count = 0;
      this.pending = [];
      this.draft = null;
      this.look = { id: "", territories: [], locked: [] };
      this.hints = undefined; // null while the engine gets ready
      this.active = 0;
      this.pick = -1;
      this.confirmed = new Int16Array(n).fill(-1);
      this.view = new Int16Array(n).fill(-1);
      this.baseline = null;
      this.locked = new Uint8Array(n);
      this.allows = () => true;
      this._told = new Set();
      this._timer = 0;
      this._wait = RESEND_MS;
    }

    /** Take a patch; says what has to be drawn again, and what the territories' numbers became.
        Null where there is nothing to draw yet: a frame that was loaded anew gets the last patch
        first, which may hold differences only, and asks for everything. */
    receive(patch) {
      if (!this.look.id && (!patch.look || patch.look.base !== undefined)) {
        this.transmit(patch.plan);
        return null;
      }
      const fresh = patch.plan !== this.plan;
      if (fresh) {
        Object.assign(this, { plan: patch.plan, rev: -1, pending: [], draft: null, pick: -1 });
        this._told.clear();
      }
      if (patch.client === this.client)
        this.pending = this.pending.filter((op) => op.seq > patch.ack);
      const before = this.look.territories;
      const look = Boolean(patch.look) && this._takeLook(patch.look);
      const renumbered = look && !fresh ? this._renumber(before) : null;
      this.hints = patch.hints;
      this._takeAlignment(patch);
      if (patch.pick > this.pick) {
        this.pick = patch.pick;
        this.active = patch.active;
      }
      const mine = patch.client === this.client ? patch.rejects || [] : [];
      const rejects = mine.filter((reject) => !this._told.has(reject.seq));
      for (const reject of rejects) this._told.add(reject.seq);
      this._schedule();
      return { changed: this.replay(), look, rejects, fresh, renumbered };
    }

    /** The whole look, or what differs from the one that is here; false where it is another. */
    _takeLook({ base, ...news }) {
      if (base !== undefined && base !== this.look.id) {
        this.transmit(); // our id tells what we have
        return false;
      }
      this.look = base === undefined ? news : { ...this.look, ...news };
      if (news.baseline) this.baseline = decodeAlignment(news.baseline, this.n);
      if (news.locked) {
        this.locked.fill(0);
        for (const i of positionsOf(news.locked)) this.locked[i] = 1;
      }
      return true;
    }

    /** Gestures under way name territories by number: when the list changes they follow their
        territory, and those for one that is gone are dropped. Null where nothing changed. */
    _renumber(before) {
      const ids = this.look.territories.map(([id]) => id);
      if (ids.length === before.length && ids.every((id, t) => id === before[t][0])) return null;
      const place = new Map(ids.map((id, t) => [id, t]));
      const now = (t) => (t < 0 ? t : place.get(before[t] && before[t][0]));
      const count = this.pending.length + (this.draft ? 1 : 0);
      const follows = (op) => {
        const [to, back] = [now(op.to), now(op.back === undefined ? -1 : op.back)];
        if (to === undefined || back === undefined) return false;
        op.to = to;
        if (op.back !== undefined) op.back = back;
        return true;
      };
      this.pending = this.pending.filter(follows);
      if (this.draft && !follows(this.draft)) this.draft = null;
      else if (this.draft) this.draft.was = this.draft.was.map((t) => now(t) ?? -1);
      this.active = Math.max(0, now(this.active) ?? 0);
      return { now, lost: count - this.pending.length - (this.draft ? 1 : 0) };
    }

    _takeAlignment(patch) {
      if (patch.rev < this.rev) return;
      if (patch.alignment) {
        this.confirmed = decodeAlignment(patch.alignment, this.n);
      } else if (this.rev >= patch.base) {
        for (const [first, count, to] of patch.changes)
          this.confirmed.fill(to, first, first + count);
      } else {
        this.transmit(); // it thinks we know more than we do: our rev tells it better
        return;
      }
      this.rev = patch.rev;
    }

    /** Rebuild the view; returns the units that look different now. */
    replay() {
      const view = this.confirmed.slice();
      for (const op of this.draft ? [...this.pending, this.draft] : this.pending)
        if (op.positions && !op.still) {
          for (const i of op.positions) view[i] = op.to;
          for (const i of op.others || []) view[i] = op.back;
        }
      const changed = [];
      for (let i = 0; i < this.n; i++) if (view[i] !== this.view[i]) changed.push(i);
      this.view = view;
      return changed;
    }

    /** Start a gesture; preview() adds units to it, commit() ends it as one undo entry. */
    begin(kind, to) {
      this.draft = { kind, to, positions: new Set(), was: [], locked: 0 };
    }

    _shut(to) {
      return to >= 0 && (this.look.lockedTerritories || []).includes(to);
    }

    /** Would a gesture take this unit along? */
    mayMove(unit, to) {
      return this.view[unit] !== to && this.allows(unit) && !this.locked[unit] && !this._shut(to);
    }

    /** Give units to the gesture's territory here and now; returns those that changed. */
    preview(units) {
      const { to, positions, was } = this.draft;
      const changed = [];
      const shut = this._shut(to);
      for (const i of units) {
        if (this.view[i] === to || !this.allows(i)) continue;
        if (shut || this.locked[i]) {
          this.draft.locked++;
          continue;
        }
        was.push(this.view[i]);
        this.view[i] = to;
        positions.add(i);
        changed.push(i);
      }
      return changed;
    }

    commit(connected = false) {
      const { kind, to, positions } = this.draft;
      this.draft = null;
      if (positions.size) this._push({ kind, to, positions, connected });
    }

    /** What changes no owner, or one that only the server knows: locks, a new territory. Nothing
        is drawn before the answer. */
    request(kind, units, more = {}) {
      this._push({ kind, to: -1, positions: new Set(units), still: true, ...more });
    }

    /** Units of territory back go to territory to, and others the other way, as one gesture. */
    swap(positions, to, others, back, connected) {
      this._push({ kind: "swap", to, positions, back, others, connected });
      return this.replay();
    }

    /** Drop the gesture under way; returns the units that go back. */
    cancel() {
      this.draft = null;
      return this.replay();
    }

    /** Undo and redo are decided by the server. */
    ask(kind) {
      this._push({ kind, to: -1, positions: null });
    }

    _push(op) {
      this.pending.push({ seq: ++this.seq, ...op });
      this.transmit();
    }

    choose(territory) {
      if (territory === this.active || !this.look.territories[territory]) return false;
      this.active = territory;
      this.transmit();
      return true;
    }

    transmit(plan = this.plan) {
      this.count++;
      this.send({
        v: 1,
        plan,
        client: this.client,
        rev: this.rev,
        look: this.look.id,
        active: this.active,
        count: this.count,
        ops: this.pending.map(({ seq, kind, to, positions, connected, back, others, name }) => ({
          seq,
          kind,
          to,
          ix: positions ? encodeRuns(positions) : [],
          ...(connected ? { connected } : {}),
          ...(others ? { back, others: encodeRuns(others) } : {}),
          ...(name !== undefined ? { name } : {}),
        })),
      });
      this._schedule();
    }

    /** A message or its answer may get lost: say it again, more and more slowly. */
    _schedule() {
      clearTimeout(this._timer);
      if (!this.pending.length) {
        this._wait = RESEND_MS;
        return;
      }
      this._timer = setTimeout(() => {
        this._wait = Math.min(2 * this._wait, 60000);
        this.transmit();
      }, this._wait);
    }
  }

  Object.assign(TW, { Sync, encodeRuns, decodeAlignment, positionsOf });
})();
