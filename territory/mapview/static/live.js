/* What a gesture does to the territories it touches, counted in the browser frame by frame:
   each measure against its target, before → after. */
(function () {
  "use strict";
  const TW = (window.TerritoryWorkbench = window.TerritoryWorkbench || {});
  const { h, swatchOf } = TW.dom;
  const LINGER_MS = 4000;
  const FULL = 1; // deviation at which a bar is full

  /** Measures with a target, as the look names them, with their values from the region. */
  function targeted(editor) {
    const { sync, region } = editor;
    const found = [];
    for (const [name, targets] of Object.entries(sync.look.targets || {})) {
      const known = region.measures.find((m) => m.name === name);
      if (known) found.push({ ...known, targets });
      else if (name === "units")
        found.push({ name, label: sync.look.words.units, format: "count", unit: "", of: null, targets });
    }
    return found;
  }

  /** The change of every territory's totals while units move. */
  class Effect {
    constructor(editor) {
      this.editor = editor;
    }

    /** Start from what is on screen; later moves go to one territory (-1: unassigned). */
    begin(to) {
      const { sync } = this.editor;
      if (this.madeOf !== sync.look) {
        this.madeOf = sync.look;
        this.measures = targeted(this.editor);
        this.named = new TW.Named(sync.look, this.measures);
      }
      const k = sync.look.territories.length;
      this.to = to;
      this.sides = null; // territories to show first where it is not the receiver
      this.units = new Int32Array(k + 1); // the last one stands for unassigned
      this.moved = new Int32Array(k + 1);
      this.totals = this.measures.map(() => new Float64Array(k + 1));
      this.change = this.measures.map(() => new Float64Array(k + 1));
      const { view } = sync;
      for (let i = 0; i < view.length; i++) this._count(this.units, this.totals, i, view[i], 1);
      return this;
    }

    _count(units, totals, unit, owner, sign) {
      const at = owner < 0 ? units.length - 1 : owner;
      units[at] += sign;
      for (let m = 0; m < totals.length; m++) {
        const { of } = this.measures[m];
        const value = of ? of[unit] : 1;
        if (value === value) totals[m][at] += sign * value;
      }
      this.named.count(totals, unit, owner, sign);
    }

    move(unit, from, to = this.to) {
      if (from === to) return;
      this._count(this.moved, this.change, unit, from, -1);
      this._count(this.moved, this.change, unit, to, 1);
    }

    /** Territories that lose units, most first. */
    donors() {
      const found = [];
      for (let t = 0; t + 1 < this.moved.length; t++) if (this.moved[t] < 0) found.push(t);
      return found.sort((a, b) => this.moved[a] - this.moved[b]);
    }
  }

  /** Rows for the receiving territory and its donors; only words change while they stay. */
  class EffectRows {
    constructor(editor, measures, donors) {
      Object.assign(this, { editor, most: measures, donors });
      this.element = h("div", { class: "tw-effect" });
      this.key = "";
    }

    show(effect) {
      const donors = effect.donors();
      const shown = donors.slice(0, this.donors);
      const owners = effect.sides || (effect.to >= 0 ? [effect.to, ...shown] : shown);
      const { look } = this.editor.sync;
      const key = look.id + owners.join();
      if (key !== this.key) {
        this.key = key;
        this.blocks = owners.map((owner) => this._block(owner, effect, look));
        this.rest = h("div", { class: "tw-soft" });
        this.element.replaceChildren(...this.blocks.map((b) => b.element), this.rest);
      }
      for (const block of this.blocks) this._fill(block, effect, look);
      const others = effect.sides ? 0 : donors.length - shown.length;
      this.rest.textContent = others ? `and ${others} more give some` : "";
      this.rest.hidden = !others;
    }

    _block(owner, effect, look) {
      const count = h("span", { class: "tw-count" });
      const [, name] = look.territories[owner];
      const label = h("b", { dir: "auto", class: "tw-name" }, name);
      const head = h("div", { class: "tw-effect-head" }, swatchOf(look.territories[owner]), label, count);
      const lines = effect.measures.slice(0, this.most).map((m) => {
        const parts = {
          amount: h("span", { class: "tw-soft" }),
          was: h("span", { class: "tw-soft" }),
          now: h("b", {}),
          bar: h("i", {}),
        };
        const text = h("span", {}, m.label + " ", parts.amount);
        const row = h("div", { class: "tw-fact" }, text, h("span", {}, parts.was, parts.now));
        const bar = h("div", { class: "tw-meter" }, parts.bar);
        return { ...parts, row: [row, bar] };
      });
      const rows = lines.flatMap((line) => line.row);
      return { owner, count, lines, element: h("div", {}, head, ...rows) };
    }

    _fill({ owner, count, lines }, effect, look) {
      const before = effect.units[owner];
      const after = before + effect.moved[owner];
      count.textContent =
        before === after ? TW.formatCount(after) : `${TW.formatCount(before)} → ${TW.formatCount(after)}`;
      lines.forEach((line, m) => {
        const measure = effect.measures[m];
        const target = measure.targets[owner];
        const total = effect.totals[m][owner];
        const now = total + effect.change[m][owner];
        line.amount.textContent = TW.formatValue(now, measure, look.currency || "");
        const [old, off] = [total, now].map((v) => (target > 0 ? (v - target) / target : NaN));
        const [was, is] = [deviationText(old), deviationText(off)];
        line.was.textContent = was === is ? "" : `${was} → `;
        line.now.textContent = is;
        drawBar(line.bar, off, look.band);
      });
    }
  }

  function deviationText(value) {
    if (!Number.isFinite(value)) return "–";
    // As the panel beside the map writes it: one digit where the deviation is small.
    const digits = Math.abs(value) >= 0.1 ? 0 : 1;
    const percent = Number((100 * value).toFixed(digits));
    const size = Math.abs(percent);
    const sign = percent > 0 ? "+" : percent < 0 ? "−" : "±";
    return sign + (digits ? size.toFixed(1) : TW.formatCount(size)) + " %";
  }

  /** From the middle to the right where over, to the left where under. */
  function drawBar(bar, value, band) {
    const width = Number.isFinite(value) ? (50 * Math.min(Math.abs(value), FULL)) / FULL : 0;
    bar.style.left = (value > 0 ? 50 : 50 - width) + "%";
    bar.style.width = width + "%";
    bar.className = Math.abs(value) <= band ? "" : value > 0 ? "tw-over" : "tw-under";
  }

  /** The panel beside the gesture under way; it stays a moment afterwards. */
  class Live {
    constructor(editor) {
      this.editor = editor;
      this.effect = new Effect(editor);
      this.rows = new EffectRows(editor, 3, 2);
      this.element = h("div", { class: "tw-live", hidden: "" }, this.rows.element);
    }

    begin(to) {
      clearTimeout(this.timer);
      this.effect.begin(to);
    }

    /** Units that just moved, and who had them. */
    add(units, owners) {
      units.forEach((unit, j) => this.effect.move(unit, owners[j]));
      this.show();
    }

    /** What would happen if these units moved: nothing has yet. */
    suppose(units, to) {
      const { sync } = this.editor;
      this.begin(to);
      for (const unit of units) if (sync.mayMove(unit, to)) this.effect.move(unit, sync.view[unit]);
      this.show();
    }

    show() {
      const { effect } = this;
      const any = effect.moved.some((count) => count !== 0);
      this.element.hidden = !any || !effect.measures.length;
      if (!this.element.hidden) this.rows.show(effect);
    }

    end() {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.hide(), LINGER_MS);
    }

    hide() {
      clearTimeout(this.timer);
      this.element.hidden = true;
    }
  }

  Object.assign(TW, { targeted, Effect, EffectRows, Live });
})();
