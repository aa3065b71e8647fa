/* Locks for the whole plan: how much is locked, the active territory, all, none, the opposite. */
(function () {
  "use strict";
  const TW = (window.TerritoryWorkbench = window.TerritoryWorkbench || {});
  const { ICONS, h, button, counted } = TW.dom;

  TW.Locks = class {
    constructor(editor) {
      this.editor = editor;
      this.state = h("div", { class: "tw-soft", "aria-live": "polite" });
      const act = (text, kind) => {
        const ask = () => editor.sync.request(kind, []);
        return h("button", { type: "button", onclick: ask }, text);
      };
      this.one = h("button", { type: "button", onclick: () => this._one() });
      const close = button("Close", "Esc", ICONS.close, () => this.toggle(false));
      this.element = h(
        "div",
        { class: "tw-locks tw-ui", role: "region", "aria-label": "Locks", hidden: "" },
        h("div", { class: "tw-help-head" }, h("b", {}, "Locks"), close),
        this.state,
        h(
          "div",
          { class: "tw-actions" },
          this.one,
          act("Lock all", "lock all"),
          act("Unlock all", "unlock all"),
          act("Invert", "invert locks")
        )
      );
    }

    toggle(open = this.element.hidden) {
      this.element.hidden = !open;
      if (open) this.show();
      else this.editor.focus();
    }

    _one() {
      const { sync } = this.editor;
      const kind = this.shut ? "unlock territory" : "lock territory";
      sync.request(kind, [], { to: sync.active });
    }

    show() {
      if (this.element.hidden) return;
      const { sync } = this.editor;
      const { look } = sync;
      const units = sync.locked.reduce((sum, one) => sum + one, 0);
      const accounts = look.named ? look.named.at.reduce((sum, entry) => sum + entry[2], 0) : 0;
      const parts = [units ? `${counted(units, look.words)} locked` : "Nothing is locked"];
      const shut = look.lockedTerritories.length;
      if (shut) parts.push(`${shut} whole ${look.words[shut === 1 ? "territory" : "territories"]}`);
      if (accounts) parts.push(`${TW.formatCount(accounts)} account${accounts === 1 ? "" : "s"}`);
      this.state.textContent = parts.join(" · ");
      const active = look.territories[sync.active];
      this.shut = look.lockedTerritories.includes(sync.active);
      this.one.hidden = !active;
      const name = h("b", { dir: "auto" }, active ? active[1] : "");
      this.one.replaceChildren(this.shut ? "Unlock " : "Lock ", name);
    }
  };
})();
