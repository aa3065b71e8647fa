/* Rep homes and accounts: fetched when first asked for, placed on the region's grid. */
(function () {
  "use strict";
  const TW = (window.TerritoryWorkbench = window.TerritoryWorkbench || {});
  const L = window.L;
  const TRIES = 12;

  /** The content of a gzipped JSON file. */
  async function fetched(url) {
    const response = await fetch(url);
    if (!response.ok) throw new Error("HTTP " + response.status);
    return new Response(response.body.pipeThrough(new DecompressionStream("gzip"))).json();
  }

  /** The same numbers between 0 and 1 for the same seed. */
  function random(seed) {
    let state = seed + 1;
    return () => {
      state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0;
      return ((state ^ (state >>> 12)) >>> 0) / 4294967296;
    };
  }

  class Homes {
    constructor(region, { rep, name, lonlat, unit }) {
      this.all = rep.map((id, j) => {
        const { x, y } = L.CRS.EPSG3857.latLngToPoint(L.latLng(lonlat[j][1], lonlat[j][0]), 0);
        const grid = [x, y].map((v, axis) => (v - region.origin[axis]) / region.step);
        return { kind: "home", rep: id, name: name[j], unit: unit[j], x: grid[0], y: grid[1] };
      });
    }
  }

  /** Accounts of unit i: of[i] … of[i + 1]. Nobody knows where in its unit an account lies, so they
      are spread over it, each always at the same place. */
  class Accounts {
    constructor(region, { counts, name, revenue, segment, segments }) {
      Object.assign(this, { region, name, revenue, segment, segments });
      this.of = new Uint32Array(counts.length + 1);
      counts.forEach((count, i) => (this.of[i + 1] = this.of[i] + count));
      this.xy = new Float32Array(2 * name.length);
      this.placed = new Uint8Array(counts.length);
      const known = revenue.filter((v) => v > 0).sort((a, b) => a - b);
      this.large = known[Math.floor(known.length * 0.9)] || Infinity;
    }

    /** Places for the accounts of a unit, made when it is first drawn. */
    place(i) {
      if (this.placed[i]) return;
      this.placed[i] = 1;
      const { region, xy } = this;
      const [x0, y0, x1, y1] = region.box.subarray(4 * i, 4 * i + 4);
      const draw = random(i);
      for (let a = this.of[i]; a < this.of[i + 1]; a++) {
        let [x, y] = [region.inside[2 * i], region.inside[2 * i + 1]];
        for (let t = 0; t < TRIES; t++) {
          const [px, py] = [x0 + draw() * (x1 - x0), y0 + draw() * (y1 - y0)];
          if (!region.contains(i, px, py)) continue;
          [x, y] = [px, py];
          break;
        }
        xy[2 * a] = x;
        xy[2 * a + 1] = y;
      }
    }

    at(a) {
      return {
        kind: "account",
        name: this.name[a],
        segment: this.segments[this.segment[a]] || "",
        revenue: this.revenue[a],
        x: this.xy[2 * a],
        y: this.xy[2 * a + 1],
      };
    }
  }

  /** Figures of the units that no file brought: values by name, NaN where one is not known. */
  class Figures {
    constructor(region, content) {
      const numbers = (values) => Float32Array.from(values, (v) => (v === null ? NaN : v));
      this.of = {};
      for (const [name, values] of Object.entries(content)) this.of[name] = numbers(values);
    }
  }

  const KINDS = { homes: Homes, accounts: Accounts, figures: Figures };

  /** What is switched on, with what is known of it; asks for a file once. */
  TW.Places = class {
    constructor(editor) {
      this.editor = editor;
      this.on = { homes: false, accounts: false };
      this.data = {};
      this.from = {};
      this.coming = {};
    }

    /** Does this project have any? */
    has(kind) {
      return Boolean((this.editor.sync.look.places || {})[kind]);
    }

    /** Show or hide; fetched first where that has not been done. */
    set(kind, on) {
      this.on[kind] = on;
      const url = (this.editor.sync.look.places || {})[kind];
      if (this.from[kind] !== url) {
        delete this.data[kind];
        delete this.from[kind];
      }
      if (on && url && !this.from[kind]) this.coming[kind] = this._fetch(kind, url);
    }

    /** All of a kind, shown or not, fetched where they are not here yet. */
    async load(kind) {
      const { on } = this;
      const shown = on[kind];
      this.set(kind, true);
      on[kind] = shown;
      await this.coming[kind];
      return this.data[kind];
    }

    async _fetch(kind, url) {
      this.from[kind] = url;
      const { editor } = this;
      try {
        const content = await fetched(url);
        if (this.from[kind] !== url) return; // another region meanwhile
        this.data[kind] = new KINDS[kind](editor.region, content);
      } catch (error) {
        delete this.from[kind];
        this.on[kind] = false;
        editor.chrome.say(`The ${kind} could not be loaded (${error.message}). Try again.`);
      }
      editor.chrome.display.arrived();
    }

    shown(kind) {
      return this.on[kind] ? this.data[kind] : undefined;
    }
  };
})();
