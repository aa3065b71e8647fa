/* The editor: region, sync, renderer, chrome and input put together, and what tests may ask. */
(function () {
  "use strict";
  const TW = (window.TerritoryWorkbench = window.TerritoryWorkbench || {});
  const L = window.L;
  const RELABEL_MS = 400;

  class Editor {
    constructor(map, region, options) {
      Object.assign(this, { map, region, options });
      this.tool = TW.TOOLS.find((tool) => tool.id === "assign");
      this.size = 2;
      this.panning = false;
      this.version = 0;
      this.stat = { move: [], click: [] };
      this.sync = new TW.Sync(region.n, options.send);
      this.scene = {
        region,
        sync: this.sync,
        theme: TW.THEMES.light,
        hover: -1,
        selection: new Set(),
        groups: groupsOf(region),
      };
      this.renderer = new TW.Renderer(this.scene);
      this.totals = (measure) => this._totals(measure);
      map.doubleClickZoom.disable();
      map.boxZoom.disable();
      Object.assign(map.options, { zoomSnap: 0.25, zoomDelta: 1, wheelPxPerZoomLevel: 120 });
      this.fit(false);
      this.renderer.addTo(map);
      this.chrome = new TW.Chrome(this);
      this.pointer = new TW.Pointer(this);
      this.keys = new TW.Keys(this);
      map.on("moveend", () => this._rememberView());
      map.on("resize", () => this.moved || this.fit(false));
      for (const name of ["pointerdown", "wheel", "keydown"])
        map.getContainer().addEventListener(name, () => (this.moved = true), true);
      this.restyle();
      this.use(this.tool);
    }

    alive() {
      return this.map.getContainer().isConnected;
    }

    /** Take what the server says and draw what changed. */
    receive(patch) {
      const { changed, look, rejects, fresh } = this.sync.receive(patch);
      this.version++;
      if (look || fresh) {
        this.renderer.redraw();
        this.chrome.note.textContent = this.sync.look.note || "";
        if (fresh) this.chrome.legend.open = this.sync.look.territories.length <= 12;
      } else {
        this._draw(changed);
      }
      this._refresh(patch.active !== this.shownActive);
      for (const { reason } of rejects) if (reason) this.chrome.say(reason);
    }

    /** Chrome after a change of plan, tool or active territory. */
    _refresh(activeChanged) {
      if (this.shownActive !== this.sync.active && activeChanged !== false)
        this.renderer.redrawLines();
      this.shownActive = this.sync.active;
      this.chrome.showTool();
      this.chrome.showLegend();
    }

    _draw(units) {
      this.renderer.repaint(units);
      if (!units.length) return;
      clearTimeout(this.relabel);
      this.relabel = setTimeout(() => this.renderer.redrawLines(), RELABEL_MS);
    }

    /** A gesture took these units along. */
    preview(units) {
      const changed = this.sync.preview(units);
      this.version++;
      this.renderer.repaint(changed);
    }

    commit() {
      const { locked } = this.sync.draft;
      const { unit, units } = this.sync.look.words;
      this.sync.commit();
      if (locked)
        this.chrome.say(
          locked === 1 ? `1 locked ${unit} stays where it is.` : `${locked} locked ${units} stay.`
        );
      clearTimeout(this.relabel);
      this.relabel = setTimeout(() => this.renderer.redrawLines(), RELABEL_MS);
      this.chrome.showLegend();
    }

    cancel() {
      this.version++;
      this.renderer.repaint(this.sync.cancel());
    }

    escape() {
      if (this.pointer.escape()) return;
      if (!this.chrome.help.hidden) this.chrome.toggleHelp(false);
      else this.select(-1, false);
    }

    ask(kind) {
      this.sync.ask(kind);
    }

    use(tool) {
      this.tool = tool;
      this._drag();
      this.chrome.showTool();
    }

    pan(on) {
      if (this.panning === on) return;
      this.panning = on;
      this._drag();
      this.chrome.moveCursor(null);
    }

    /** Tools that paint take the drag; everything else leaves it to the map. */
    _drag() {
      const free = this.panning || !this.tool.begin;
      this.map.dragging[free ? "enable" : "disable"]();
      this.map.getContainer().classList.toggle("tw-panning", this.panning);
    }

    resize(step) {
      this.size = Math.max(0, Math.min(TW.BRUSH_SIZES.length - 1, this.size + step));
      this.chrome.showTool();
    }

    choose(territory) {
      if (!this.sync.choose(territory)) return;
      this.version++;
      this._refresh(true);
    }

    pickOwner(unit) {
      if (unit >= 0 && this.sync.view[unit] >= 0) this.choose(this.sync.view[unit]);
    }

    select(unit, add) {
      const { selection } = this.scene;
      if (!add) selection.clear();
      if (unit >= 0 && selection.has(unit)) selection.delete(unit);
      else if (unit >= 0) selection.add(unit);
      this.renderer.drawTop();
    }

    unitAt({ x, y }) {
      return this.region.at(...this.renderer.gridOf(L.point(x, y)));
    }

    hoverAt(point) {
      const unit = point ? this.unitAt(point) : -1;
      this.cursorAt(point);
      this.chrome.showCard(this.panning ? -1 : unit, point);
      if (unit === this.scene.hover) return;
      this.scene.hover = unit;
      this.renderer.drawTop();
    }

    cursorAt(point) {
      this.chrome.moveCursor(point);
    }

    _totals(measure) {
      if (this.totalsOf !== this.version) {
        this.totalsOf = this.version;
        this.sums = new Map();
      }
      if (!this.sums.has(measure)) {
        const sum = new Float64Array(this.sync.look.territories.length);
        const { view } = this.sync;
        for (let i = 0; i < view.length; i++)
          if (view[i] >= 0 && measure.of[i] === measure.of[i]) sum[view[i]] += measure.of[i];
        this.sums.set(measure, sum);
      }
      return this.sums.get(measure);
    }

    /** Follow the app's theme. */
    restyle() {
      const name = TW.currentTheme();
      document.documentElement.dataset.twTheme = name;
      if (this.scene.theme === TW.THEMES[name] && this.styled) return;
      this.styled = true;
      this.scene.theme = TW.THEMES[name];
      this.renderer.canvas.fill.style.opacity = this.scene.theme.fill;
      this.renderer.redraw();
    }

    /** Where the user left the map; else everything. */
    fit(whole) {
      const [x0, y0, x1, y1] = this.region.bounds;
      const corner = (x, y) =>
        L.CRS.EPSG3857.pointToLatLng(
          L.point(
            this.region.origin[0] + this.region.step * x,
            this.region.origin[1] + this.region.step * y
          ),
          0
        );
      const bounds = L.latLngBounds(corner(x0, y0), corner(x1, y1));
      const kept = whole ? null : this._keptView();
      if (kept) this.map.setView(kept.centre, kept.zoom, { animate: false });
      else this.map.fitBounds(bounds, { animate: whole, padding: [14, 14] });
    }

    /** Only where the user went: an untouched map goes on fitting its frame. */
    _rememberView() {
      if (!this.moved) return;
      const { lat, lng } = this.map.getCenter();
      const view = { centre: [lat, lng], zoom: this.map.getZoom() };
      sessionStorage.setItem(this.options.viewKey, JSON.stringify(view));
    }

    _keptView() {
      try {
        const { centre, zoom } = JSON.parse(sessionStorage.getItem(this.options.viewKey));
        return [...centre, zoom].every(Number.isFinite) ? { centre, zoom } : null;
      } catch (nothing) {
        return null; // first visit, or an entry that is not ours
      }
    }

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

  /** Codes of the coarsest useful word column (state, county), for a quiet border of its own. */
  function groupsOf(region) {
    const fit = (w) => w.values.length > 1 && w.values.length <= Math.max(60, region.n / 30);
    const found = region.words.filter((w) => /state|county|region|province/i.test(w.name) && fit(w));
    found.sort((a, b) => a.values.length - b.values.length);
    return found.length ? found[0].of : null;
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
    editor = new Editor(map, region, { send, viewKey: "territory-map:" + options.geometry });
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
