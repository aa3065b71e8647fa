/* Where the map looks: everything at first, then where the user went; kept in the browser. */
(function () {
  "use strict";
  const TW = (window.TerritoryWorkbench = window.TerritoryWorkbench || {});
  const L = window.L;
  const CLOSEST = 4; // zoom levels nearer than the whole region, for a single unit

  TW.View = class {
    constructor({ map, region, options }) {
      Object.assign(this, { map, region, key: options.viewKey, moved: false });
      map.doubleClickZoom.disable();
      map.boxZoom.disable();
      Object.assign(map.options, { zoomSnap: 0.25, zoomDelta: 1, wheelPxPerZoomLevel: 120 });
      this.fit(false);
      map.on("moveend", () => this._remember());
      map.on("resize", () => this.moved || this.fit(false));
      for (const name of ["pointerdown", "wheel", "keydown"])
        map.getContainer().addEventListener(name, () => (this.moved = true), true);
    }

    _bounds([x0, y0, x1, y1]) {
      const { origin, step } = this.region;
      const corner = (x, y) =>
        L.CRS.EPSG3857.pointToLatLng(L.point(origin[0] + step * x, origin[1] + step * y), 0);
      return L.latLngBounds(corner(x0, y0), corner(x1, y1));
    }

    /** Where the user left the map; else the region, without a few far islands at first. */
    fit(whole) {
      const kept = whole ? null : this._kept();
      if (kept) this.map.setView(kept.centre, kept.zoom, { animate: false });
      else {
        const { bounds, frame } = this.region;
        this.map.fitBounds(this._bounds(whole ? bounds : frame), { animate: whole, padding: [14, 14] });
      }
    }

    /** Some units with what is around them. */
    zoomTo(units) {
      const { box, frame } = this.region;
      const all = [Infinity, Infinity, -Infinity, -Infinity];
      for (const i of units)
        for (let c = 0; c < 4; c++)
          all[c] = c < 2 ? Math.min(all[c], box[4 * i + c]) : Math.max(all[c], box[4 * i + c]);
      if (all[0] > all[2]) return;
      this.moved = true;
      const maxZoom = this.map.getBoundsZoom(this._bounds(frame)) + CLOSEST;
      this.map.fitBounds(this._bounds(all).pad(0.35), { maxZoom, animate: false });
    }

    /** Only where the user went: an untouched map goes on fitting its frame. */
    _remember() {
      if (!this.moved) return;
      const { lat, lng } = this.map.getCenter();
      const view = { centre: [lat, lng], zoom: this.map.getZoom() };
      sessionStorage.setItem(this.key, JSON.stringify(view));
    }

    _kept() {
      try {
        const { centre, zoom } = JSON.parse(sessionStorage.getItem(this.key));
        return [...centre, zoom].every(Number.isFinite) ? { centre, zoom } : null;
      } catch (nothing) {
        return null; // first visit, or an entry that is not ours
      }
    }
  };
})();
