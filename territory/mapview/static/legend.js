/* Legend: owners, their colours and how many units each has. */
(function () {
  "use strict";
  const TW = (window.TerritoryWorkbench = window.TerritoryWorkbench || {});
  const { h, swatch } = TW.dom;

  TW.Legend = class {
    constructor(editor) {
      this.editor = editor;
      this.rows = h("div", { class: "tw-rows", role: "list" });
      const title = h("summary", {}, "Legend");
      this.element = h("details", { class: "tw-legend tw-ui" }, title, this.rows);
      this.element.addEventListener("toggle", () => this.show());
    }

    /** Counts afresh; rows are rebuilt only when the territories change. */
    show() {
      if (!this.element.open) return;
      const { sync, region } = this.editor;
      const counts = new Map([[-1, 0]]);
      for (let i = 0; i < region.n; i++)
        counts.set(sync.view[i], (counts.get(sync.view[i]) || 0) + 1);
      if (this.madeOf !== sync.look.id) this._build(sync.look);
      for (const [owner, row] of this.rowOf) {
        row.count.textContent = TW.formatCount(counts.get(owner) || 0);
        row.element.classList.toggle("tw-on", owner === sync.active);
        if (owner < 0) row.element.hidden = !counts.get(-1);
      }
    }

    _build(look) {
      this.madeOf = look.id;
      this.rowOf = new Map();
      const add = (owner, name, colour) => {
        const count = h("span", { class: "tw-count" });
        const number = h("span", { class: "tw-number" }, owner < 0 ? "" : owner + 1 + "");
        const label = h("span", { class: "tw-name", dir: "auto" }, name);
        const act = () => owner >= 0 && this.editor.choose(owner);
        const inner = [swatch(colour), number, label, count];
        const row = h("button", { type: "button", role: "listitem", onclick: act }, ...inner);
        this.rowOf.set(owner, { element: row, count });
        return row;
      };
      this.rows.replaceChildren(
        ...look.territories.map(([, name, , colour], owner) => add(owner, name, colour)),
        add(-1, "unassigned", "")
      );
    }
  };
})();
