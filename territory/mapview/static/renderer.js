/* The drawing: fills, places, lines, what is picked and a light top layer on canvases under Leaflet's control.
   Fills are opaque and made translucent by CSS, so changed units are simply painted over. */
(function () {
  "use strict";
  const TW = (window.TerritoryWorkbench = window.TerritoryWorkbench || {});
  const L = window.L;
  const BATCH = 8; // polygons a path: software canvases slow down on very long paths
  const CLIPPED_OUTLINES = 400;
  const LAYERS = ["fill", "place", "line", "pick", "top"];

  TW.Renderer = L.Renderer.extend({
    /** scene: {region, sync, theme, groups} and what overlay.js shows */
    initialize(scene) {
      L.Renderer.prototype.initialize.call(this, { padding: 0.2 });
      this.scene = scene;
      this.stat = { full: [], part: [] };
    },

    _initContainer() {
      const box = (this._container = L.DomUtil.create("div", "tw-canvases"));
      this.canvas = {};
      this.ctx = {};
      for (const name of LAYERS) {
        const canvas = L.DomUtil.create("canvas", "tw-" + name, box);
        this.canvas[name] = canvas;
        this.ctx[name] = canvas.getContext("2d");
      }
    },

    _destroyContainer() {
      L.DomUtil.remove(this._container);
      this.canvas = this.ctx = null;
    },

    /** Leaflet calls this when the view came to rest. */
    _update() {
      if (this._map._animatingZoom && this._bounds) return;
      L.Renderer.prototype._update.call(this);
      const size = (this.size = this._bounds.getSize());
      const ratio = (this.ratio = this.sharp || Math.min(2, window.devicePixelRatio || 1));
      L.DomUtil.setPosition(this._container, this._bounds.min);
      for (const name of LAYERS) {
        const canvas = this.canvas[name];
        if (canvas.width !== ratio * size.x || canvas.height !== ratio * size.y) {
          canvas.width = ratio * size.x;
          canvas.height = ratio * size.y;
          canvas.style.width = size.x + "px";
          canvas.style.height = size.y + "px";
        }
        this.ctx[name].setTransform(ratio, 0, 0, ratio, 0, 0);
      }
      const { region } = this.scene;
      const scale = Math.pow(2, this._map.getZoom());
      const corner = this._map.getPixelOrigin().add(this._bounds.min);
      this.k = region.step * scale; // pixels a grid step
      this.dx = corner.x - region.origin[0] * scale;
      this.dy = corner.y - region.origin[1] * scale;
      this.redraw();
    },

    /** Grid position of a point of the map's container. */
    gridOf(point) {
      const layer = this._map.containerPointToLayerPoint(point).subtract(this._bounds.min);
      return [(layer.x + this.dx) / this.k, (layer.y + this.dy) / this.k];
    },

    /** Container point of a grid position. */
    pointAt(gx, gy) {
      const layer = L.point(gx * this.k - this.dx, gy * this.k - this.dy).add(this._bounds.min);
      return this._map.layerPointToContainerPoint(layer);
    },

    redraw() {
      if (!this._bounds) return;
      const start = performance.now();
      const { region, colouring } = this.scene;
      colouring.refresh();
      this.level = region.level(this._map.getZoom());
      this.visible = region.within(
        this.dx / this.k,
        this.dy / this.k,
        (this.size.x + this.dx) / this.k,
        (this.size.y + this.dy) / this.k
      );
      this.ctx.fill.clearRect(0, 0, this.size.x, this.size.y);
      this._fill(this.visible);
      this.drawPlaces();
      this.labels = TW.layoutLabels(this);
      this._lines(this.visible, null);
      this.drawPicked();
      this.drawTop();
      this.stat.full.push(performance.now() - start);
    },

    /** Lines and labels afresh, as when the active territory changed. */
    redrawLines() {
      if (!this._bounds) return;
      this.labels = TW.layoutLabels(this);
      this._lines(this.visible, null);
    },

    /** Paint changed units; lines around them too unless the caller does that later. */
    repaint(units, withLines = true) {
      if (!this._bounds || !units.length) return;
      const start = performance.now();
      const { region, colouring } = this.scene;
      const all = colouring.also(units);
      if (all.length > region.n / 3) return this.redraw();
      this._fill(all);
      if (withLines) this.refreshLines(units);
      this.stat.part.push(performance.now() - start);
    },

    /** Lines in the rectangle around some units. */
    refreshLines(units) {
      if (!this._bounds || !units.length) return;
      const { box } = this.scene.region;
      let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
      for (const i of units) {
        x0 = Math.min(x0, box[4 * i]);
        y0 = Math.min(y0, box[4 * i + 1]);
        x1 = Math.max(x1, box[4 * i + 2]);
        y1 = Math.max(y1, box[4 * i + 3]);
      }
      const slack = 5 / this.k;
      [x0, y0, x1, y1] = [x0 - slack, y0 - slack, x1 + slack, y1 + slack];
      const near = this.scene.region.within(x0, y0, x1, y1);
      const px = [x0 * this.k - this.dx, y0 * this.k - this.dy];
      this._lines(near, [...px, (x1 - x0) * this.k, (y1 - y0) * this.k]);
    },

    _trace(ctx, i) {
      const { region } = this.scene;
      const { keep, ring } = this.level;
      const { x, y } = region;
      const { k, dx, dy } = this;
      for (let r = region.ringOf[i]; r < region.ringOf[i + 1]; r++) {
        const end = ring[r + 1];
        if (end - ring[r] < 3) continue;
        let v = keep[ring[r]];
        ctx.moveTo(x[v] * k - dx, y[v] * k - dy);
        for (let a = ring[r] + 1; a < end; a++) {
          v = keep[a];
          ctx.lineTo(x[v] * k - dx, y[v] * k - dy);
        }
        ctx.closePath();
      }
    },

    /** Trace the stretches of unit i's outline for which wanted(unit across) holds. */
    _traceRuns(ctx, i, wanted) {
      const { region } = this.scene;
      const { keep, ring, run } = this.level;
      const { x, y, runOf, runUnit } = region;
      const { k, dx, dy } = this;
      for (let r = region.ringOf[i]; r < region.ringOf[i + 1]; r++) {
        if (ring[r + 1] - ring[r] < 3) continue;
        for (let q = runOf[r]; q < runOf[r + 1]; q++) {
          if (!wanted(runUnit[q])) continue;
          let v = keep[run[q]];
          ctx.moveTo(x[v] * k - dx, y[v] * k - dy);
          for (let a = run[q] + 1; a < run[q + 1]; a++) {
            v = keep[a];
            ctx.lineTo(x[v] * k - dx, y[v] * k - dy);
          }
          v = keep[q + 1 < runOf[r + 1] ? run[q + 1] : ring[r]];
          ctx.lineTo(x[v] * k - dx, y[v] * k - dy);
        }
      }
    },

    _batches(units, ctx, trace, draw) {
      for (let j = 0; j < units.length; j += BATCH) {
        ctx.beginPath();
        for (let q = j; q < Math.min(j + BATCH, units.length); q++) trace(units[q]);
        draw();
      }
    },

    _fill(units) {
      const ctx = this.ctx.fill;
      const { colouring, theme } = this.scene;
      const byKey = new Map();
      for (const i of units) {
        const key = colouring.keyOf(i);
        if (!byKey.has(key)) byKey.set(key, []);
        byKey.get(key).push(i);
      }
      for (const [key, members] of byKey) {
        ctx.fillStyle = colouring.fill(key, ctx) || TW.pattern(ctx, "neutral", theme);
        this._batches(members, ctx, (i) => this._trace(ctx, i), () => ctx.fill("evenodd"));
      }
    },

    _lines(units, clip) {
      const ctx = this.ctx.line;
      ctx.save();
      if (clip) {
        ctx.beginPath();
        ctx.rect(...clip);
        ctx.clip();
        ctx.clearRect(...clip);
      } else {
        ctx.clearRect(0, 0, this.size.x, this.size.y);
      }
      ctx.lineJoin = ctx.lineCap = "round";
      this._lockedUnits(ctx, units);
      this._unitLines(ctx, units);
      this._groupLines(ctx, units);
      this._territoryLines(ctx, units);
      this._changedUnits(ctx, units);
      TW.drawLabels(this, ctx);
      ctx.restore();
    },

    _lockedUnits(ctx, units) {
      const { sync } = this.scene;
      const locked = units.filter((i) => sync.locked[i]);
      if (!locked.length) return;
      ctx.fillStyle = TW.pattern(ctx, "locked", this.scene.theme);
      this._batches(locked, ctx, (i) => this._trace(ctx, i), () => ctx.fill("evenodd"));
    },

    _stroke(ctx, units, style, width, wanted) {
      ctx.strokeStyle = style;
      ctx.lineWidth = width;
      this._batches(
        units,
        ctx,
        (i) => this._traceRuns(ctx, i, (j) => wanted(i, j)),
        () => ctx.stroke()
      );
    },

    _unitLines(ctx, units) {
      const { theme, region } = this.scene;
      const typical = region.typical * this.k;
      if (typical < 4) return; // finer than the eye: they would only grey the map
      const width = typical < 14 ? 0.4 : typical < 60 ? 0.7 : 1;
      this._stroke(ctx, units, theme.unitLine, width, (i, j) => j > i);
    },

    /** Borders of the first word column that has few values (state, else county). */
    _groupLines(ctx, units) {
      const { theme, groups } = this.scene;
      if (!groups) return;
      this._stroke(ctx, units, theme.groupLine, 1.1, (i, j) => j > i && groups[i] !== groups[j]);
    },

    _territoryLines(ctx, units) {
      const { theme, sync } = this.scene;
      const { view, active } = sync;
      this._stroke(ctx, units, theme.outerLine, 0.8, (i, j) => j < 0);
      const differ = (i, j) => j > i && view[i] !== view[j];
      this._stroke(ctx, units, theme.territoryLine, 1.6, differ);
      const mine = (i, j) => view[i] === active && (j < 0 || view[j] !== active);
      const own = units.filter((i) => view[i] === active);
      this._stroke(ctx, own, theme.activeLine, 2.6, mine);
    },

    /** Units that left their owner wear the old owner's colour inside their border. */
    _changedUnits(ctx, units) {
      const { sync } = this.scene;
      const { baseline, view, look } = sync;
      if (!baseline || this.scene.colouring.shows !== "owner") return;
      const changed = units.filter((i) => baseline[i] !== view[i]);
      const neat = changed.length <= CLIPPED_OUTLINES;
      for (const i of changed) {
        const before = look.territories[baseline[i]];
        ctx.save();
        ctx.beginPath();
        this._trace(ctx, i);
        if (neat) ctx.clip("evenodd");
        ctx.strokeStyle = before ? before[3] : this.scene.theme.neutralLine;
        ctx.lineWidth = neat ? 8 : 2;
        ctx.stroke();
        ctx.restore();
      }
    },
  });
})();
