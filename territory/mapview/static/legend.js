/* Legend: what the fills say where they don't say the owner; owners, their colours and how many
   units and accounts each has. */
(function () {
  "use strict";
  const TW = (window.TerritoryWorkbench = window.TerritoryWorkbench || {});
  const { ICONS, h, icon, swatch, swatchOf } = TW.dom;

  /** Beside what is locked as a whole; the map hatches it. */
  function padlock() {
    const sign = icon(ICONS.lock);
    return h("span", { class: "tw-padlock", title: "Locked", role: "img", "aria-label": "Locked" }, sign);
  }

  TW.Legend = class {
    constructor(editor) {
      this.editor = editor;
      this.scale = h("div", { class: "tw-scale", hidden: "" });
      this.rows = h("div", { class: "tw-rows", role: "list" });
      const title = h("summary", {}, "Legend");
      this.element = h("details", { class: "tw-legend tw-ui" }, title, this.scale, this.rows);
      this.element.addEventListener("toggle", () => this.show());
    }

    /** Counts afresh; rows are rebuilt only when the territories change. */
    show() {
      if (!this.element.open) return;
      const { sync, scene } = this.editor;
      const counts = this._counts();
      if (this.madeOf !== sync.look.id) this._build(sync.look);
      for (const [owner, row] of this.rowOf) {
        const at = owner < 0 ? sync.look.territories.length : owner;
        row.counts.forEach((cell, c) => (cell.textContent = TW.formatCount(counts[c][at])));
        row.element.classList.toggle("tw-on", owner === sync.active);
        if (owner < 0) row.element.hidden = !counts[0][at];
      }
      this._scale(scene.colouring);
    }

    /** Units, and accounts where the region has them, by territory; the last is unassigned. */
    _counts() {
      const { sync } = this.editor;
      this.accounts = this.editor.region.measures.find((m) => m.name === "accounts");
      const found = [null, ...(this.accounts ? [this.accounts.of] : [])].map((values) => {
        const sum = new Float64Array(sync.look.territories.length + 1);
        sync.view.forEach((owner, i) => {
          const value = values ? values[i] : 1;
          if (value === value) sum[owner < 0 ? sum.length - 1 : owner] += value;
        });
        return sum;
      });
      return found;
    }

    /** Colours of a measure or a deviation, with what each means. */
    _scale(colouring) {
      const own = colouring.shows === "owner";
      this.scale.hidden = own;
      this.rows.hidden = !own;
      if (own) return;
      const count = colouring.shows === "off" ? "territories" : this.editor.sync.look.words.units;
      const head = h("div", { class: "tw-scale-head" }, h("b", {}, colouring.title()));
      head.append(h("span", { class: "tw-count" }, count));
      const lines = colouring.rows().map(([colour, text, number]) => {
        const cells = [swatch(colour), h("span", {}, text)];
        return h("div", {}, ...cells, h("span", { class: "tw-count" }, TW.formatCount(number)));
      });
      this.scale.replaceChildren(head, ...lines);
    }

    _build(look) {
      this.madeOf = look.id;
      this.rowOf = new Map();
      const heads = [look.words.units, ...(this.accounts ? ["accounts"] : [])];
      const headings = heads.map((text) => h("span", { class: "tw-count" }, text));
      this.rows.classList.toggle("tw-wide", heads.length > 1);
      const add = (owner, name) => {
        const counts = heads.map(() => h("span", { class: "tw-count" }));
        const number = h("span", { class: "tw-number" }, owner < 0 ? "" : owner + 1 + "");
        const label = h("span", { class: "tw-name", dir: "auto" }, name);
        const act = () => owner >= 0 && this.editor.choose(owner);
        if (look.lockedTerritories.includes(owner)) label.append(padlock());
        const inner = [swatchOf(look.territories[owner]), number, label, ...counts];
        const row = h("button", { type: "button", role: "listitem", onclick: act }, ...inner);
        this.rowOf.set(owner, { element: row, counts });
        return row;
      };
      this.rows.replaceChildren(
        h("div", { class: "tw-heads" }, h("span", {}), ...headings),
        ...look.territories.map(([, name], owner) => add(owner, name)),
        add(-1, "unassigned")
      );
    }
  };
})();
