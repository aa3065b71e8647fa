/* The card beside the pointer: unit, place, owner, measures. */
(function () {
  "use strict";
  const TW = (window.TerritoryWorkbench = window.TerritoryWorkbench || {});
  const { h, owner } = TW.dom;
  const MOST_MEASURES = 5;

  TW.HoverCard = class {
    constructor(editor) {
      this.editor = editor;
      this.element = h("div", { class: "tw-card", hidden: "" });
    }

    /** Show a unit's card at a point, or no card for -1. */
    show(unit, point) {
      this.element.hidden = unit < 0;
      if (unit < 0) return;
      if (unit !== this.unit || this.version !== this.editor.version) this._fill(unit);
      TW.dom.beside(this.element, this.editor.map.getContainer(), point);
    }

    _fill(unit) {
      const { sync, region, tool } = this.editor;
      this.unit = unit;
      this.version = this.editor.version;
      const place = region.words.find((w) => /city|name|place|town/i.test(w.name)) || region.words[0];
      const title = h("div", { class: "tw-title" }, h("b", {}, region.ids[unit]));
      if (place) title.append(h("span", { dir: "auto" }, place.values[place.of[unit]]));
      const { territories } = sync.look;
      const line = h("div", { class: "tw-owner" }, ...owner(territories[sync.view[unit]]));
      const to = tool.id === "erase" ? -1 : sync.active;
      const gives = tool.id !== "inspect" && tool.id !== "drag";
      if (gives && !sync.locked[unit] && sync.view[unit] !== to)
        line.append(h("span", { class: "tw-soft" }, "→"), ...owner(territories[to]));
      this.element.replaceChildren(title, line, ...this._facts(unit));
      if (tool.id === "group") this.element.append(this._group(unit));
      if (sync.locked[unit]) this.element.append(h("div", { class: "tw-soft" }, "Locked"));
      const was = sync.baseline ? sync.baseline[unit] : sync.view[unit];
      if (was !== sync.view[unit]) {
        const text = h("span", { class: "tw-soft" }, "was ");
        const before = owner(territories[was])[1];
        this.element.append(h("div", { class: "tw-was" }, text, before));
      }
    }

    /** What one click with the group tool would take. */
    _group(unit) {
      const { groups, sync } = this.editor;
      const count = groups.members(unit).length;
      const text = `Whole ${groups.current.label}: ${TW.dom.counted(count, sync.look.words)}`;
      return h("div", { class: "tw-soft" }, text);
    }

    /** Measures of a unit and their share of the owner's total. */
    _facts(unit) {
      const { sync, region, totals } = this.editor;
      const own = sync.view[unit];
      const shown = region.measures.filter((m) => m.name !== "area_km2").slice(0, MOST_MEASURES);
      return shown.map((m) => {
        const value = m.of[unit];
        const total = own >= 0 ? totals(m)[own] : 0;
        const share = total > 0 ? ` (${((100 * value) / total).toFixed(1)} %)` : "";
        const text = TW.formatValue(value, m, sync.look.currency || "") + share;
        const label = h("span", { class: "tw-soft" }, m.label);
        return h("div", { class: "tw-fact" }, label, h("span", {}, text));
      });
    }
  };
})();
