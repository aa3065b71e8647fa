/* Selection first: what is chosen, and what giving it away would do, before anything changes. */
(function () {
  "use strict";
  const TW = (window.TerritoryWorkbench = window.TerritoryWorkbench || {});
  const { ICONS, h, button, owner, counted } = TW.dom;
  const MOST_OWNERS = 4;

  TW.SelectionCard = class {
    constructor(editor) {
      this.editor = editor;
      this.effect = new TW.Effect(editor);
      this.rows = new TW.EffectRows(editor, 2, 1);
      this.title = h("b", {});
      this.sums = h("div", { class: "tw-soft" });
      this.owners = h("div", { class: "tw-owners" });
      this.aside = h("div", { class: "tw-soft" });
      this.give = this._button("", "Enter", () => editor.giveSelection(editor.sync.active));
      this.give.className = "tw-main";
      const clear = button("Clear", "Esc", ICONS.close, () => editor.setSelection([]));
      this.lock = this._button("Lock", "", () => editor.lockSelection());
      const act = h(
        "div",
        { class: "tw-actions" },
        this.give,
        this._button("Unassign", "Del", () => editor.giveSelection(-1)),
        this.lock
      );
      this.element = h(
        "div",
        { class: "tw-picked tw-ui", role: "region", "aria-label": "Selection", hidden: "" },
        h("div", { class: "tw-help-head" }, this.title, clear),
        this.sums,
        this.owners,
        this.rows.element,
        this.aside,
        act
      );
    }

    _button(text, key, act) {
      return h("button", { type: "button", title: key, onclick: act }, text);
    }

    show() {
      const { scene, sync, region } = this.editor;
      const units = [...scene.selection];
      this.element.hidden = !units.length;
      if (!units.length) return;
      const { look, active } = sync;
      this.title.textContent = `${counted(units.length, look.words)} selected`;
      this._sums(units, region, look);
      this._owners(units, sync);
      this.effect.begin(active);
      let stay = 0;
      for (const unit of units) {
        if (sync.mayMove(unit, active)) this.effect.move(unit, sync.view[unit]);
        else if (sync.view[unit] !== active) stay++;
      }
      const any = this.effect.moved.some((count) => count !== 0);
      this.rows.element.hidden = !any;
      if (any) this.rows.show(this.effect);
      this.aside.textContent = stay ? `${counted(stay, look.words)} locked or not to be taken` : "";
      const target = look.territories[active];
      this.give.replaceChildren("Assign to ", h("b", { dir: "auto" }, target ? target[1] : ""));
      this.give.disabled = !any;
      this.unlocks = units.every((unit) => sync.locked[unit]);
      this.lock.textContent = this.unlocks ? "Unlock" : "Lock";
    }

    /** Each measure shown, added up. */
    _sums(units, region, look) {
      const parts = this.editor.chrome.live.effect.begin(-1).measures.map((m) => {
        let sum = 0;
        for (const unit of units) sum += m.of ? m.of[unit] || 0 : 1;
        return `${TW.formatValue(sum, m, look.currency || "")} ${m.label.toLowerCase()}`;
      });
      this.sums.textContent = parts.join(" · ");
    }

    /** Whose they are now. */
    _owners(units, sync) {
      const counts = new Map();
      for (const unit of units) counts.set(sync.view[unit], (counts.get(sync.view[unit]) || 0) + 1);
      const ranked = [...counts].sort((a, b) => b[1] - a[1]);
      const parts = ranked.slice(0, MOST_OWNERS).map(([at, count]) => {
        const number = h("span", { class: "tw-soft" }, TW.formatCount(count));
        return h("span", {}, ...owner(sync.look.territories[at]), number);
      });
      const more = ranked.length - parts.length;
      if (more > 0) parts.push(h("span", { class: "tw-soft" }, `and ${more} more`));
      this.owners.replaceChildren(...parts);
    }
  };
})();
