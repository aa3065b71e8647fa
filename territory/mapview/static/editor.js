/* The editor: region, sync, renderer, chrome and input put together. */
(function () {
  "use strict";
  const TW = (window.TerritoryWorkbench = window.TerritoryWorkbench || {});
  const L = window.L;
  const RELABEL_MS = 400;

  class Editor {
    constructor(map, region, options) {
      Object.assign(this, { map, region, options });
      this.tool = TW.TOOLS.find((tool) => tool.id === "assign");
      this.size = 2;
      this.panning = false;
      this.version = 0;
      this.stat = { move: [], click: [] };
      this.sync = new TW.Sync(region.n, options.send);
      this.guard = new TW.Guard(this);
      this.groups = new TW.Groups(region);
      this.scene = {
        region,
        sync: this.sync,
        theme: TW.THEMES.light,
        hover: -1,
        near: null, // units that go with the hovered one
        selection: new Set(),
        found: new Set(),
        trial: null, // what the shape being drawn holds
        lit: null, // the territory under a drag
        carried: null, // units on the move
        shape: null,
        groups: groupsOf(region),
      };
      this.totals = (measure) => this._totals(measure);
      this.scene.places = new TW.Places(this);
      this.scene.colouring = TW.colouring(this, "owner");
      this.renderer = new TW.Renderer(this.scene);
      this.view = new TW.View(this);
      this.renderer.addTo(map);
      this.chrome = new TW.Chrome(this);
      this.pointer = new TW.Pointer(this);
      this.keys = new TW.Keys(this);
      this.restyle();
      this.use(this.tool);
    }

    alive() {
      return this.map.getContainer().isConnected;
    }

    focus() {
      this.map.getContainer().focus({ preventScroll: true });
    }

    /** Take what the server says and draw what changed. */
    receive(patch) {
      const news = this.sync.receive(patch);
      if (!news) return;
      const { changed, look, rejects, fresh, renumbered } = news;
      this.version++;
      if (fresh) {
        this.setSelection([]);
        this.chrome.finder.leave();
      }
      if (renumbered) this._follow(renumbered);
      if (look || fresh) {
        this.chrome.display.show();
        this.renderer.redraw();
        this.chrome.note.textContent = this.sync.look.note || "";
        if (fresh) this.chrome.legend.element.open = this.sync.look.territories.length <= 12;
      } else {
        this._draw(changed);
      }
      this._refresh(patch.active !== this.shownActive);
      this.chrome.locks.show();
      this.chrome.hints.receive(fresh);
      this._goTo(this.sync.look.point);
      for (const { reason } of rejects) if (reason) this.chrome.say(reason);
    }

    /** A unit that was picked on another page: marked and brought into view, once. */
    _goTo(point) {
      if (point === this.pointed) return;
      this.pointed = point;
      if (!(point >= 0)) return;
      this.mark([point]);
      this.view.zoomTo([point]);
    }

    /** The list of territories changed: what was under way follows, or is dropped with words. */
    _follow({ now, lost }) {
      this.guard.renumber(now);
      if (lost) this.chrome.say("Dropped what was under way: its territory is no more.");
      const { selection } = this.scene;
      const made = this.sync.look.territories.length - 1;
      // What became a territory of its own need not be selected any longer.
      if (selection.size && [...selection].every((i) => this.sync.confirmed[i] === made))
        this.setSelection([]);
    }

    /** Chrome after a change of plan, tool or active territory. */
    _refresh(activeChanged) {
      if (this.shownActive !== this.sync.active && activeChanged !== false)
        this.renderer.redrawLines();
      this.shownActive = this.sync.active;
      this.chrome.showTool();
      this.chrome.legend.show();
      this.chrome.picked.show();
    }

    _draw(units) {
      this.renderer.repaint(units);
      if (units.length) this._relabelSoon();
    }

    _relabelSoon() {
      clearTimeout(this.relabel);
      this.relabel = setTimeout(() => this.renderer.redrawLines(), RELABEL_MS);
    }

    begin(kind, to) {
      this.sync.begin(kind, to);
      this.chrome.live.begin(to);
    }

    /** A gesture took these units along. */
    preview(units) {
      const changed = this.sync.preview(units);
      this.version++;
      if (!changed.length) return;
      this.renderer.repaint(changed);
      this.chrome.live.add(changed, this.sync.draft.was.slice(-changed.length));
    }

    /** End the gesture as one undo entry; false where it may not be and was taken back. */
    commit() {
      const { draft } = this.sync;
      const refusal = this.guard.refusal(draft);
      if (refusal) {
        this._refuse(draft, refusal);
        return false;
      }
      this.sync.commit(this.guard.connected);
      this._sayLocked(draft.locked);
      this._relabelSoon();
      this.chrome.live.end();
      this._changed();
      return true;
    }

    /** Owners changed here and now: counts and cards follow. */
    _changed() {
      this.chrome.legend.show();
      this.chrome.picked.show();
      this.chrome.hints.show();
    }

    _sayLocked(locked) {
      const { unit, units } = this.sync.look.words;
      if (locked === 1) this.chrome.say(`1 locked ${unit} stays where it is.`);
      else if (locked) this.chrome.say(`${locked} locked ${units} stay.`);
    }

    /** Say what would come apart; offer to take along what would be cut off. */
    _refuse({ kind, to, positions }, { text, orphans }) {
      const along = [...positions, ...orphans];
      this.cancel();
      const free = orphans.length && orphans.every((i) => this.sync.mayMove(i, to));
      const act = () => this.give(kind, along, to);
      this.chrome.say(text, free ? { label: "Take along", act } : null);
    }

    /** A whole gesture at once; false where nothing came of it. */
    give(kind, units, to) {
      const barred = units.some((i) => this.sync.view[i] !== to && !this.sync.allows(i));
      this.begin(kind, to);
      this.preview(units);
      if (barred && !this.sync.draft.positions.size)
        this.chrome.say(`Left where they are: you take only from ${this.guard.sourceName()}.`);
      return this.commit();
    }

    cancel() {
      this.version++;
      this.renderer.repaint(this.sync.cancel());
      this.chrome.live.hide();
    }

    escape() {
      const { chrome } = this;
      if (this.pointer.escape()) return;
      if (!chrome.help.hidden) chrome.toggleHelp(false);
      else if (!chrome.display.element.hidden) chrome.display.toggle(false);
      else if (!chrome.finder.element.hidden) chrome.finder.toggle(false);
      else if (!chrome.locks.element.hidden) chrome.locks.toggle(false);
      else if (!chrome.finder.bar.hidden) chrome.finder.leave();
      else this.setSelection([]);
    }

    ask(kind) {
      this.chrome.live.hide();
      this.sync.ask(kind);
    }

    use(tool) {
      this.tool = tool;
      this._drag();
      this._hover(-1);
      this.chrome.showTool();
    }

    /** Another source, another rule: what a selection would do may differ. */
    changedOptions() {
      this.version++;
      this.chrome.showTool();
      this.chrome.picked.show();
      this.chrome.hints.show();
    }

    pan(on) {
      if (this.panning === on) return;
      this.panning = on;
      this._drag();
      this.chrome.moveCursor(null);
    }

    /** Tools that paint take the drag; everything else leaves it to the map. */
    _drag() {
      const free = this.panning || !this.tool.begin;
      this.map.dragging[free ? "enable" : "disable"]();
      this.map.getContainer().classList.toggle("tw-panning", this.panning);
    }

    resize(step) {
      this.size = Math.max(0, Math.min(TW.BRUSH_SIZES.length - 1, this.size + step));
      this.chrome.showTool();
    }

    choose(territory) {
      if (!this.sync.choose(territory)) return;
      this.version++;
      this._refresh(true);
    }

    pickOwner(unit) {
      if (unit >= 0 && this.sync.view[unit] >= 0) this.choose(this.sync.view[unit]);
    }

    select(unit, add) {
      const chosen = add ? new Set(this.scene.selection) : new Set();
      if (unit >= 0 && !chosen.delete(unit)) chosen.add(unit);
      this.setSelection(chosen);
    }

    setSelection(units) {
      this.scene.selection = new Set(units);
      this.renderer.drawPicked();
      if (this.scene.selection.size) this.chrome.live.hide();
      this.chrome.picked.show();
    }

    giveSelection(to) {
      const units = [...this.scene.selection];
      if (units.some((unit) => this.sync.mayMove(unit, to)) && this.give("list", units, to))
        this.setSelection([]);
    }

    lockSelection() {
      const units = [...this.scene.selection];
      this.sync.request(units.every((unit) => this.sync.locked[unit]) ? "unlock" : "lock", units);
    }

    /** What a swap of the selection would exchange: null unless it lies in two territories and
        both can give theirs. */
    swapSides() {
      const { sync } = this;
      const owners = new Map();
      for (const i of this.scene.selection) {
        if (!owners.has(sync.view[i])) owners.set(sync.view[i], []);
        owners.get(sync.view[i]).push(i);
      }
      if (owners.size !== 2 || owners.has(-1)) return null;
      const [[to, others], [back, positions]] = owners;
      const free = (units, target) => units.every((i) => sync.mayMove(i, target));
      return free(positions, to) && free(others, back) ? { positions, to, others, back } : null;
    }

    swapSelection() {
      const sides = this.swapSides();
      if (sides && this.swap(sides)) this.setSelection([]);
    }

    /** Units of two territories change places; false where it may not be. */
    swap({ positions, to, others, back }) {
      const refusal = this.guard.swapRefusal(positions, to, others, back);
      if (refusal) {
        this.chrome.say(refusal);
        return false;
      }
      this.version++;
      this._draw(this.sync.swap(new Set(positions), to, new Set(others), back, this.guard.connected));
      this._changed();
      return true;
    }

    /** The selection as a territory of its own; the server says which number it has. */
    newTerritory(name) {
      this.sync.request("new", this.scene.selection, { name });
    }

    /** Units that a finder points at. */
    mark(units) {
      this.scene.found = new Set(units);
      this.renderer.drawPicked();
    }

    /** What the shape under way holds; with its effect where releasing would assign it. */
    tryOn(units, supposed) {
      this.scene.trial = units;
      this.renderer.drawPicked();
      this.renderer.drawTop();
      if (units && supposed) this.chrome.live.suppose(units, this.sync.active);
      else this.chrome.live.hide();
    }

    unitAt({ x, y }) {
      return this.region.at(...this.renderer.gridOf(L.point(x, y)));
    }

    hoverAt(point) {
      const unit = point ? this.unitAt(point) : -1;
      this.cursorAt(point);
      const place = point && !this.panning ? this.renderer.placeAt(L.point(point.x, point.y)) : null;
      this.chrome.card.show(this.panning || place ? -1 : unit, point);
      this.chrome.placeCard.show(place, point);
      this._hover(unit);
    }

    _hover(unit) {
      const { scene, tool } = this;
      if (unit === scene.hover && (unit >= 0 || !scene.near)) return;
      scene.hover = unit;
      scene.near = unit >= 0 && tool.near ? new Set(tool.near(this, unit)) : null;
      this.renderer.drawTop();
    }

    cursorAt(point) {
      this.chrome.moveCursor(point);
    }

    _totals(measure) {
      if (this.totalsOf !== this.version) {
        this.totalsOf = this.version;
        this.sums = new Map();
      }
      if (!this.sums.has(measure)) {
        const sum = new Float64Array(this.sync.look.territories.length);
        const { view } = this.sync;
        const { of } = measure; // null: each unit counts 1
        for (let i = 0; i < view.length; i++)
          if (view[i] >= 0 && (!of || of[i] === of[i])) sum[view[i]] += of ? of[i] : 1;
        new TW.Named(this.sync.look, [measure]).correct([sum], view);
        this.sums.set(measure, sum);
      }
      return this.sums.get(measure);
    }

    /** Follow the app's theme. */
    restyle() {
      const name = TW.currentTheme();
      document.documentElement.dataset.twTheme = name;
      if (this.scene.theme === TW.THEMES[name] && this.styled) return;
      this.styled = true;
      this.scene.theme = TW.THEMES[name];
      this.chrome.display.apply();
    }
  }

  /** Codes of the coarsest useful word column (state, county), for a quiet border of its own. */
  function groupsOf(region) {
    const fit = (w) => w.values.length > 1 && w.values.length <= Math.max(60, region.n / 30);
    const found = region.words.filter((w) => /state|county|region|province/i.test(w.name) && fit(w));
    found.sort((a, b) => a.values.length - b.values.length);
    return found.length ? found[0].of : null;
  }

  TW.Editor = Editor;
})();
