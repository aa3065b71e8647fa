/* What hangs together: pieces of territories, and the modifiers that keep a gesture in bounds.
   The server asks the same again (mapview/guard.py) with the same neighbours. */
(function () {
  "use strict";
  const TW = (window.TerritoryWorkbench = window.TerritoryWorkbench || {});
  const NAMED = 3;

  /** Connected pieces of some units (ascending), largest first; ties to the lowest unit. */
  function piecesOf(region, units) {
    const { link, linkOf } = region;
    const open = new Set(units);
    const pieces = [];
    for (const start of units) {
      if (!open.delete(start)) continue;
      const piece = [start];
      for (let at = 0; at < piece.length; at++) {
        const i = piece[at];
        for (let q = linkOf[i]; q < linkOf[i + 1]; q++) if (open.delete(link[q])) piece.push(link[q]);
      }
      pieces.push(piece);
    }
    return pieces.sort((a, b) => b.length - a.length);
  }

  /** Units of a territory, ascending. */
  function unitsOf(view, owner) {
    const found = [];
    for (let i = 0; i < view.length; i++) if (view[i] === owner) found.push(i);
    return found;
  }

  class Guard {
    constructor(editor) {
      this.editor = editor;
      this.source = "any";
      this.connected = false;
      editor.sync.allows = (unit) => this.allows(unit);
    }

    /** May a gesture take this unit from who has it? */
    allows(unit) {
      return this.source === "any" || this.editor.sync.view[unit] === Number(this.source);
    }

    knows(count) {
      return this.source === "any" || Number(this.source) < count;
    }

    sourceName() {
      const from = this.editor.sync.look.territories[Number(this.source)];
      return from ? from[1] : "unassigned";
    }

    /** Territories have other numbers now; one that is gone limits nothing. */
    renumber(now) {
      const source = Number(this.source);
      if (this.source === "any" || source < 0) return;
      const place = now(source);
      this.source = place === undefined ? "any" : String(place);
    }

    takeFrom(source) {
      this.source = String(source);
      this.editor.changedOptions();
    }

    toggle() {
      this.connected = !this.connected;
      this.editor.changedOptions();
    }

    /** Why a gesture that is drawn already may not stay, or null: {text, orphans}. */
    refusal({ to, positions, was }) {
      if (!this.connected || !positions.size) return null;
      const { sync, region } = this.editor;
      const moved = [...positions];
      const orphans = [];
      for (const donor of new Set(was)) {
        if (donor < 0) continue;
        const after = unitsOf(sync.view, donor);
        const before = [...after, ...moved.filter((_, j) => was[j] === donor)].sort((a, b) => a - b);
        const stray = new Set(piecesOf(region, before).slice(1).flat());
        for (const piece of piecesOf(region, after).slice(1))
          orphans.push(...piece.filter((i) => !stray.has(i)));
      }
      if (orphans.length) return { text: this._cut(orphans), orphans };
      if (to < 0) return null;
      const after = unitsOf(sync.view, to);
      const before = after.filter((i) => !positions.has(i));
      const most = Math.max(1, piecesOf(region, before).length);
      if (piecesOf(region, after).length <= most) return null;
      const [, name] = sync.look.territories[to];
      return { text: `That would leave ${name} in more pieces than before.`, orphans: [] };
    }

    /** Why two territories may not exchange units, or "". */
    swapRefusal(positions, to, others, back) {
      if (!this.connected) return "";
      const { sync, region } = this.editor;
      const after = sync.view.slice();
      for (const i of positions) after[i] = to;
      for (const i of others) after[i] = back;
      const count = (view, owner) => piecesOf(region, unitsOf(view, owner)).length;
      const worse = [to, back].filter((t) => count(after, t) > Math.max(1, count(sync.view, t)));
      const names = worse.map((t) => sync.look.territories[t][1]).join(", ");
      return names && `That would leave ${names} in more pieces than before.`;
    }

    _cut(orphans) {
      const { sync, region } = this.editor;
      const named = orphans.slice(0, NAMED).map((i) => region.ids[i]);
      const more = orphans.length - named.length;
      const owners = [...new Set(orphans.map((i) => sync.look.territories[sync.view[i]][1]))];
      const units = named.join(", ") + (more > 0 ? ` and ${more} more` : "");
      return `That would cut ${units} off from ${owners.join(", ")}.`;
    }
  }

  Object.assign(TW, { Guard, piecesOf, unitsOf });
})();
