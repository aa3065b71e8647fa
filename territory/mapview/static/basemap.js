/* Tiles under the map, where the settings name a provider. Without one no other host is asked for
   anything; where the provider can't be reached the map goes on without, and says so. */
(function () {
  "use strict";
  const TW = (window.TerritoryWorkbench = window.TerritoryWorkbench || {});
  const { h } = TW.dom;
  const PATIENCE_MS = 4000;
  const REPEATED = 2; // one lost tile is no lost provider
  const CLOSEST = 22;

  TW.Basemap = class {
    constructor(editor) {
      this.editor = editor;
      this.credit = h("div", { class: "tw-credit" });
      const again = h("button", { type: "button", onclick: () => this._add() }, "Try again");
      this.badge = h(
        "div",
        { class: "tw-badge tw-ui", role: "status", hidden: "" },
        h("span", {}, "No background map: its server can’t be reached."),
        again
      );
    }

    /** Follow the settings. */
    show() {
      const spec = this.editor.sync.look.basemap || null;
      const key = JSON.stringify(spec);
      if (this.key === key) return;
      this.key = key;
      this.spec = spec;
      this._remove();
      if (spec) this._add();
    }

    _remove() {
      clearTimeout(this.timer);
      this.timer = 0;
      if (this.layer) this.layer.remove();
      this.layer = null;
      this.badge.hidden = true;
      this.credit.textContent = "";
    }

    _add() {
      this._remove();
      const { url, attribution, maxZoom, subdomains } = this.spec;
      this.layer = window.L.tileLayer(url, { maxNativeZoom: maxZoom, maxZoom: CLOSEST, subdomains });
      this.lost = 0;
      this.layer.on("tileerror", () => this._failed());
      this.layer.on("tileload", () => this._loaded());
      this.credit.textContent = attribution;
      this.layer.addTo(this.editor.map);
    }

    _failed() {
      this.lost++;
      if (!this.timer) this.timer = setTimeout(() => this._judge(), PATIENCE_MS);
    }

    _loaded() {
      clearTimeout(this.timer);
      this.timer = this.lost = 0;
    }

    _judge() {
      this.timer = 0;
      if (this.lost < REPEATED) return;
      this._remove();
      this.badge.hidden = false;
    }

    /** Tiles in view: [address, rectangle in pixels of the map's container]. */
    tiles() {
      const box = this.editor.map.getContainer().getBoundingClientRect();
      const shown = this.layer ? this.layer.getContainer().querySelectorAll(".leaflet-tile-loaded") : [];
      return [...shown].map((tile) => {
        const { left, top, width, height } = tile.getBoundingClientRect();
        return [tile.src, [left - box.left, top - box.top, width, height]];
      });
    }
  };
})();
