/* The start: the map in its frame, and what tests may ask it. */
(function () {
  "use strict";
  const TW = (window.TerritoryWorkbench = window.TerritoryWorkbench || {});

  /** An editor that says what it shows, for tests. */
  class OpenEditor extends TW.Editor {
    state() {
      const { lat, lng } = this.map.getCenter();
      return {
        n: this.region.n,
        rev: this.sync.rev,
        pending: this.sync.pending.length,
        view: Array.from(this.sync.view),
        zoom: this.map.getZoom(),
        centre: [lat, lng],
        tool: this.tool.id,
        active: this.sync.active,
        selected: [...this.scene.selection],
      };
    }

    /** A point inside a unit in pixels of the outermost page, or null where it can't be hit. */
    pointOf(unitId) {
      const unit = this.region.position.get(String(unitId));
      if (unit === undefined) return null;
      const origin = this.map.getContainer().getBoundingClientRect();
      for (const { x, y } of this._pointsIn(unit)) {
        const [cx, cy] = [origin.left + x, origin.top + y];
        const hit = document.elementFromPoint(cx, cy);
        if (!hit || hit.closest(".tw-ui") || !this.map.getContainer().contains(hit)) continue;
        const frame = window.frameElement;
        if (!frame) return { x: cx, y: cy };
        const outer = frame.getBoundingClientRect();
        const point = { x: outer.left + cx, y: outer.top + cy };
        if (window.parent.document.elementFromPoint(point.x, point.y) === frame) return point;
      }
      return null;
    }

    *_pointsIn(unit) {
      const { inside, box } = this.region;
      const steps = 9;
      const place = (gx, gy) => this.renderer.pointAt(gx, gy);
      if (this.region.contains(unit, inside[2 * unit], inside[2 * unit + 1]))
        yield place(inside[2 * unit], inside[2 * unit + 1]);
      const [x0, y0, x1, y1] = box.subarray(4 * unit, 4 * unit + 4);
      for (let r = 1; r < steps; r++)
        for (let c = 1; c < steps; c++) {
          const gx = x0 + ((x1 - x0) * c) / steps;
          const gy = y0 + ((y1 - y0) * r) / steps;
          if (this.region.contains(unit, gx, gy)) yield place(gx, gy);
        }
    }
  }

  /** The name under which tests find the map, here and in the page around. */
  function expose(editor) {
    const api = {
      ids: editor.region.ids,
      state: () => editor.state(),
      pointOf: (unitId) => editor.pointOf(unitId),
      editor,
    };
    window.territoryMap = api;
    if (window.parent === window) return;
    window.parent.territoryMap = api;
    window.addEventListener("pagehide", () => {
      if (window.parent.territoryMap === api) delete window.parent.territoryMap;
    });
  }

  let editor = null;
  let early = null;

  /** Called by the folium plugin when the frame has its map. */
  TW.mount = async function (map, options) {
    const streamlit = window.Streamlit;
    map.getContainer().classList.add("tw-map");
    TW.fillViewport(map, streamlit);
    const send = (message) => streamlit.setComponentValue(message);
    const region = await TW.Region.fetch(options.geometry);
    editor = new OpenEditor(map, region, { send, viewKey: "territory-map:" + options.geometry });
    streamlit.events.addEventListener(streamlit.RENDER_EVENT, () => editor.restyle());
    if (early) editor.receive(early);
    TW.borrowFonts().then(() => editor.renderer.redrawLines());
    expose(editor);
    const typing = window.parent.document.activeElement;
    if (!typing || typing === window.parent.document.body) map.getContainer().focus();
  };

  /** Called by each patch; the last one waits while the region is on its way. */
  TW.receive = function (patch) {
    if (editor) editor.receive(patch);
    else early = patch;
  };
})();
