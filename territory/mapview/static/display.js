/* What the map shows besides the plan: what its colours mean, homes, accounts; and a
   picture of it. A choice lasts as long as the tab. */
(function () {
  "use strict";
  const TW = (window.TerritoryWorkbench = window.TerritoryWorkbench || {});
  const { ICONS, h, button } = TW.dom;
  const FIRST = { colour: "owner", homes: false, accounts: false, ferries: true };

  TW.Display = class {
    constructor(editor) {
      this.editor = editor;
      this.key = editor.options.viewKey + ":display";
      this.chosen = { ...FIRST, ...this._kept() };
      this.colour = h("select", { "aria-label": "Colour by" });
      this.colour.addEventListener("change", () => this.choose({ colour: this.colour.value }));
      this.switches = { homes: this._switch("homes"), accounts: this._switch("accounts") };
      this.ferries = this._switch("ferries");
      this.aside = h("div", { class: "tw-soft", "aria-live": "polite" });
      const save = () => this._download();
      this.save = h("button", { type: "button", onclick: save }, "Download as a picture");
      const close = button("Close", "Esc", ICONS.close, () => this.toggle(false));
      this.element = h(
        "div",
        { class: "tw-display tw-ui", role: "region", "aria-label": "What the map shows", hidden: "" },
        h("div", { class: "tw-help-head" }, h("b", {}, "What the map shows"), close),
        h("label", {}, h("span", { class: "tw-soft" }, "Colour by"), this.colour),
        ...Object.values(this.switches),
        this.ferries,
        this.aside,
        h("div", { class: "tw-actions" }, this.save)
      );
      editor.map.on("moveend", () => this._say());
      this.element.addEventListener("keydown", (event) => {
        if (event.key === "Escape") this.toggle(false);
      });
    }

    _switch(kind) {
      const act = () => this.choose({ [kind]: !this.chosen[kind] });
      const text = h("span", {});
      return h("button", { type: "button", class: "tw-switch", onclick: act }, h("i", { class: "tw-knob" }), text);
    }

    toggle(open = this.element.hidden) {
      this.element.hidden = !open;
      if (open) this.show();
      else this.editor.focus();
    }

    /** The choices that this region and look have; what draws next draws the chosen one. */
    show() {
      const { sync } = this.editor;
      if (sync.look.words && this.madeOf !== sync.look.id) {
        this.madeOf = sync.look.id;
        TW.markTerritories(sync.look.territories);
        const groups = TW.colourChoices(this.editor).filter(([, items]) => items.length);
        const options = groups.map(([label, items]) =>
          h("optgroup", { label }, ...items.map(([value, text]) => h("option", { value }, text)))
        );
        this.colour.replaceChildren(...options);
        this._fetch();
        this._take();
        this.editor.chrome.basemap.show();
      }
      this.colour.value = this.chosen.colour;
      const { places } = this.editor.scene;
      const words = (sync.look.words || {}).reps;
      const labels = { homes: `Homes of ${words}`, accounts: "Accounts as dots" };
      for (const [kind, made] of Object.entries(this.switches)) {
        made.hidden = !places.has(kind);
        made.lastChild.textContent = labels[kind];
        made.setAttribute("aria-pressed", places.on[kind]);
      }
      const count = this.editor.region.ferries.length;
      this.ferries.hidden = !count;
      this.ferries.lastChild.textContent = `Ferries (${count})`;
      this.ferries.setAttribute("aria-pressed", this.chosen.ferries);
      this._say();
    }

    /** What has to be known about the dots. */
    _say() {
      const { scene, sync, renderer } = this.editor;
      const accounts = scene.places.shown("accounts");
      const spread = `Accounts are spread over their ${(sync.look.words || {}).unit}.`;
      if (!scene.places.on.accounts || !scene.places.has("accounts")) this.aside.textContent = "";
      else if (!accounts) this.aside.textContent = "Fetching the accounts …";
      else this.aside.textContent = renderer.far ? "Zoom in to see the accounts." : spread;
    }

    /** Homes, accounts or figures have come, or could not be had. */
    arrived() {
      const { on } = this.editor.scene.places;
      for (const kind of Object.keys(this.switches)) this.chosen[kind] = on[kind];
      this.apply();
    }

    /** Figures of the market come when the map is first coloured by one. */
    _fetch() {
      const { places } = this.editor.scene;
      if (this.chosen.colour.startsWith("figure:") && places.has("figures")) places.load("figures");
    }

    choose(change) {
      Object.assign(this.chosen, change);
      sessionStorage.setItem(this.key, JSON.stringify(this.chosen));
      if (change.colour) this._fetch();
      this.apply();
      if (change.colour && change.colour !== "owner") this.editor.chrome.legend.element.open = true;
      this.editor.focus();
    }

    async _download() {
      this.save.disabled = true;
      await TW.downloadPicture(this.editor).finally(() => (this.save.disabled = false));
    }

    /** Draw what is chosen. */
    apply() {
      this._take();
      this.editor.renderer.redraw();
      this.editor.chrome.legend.show();
      this.show();
    }

    _take() {
      const { scene, renderer } = this.editor;
      for (const kind of Object.keys(this.switches)) scene.places.set(kind, this.chosen[kind]);
      scene.ferries = this.chosen.ferries;
      scene.colouring = TW.colouring(this.editor, this.chosen.colour);
      const { theme, colouring } = scene;
      renderer.canvas.fill.style.opacity = colouring.shows === "owner" ? theme.fill : theme.scale;
    }

    _kept() {
      try {
        return JSON.parse(sessionStorage.getItem(this.key)) || {};
      } catch (nothing) {
        return {}; // an entry that is not ours
      }
    }
  };
})();
