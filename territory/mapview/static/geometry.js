/* The region: areas of all units, unpacked from the binary that mapview/geometry.py writes,
   with what the map asks of them: which unit is here, which units does this circle touch.
   Coordinates are grid steps; world pixels at zoom z are (origin + step · grid) · 2^z. */
(function () {
  "use strict";
  const TW = (window.TerritoryWorkbench = window.TerritoryWorkbench || {});
  const TYPES = { u4: Uint32Array, i4: Int32Array, i2: Int16Array, f4: Float32Array };
  const DECIMATE_PX = 0.6;

  /** Where each stretch begins, and the end of the last. */
  function sums(counts) {
    const out = new Uint32Array(counts.length + 1);
    for (let i = 0; i < counts.length; i++) out[i + 1] = out[i] + counts[i];
    return out;
  }

  class Region {
    /** Fetch and unpack; tries again where the server is only just starting. */
    static async fetch(url, tries = 4) {
      for (let attempt = 1; ; attempt++) {
        try {
          const response = await fetch(url);
          if (!response.ok) throw new Error("HTTP " + response.status);
          const plain = response.body.pipeThrough(new DecompressionStream("gzip"));
          return new Region(await new Response(plain).arrayBuffer());
        } catch (error) {
          if (attempt === tries) throw error;
          await new Promise((resolve) => setTimeout(resolve, 500 * attempt));
        }
      }
    }

    constructor(buffer) {
      const arrays = this._unpack(buffer);
      this._buildRings(arrays);
      this.linkOf = sums(arrays.degree);
      this.link = arrays.neighbour;
      this.ferries.forEach((ferry, j) => {
        ferry.line = arrays.ferryLine.subarray(4 * j, 4 * j + 4);
        ferry.km = arrays.ferryKm[j];
        ferry.open = Boolean(arrays.ferryOpen[j]);
      });
      this._buildBounds();
      this._buildGrid();
      this.inside = arrays.inside;
      this.position = new Map(this.ids.map((id, i) => [id, i]));
      this._levels = new Map();
    }

    _unpack(buffer) {
      const view = new DataView(buffer);
      const magic = String.fromCharCode(...new Uint8Array(buffer, 0, 4));
      if (magic !== "TWG4") throw new Error("not a territory map file");
      const length = view.getUint32(4, true);
      const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 8, length)));
      const arrays = {};
      let at = 8 + length;
      for (const { name, type, length: size } of header.arrays) {
        arrays[name] = new TYPES[type](buffer, at, size);
        at += Math.ceil(arrays[name].byteLength / 4) * 4;
      }
      this.n = header.n;
      this.ids = header.ids;
      this.ferries = header.ferries.map((ends) => ({ ends }));
      this.origin = header.origin;
      this.step = header.step;
      this.frame = header.frame;
      this.measures = header.measures.map((m, j) => ({ ...m, of: arrays["measure" + j] }));
      this.words = header.words.map((w, j) => ({ ...w, of: arrays["words" + j] }));
      return arrays;
    }

    /** Vertices x, y; rings of unit i: ringOf[i]..ringOf[i+1]; vertices of ring r: vertexOf[r]….
        A run is a stretch of a ring along which the same unit (or nothing, −1) lies across. */
    _buildRings({ ringsOfUnit, sizeOfRing, first, delta, runsOfRing, runLength, runUnit }) {
      this.ringOf = sums(ringsOfUnit);
      this.vertexOf = sums(sizeOfRing);
      this.runOf = sums(runsOfRing);
      this.runStart = sums(runLength);
      this.runUnit = runUnit;
      const rings = sizeOfRing.length;
      const x = (this.x = new Float32Array(this.vertexOf[rings]));
      const y = (this.y = new Float32Array(this.vertexOf[rings]));
      for (let r = 0, d = 0, v = 0; r < rings; r++) {
        let cx = first[2 * r];
        let cy = first[2 * r + 1];
        x[v] = cx;
        y[v++] = cy;
        for (let j = 1; j < sizeOfRing[r]; j++, d += 2) {
          x[v] = cx += delta[d];
          y[v++] = cy += delta[d + 1];
        }
      }
    }

    _buildBounds() {
      const { n, x, y, ringOf, vertexOf } = this;
      const box = (this.box = new Float32Array(4 * n));
      const area = (this.area = new Float64Array(n));
      const all = (this.bounds = [Infinity, Infinity, -Infinity, -Infinity]);
      for (let i = 0; i < n; i++) {
        let [x0, y0, x1, y1, twice] = [Infinity, Infinity, -Infinity, -Infinity, 0];
        for (let r = ringOf[i]; r < ringOf[i + 1]; r++) {
          const end = vertexOf[r + 1];
          for (let v = vertexOf[r], w = end - 1; v < end; w = v++) {
            if (x[v] < x0) x0 = x[v];
            if (x[v] > x1) x1 = x[v];
            if (y[v] < y0) y0 = y[v];
            if (y[v] > y1) y1 = y[v];
            twice += x[w] * y[v] - x[v] * y[w];
          }
        }
        box.set([x0, y0, x1, y1], 4 * i);
        area[i] = Math.abs(twice) / 2;
        all[0] = Math.min(all[0], x0);
        all[1] = Math.min(all[1], y0);
        all[2] = Math.max(all[2], x1);
        all[3] = Math.max(all[3], y1);
      }
      this.typical = n ? Math.sqrt(area.slice().sort()[n >> 1]) : 1; // width of a usual unit
    }

    _buildGrid() {
      const side = (this.side = Math.max(8, Math.ceil(Math.sqrt(this.n))));
      const [x0, y0, x1, y1] = this.bounds;
      this.cellWidth = (x1 - x0) / side || 1;
      this.cellHeight = (y1 - y0) / side || 1;
      this.cells = new Array(side * side);
      for (let i = 0; i < this.n; i++) {
        this._eachCell(...this.box.subarray(4 * i, 4 * i + 4), (c) => {
          (this.cells[c] = this.cells[c] || []).push(i);
        });
      }
      this._mark = new Uint32Array(this.n);
      this._tick = 0;
    }

    _eachCell(x0, y0, x1, y1, visit) {
      const clamp = (value) => Math.max(0, Math.min(this.side - 1, Math.floor(value)));
      const left = clamp((x0 - this.bounds[0]) / this.cellWidth);
      const right = clamp((x1 - this.bounds[0]) / this.cellWidth);
      const top = clamp((y0 - this.bounds[1]) / this.cellHeight);
      const bottom = clamp((y1 - this.bounds[1]) / this.cellHeight);
      for (let r = top; r <= bottom; r++)
        for (let c = left; c <= right; c++) visit(r * this.side + c);
    }

    /** Units whose bounding box meets a rectangle. */
    within(x0, y0, x1, y1) {
      const found = [];
      const tick = ++this._tick;
      const { box, _mark: mark } = this;
      this._eachCell(x0, y0, x1, y1, (c) => {
        for (const i of this.cells[c] || []) {
          if (mark[i] === tick) continue;
          mark[i] = tick;
          const b = 4 * i;
          if (box[b] <= x1 && box[b + 2] >= x0 && box[b + 1] <= y1 && box[b + 3] >= y0)
            found.push(i);
        }
      });
      return found;
    }

    contains(i, px, py) {
      const { x, y, ringOf, vertexOf } = this;
      let inside = false;
      for (let r = ringOf[i]; r < ringOf[i + 1]; r++) {
        const end = vertexOf[r + 1];
        for (let v = vertexOf[r], w = end - 1; v < end; w = v++) {
          if (y[v] > py !== y[w] > py && px < ((x[w] - x[v]) * (py - y[v])) / (y[w] - y[v]) + x[v])
            inside = !inside;
        }
      }
      return inside;
    }

    /** The unit at a point, or −1. */
    at(px, py) {
      for (const i of this.within(px, py, px, py)) if (this.contains(i, px, py)) return i;
      return -1;
    }

    /** Units that a circle touches. */
    circle(px, py, radius) {
      return this.within(px - radius, py - radius, px + radius, py + radius).filter(
        (i) => this.contains(i, px, py) || this._outlineNear(i, px, py, radius * radius)
      );
    }

    _outlineNear(i, px, py, limit) {
      const { x, y, ringOf, vertexOf } = this;
      for (let r = ringOf[i]; r < ringOf[i + 1]; r++) {
        const end = vertexOf[r + 1];
        for (let v = vertexOf[r], w = end - 1; v < end; w = v++) {
          const dx = x[w] - x[v];
          const dy = y[w] - y[v];
          let t = ((px - x[v]) * dx + (py - y[v]) * dy) / (dx * dx + dy * dy || 1);
          t = t < 0 ? 0 : t > 1 ? 1 : t;
          const ex = x[v] + t * dx - px;
          const ey = y[v] + t * dy - py;
          if (ex * ex + ey * ey <= limit) return true;
        }
      }
      return false;
    }

    /** Vertices worth drawing at a zoom: those 0.6 px apart, and the ends of every run, so that
        two units that share a border keep sharing it. */
    level(zoom) {
      const z = Math.ceil(zoom);
      if (this._levels.has(z)) return this._levels.get(z);
      const gap = DECIMATE_PX / (this.step * Math.pow(2, z));
      const { x, y, vertexOf, runOf, runStart } = this;
      const keep = new Uint32Array(x.length);
      const ring = new Uint32Array(vertexOf.length);
      const run = new Uint32Array(runStart.length);
      let k = 0;
      for (let r = 0; r + 1 < vertexOf.length; r++) {
        ring[r] = k;
        for (let q = runOf[r]; q < runOf[r + 1]; q++) {
          run[q] = k;
          let last = runStart[q];
          keep[k++] = last;
          for (let v = last + 1; v < runStart[q + 1]; v++) {
            const dx = x[v] - x[last];
            const dy = y[v] - y[last];
            if (dx * dx + dy * dy >= gap * gap) keep[k++] = last = v;
          }
        }
      }
      ring[vertexOf.length - 1] = run[runStart.length - 1] = k;
      const level = { keep: keep.slice(0, k), ring, run };
      this._levels.set(z, level);
      return level;
    }
  }

  TW.Region = Region;
})();
