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
      this.rows = new TW.EffectRows(editor, 3, 2);
      this.title = h("b", {});
      this.sums = h("div", { class: "tw-soft" });
      this.owners = h("div", { class: "tw-owners" });
      this.aside = h("div", { class: "tw-soft" });
      const clear = button("Clear", "Esc", ICONS.close, () => editor.setSelection([]));
      const body = h("div", { class: "tw-picked-body" }, this.sums, this.owners, this.rows.element);
      body.append(this.aside);
      this.element = h(
        "div",
        { class: "tw-picked tw-ui", role: "region", "aria-label": "Selection", hidden: "" },
        h("div", { class: "tw-help-head" }, this.title, clear),
        body,
        this._actions(),
        this._naming()
      );
    }

    _actions() {
      const { editor } = this;
      this.give = this._button("", "Enter", () => editor.giveSelection(editor.sync.active));
      this.give.className = "tw-main";
      this.swap = this._button("Swap", "", () => editor.swapSelection());
      // What a swap does to both sides shows before it is pressed.
      for (const name of ["pointerenter", "focus"])
        this.swap.addEventListener(name, () => this._effect(true));
      for (const name of ["pointerleave", "blur"])
        this.swap.addEventListener(name, () => this._effect(false));
      this.lock = this._button("Lock", "", () => editor.lockSelection());
      this.keep = this._button("", "They stay with their rep wherever their unit goes", () =>
        editor.sync.request(this.keeps ? "lock accounts" : "unlock accounts", this.units)
      );
      this.actions = h(
        "div",
        { class: "tw-actions" },
        this.give,
        this._button("New territory", "", () => this._name(true)),
        this.swap,
        this._button("Unassign", "Del", () => editor.giveSelection(-1)),
        this.lock,
        this.keep
      );
      return this.actions;
    }

    /** A name for a new territory, in place of the buttons. */
    _naming() {
      this.name = h("input", { type: "text", maxlength: "80", "aria-label": "Its name", dir: "auto" });
      this.name.addEventListener("keydown", (event) => {
        event.stopPropagation();
        if (event.key === "Escape") this._name(false);
        if (event.key === "Enter") this._make();
      });
      const make = this._button("Create", "Enter", () => this._make());
      make.className = "tw-make";
      const cancel = this._button("Cancel", "Esc", () => this._name(false));
      this.naming = h("div", { class: "tw-actions tw-naming", hidden: "" }, this.name, make, cancel);
      return this.naming;
    }

    _button(text, key, act) {
      return h("button", { type: "button", title: key, onclick: act }, text);
    }

    _name(open) {
      this.naming.hidden = !open;
      this.actions.hidden = open;
      if (!open) return this.editor.focus();
      const { look } = this.editor.sync;
      const names = new Set(look.territories.map(([, name]) => name));
      const base = `New ${look.words.territory}`;
      let name = base;
      for (let n = 2; names.has(name); n++) name = `${base} ${n}`;
      this.name.value = name;
      this.name.focus();
      this.name.select();
    }

    _make() {
      const name = this.name.value.trim();
      if (!name) return;
      this._name(false);
      this.editor.newTerritory(name);
    }

    show() {
      const { scene, sync, region } = this.editor;
      const units = (this.units = [...scene.selection]);
      this.element.hidden = !units.length;
      if (!units.length) {
        this.naming.hidden = true;
        this.actions.hidden = false;
        return;
      }
      const { look, active } = sync;
      this.title.textContent = `${counted(units.length, look.words)} selected`;
      this._sums(units, region, look);
      this._owners(units, sync);
      this._effect(false);
      const stay = units.filter((i) => sync.view[i] !== active && !sync.mayMove(i, active)).length;
      const kept = this.effect.named.accountsIn(units);
      const notes = [stay ? `${counted(stay, look.words)} locked or not to be taken` : ""];
      if (kept) notes.push(`${TW.formatCount(kept)} locked account${kept === 1 ? "" : "s"}`);
      this.aside.textContent = notes.filter(Boolean).join(" · ");
      const target = look.territories[active];
      this.give.replaceChildren("Assign to ", h("b", { dir: "auto" }, target ? target[1] : ""));
      this.give.disabled = !this.effect.moved.some((count) => count !== 0);
      this.swap.hidden = !this.editor.swapSides();
      const unlocks = units.every((unit) => sync.locked[unit]);
      this.lock.textContent = unlocks ? "Unlock" : "Lock";
      this._keep(units, region, kept);
    }

    /** Accounts in the selection: how many, and whether the button locks or frees them. */
    _keep(units, region, kept) {
      const accounts = region.measures.find((m) => m.name === "accounts");
      let all = 0;
      if (accounts) for (const unit of units) all += accounts.of[unit] || 0;
      this.keeps = kept < all;
      this.keep.hidden = !all;
      const count = TW.formatCount(this.keeps ? all : kept);
      this.keep.textContent = `${this.keeps ? "Lock" : "Unlock"} ${count} account${
        (this.keeps ? all : kept) === 1 ? "" : "s"
      }`;
    }

    /** What assigning, or swapping, would do to both sides. */
    _effect(swapping) {
      const { sync } = this.editor;
      const sides = swapping ? this.editor.swapSides() : null;
      this.effect.begin(sides ? sides.to : sync.active);
      if (sides) {
        this.effect.sides = [sides.to, sides.back];
        for (const i of sides.positions) this.effect.move(i, sides.back, sides.to);
        for (const i of sides.others) this.effect.move(i, sides.to, sides.back);
      } else {
        for (const i of this.units)
          if (sync.mayMove(i, sync.active)) this.effect.move(i, sync.view[i]);
      }
      const any = sides || this.effect.moved.some((count) => count !== 0);
      this.rows.element.hidden = !any;
      if (any) this.rows.show(this.effect);
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
