/* Homes and accounts on a canvas of their own below the borders, which a stroke never touches. */
(function () {
  "use strict";
  const TW = (window.TerritoryWorkbench = window.TerritoryWorkbench || {});
  const NEAR_PX = 18; // width of a typical unit from which on its accounts are worth a dot
  const REACH_PX = 9;
  const CELL = 16;
  const HOME = 9; // half of a home's size
  const CROWDED = [[60000, 7], [20000, 5], [0, 3]]; // dots on screen → pixels that share one

  /** A dot drawn once and copied thousands of times. */
  function sprite(radius, ratio, theme) {
    const side = 2 * Math.ceil((radius + 1.5) * ratio);
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = side;
    const ctx = canvas.getContext("2d");
    ctx.arc(side / 2, side / 2, radius * ratio, 0, 7);
    ctx.fillStyle = theme.dot;
    ctx.strokeStyle = theme.dotLine;
    ctx.lineWidth = ratio;
    ctx.fill();
    ctx.stroke();
    return canvas;
  }

  function house(ctx, x, y, fill, theme) {
    ctx.beginPath();
    ctx.moveTo(x - HOME, y);
    ctx.lineTo(x, y - HOME);
    ctx.lineTo(x + HOME, y);
    ctx.lineTo(x + HOME - 3, y);
    ctx.lineTo(x + HOME - 3, y + HOME - 1);
    ctx.lineTo(x - HOME + 3, y + HOME - 1);
    ctx.lineTo(x - HOME + 3, y);
    ctx.closePath();
    ctx.lineJoin = "round";
    ctx.strokeStyle = theme.halo;
    ctx.lineWidth = 5;
    ctx.stroke();
    ctx.fillStyle = fill;
    ctx.strokeStyle = theme.label;
    ctx.lineWidth = 1.5;
    ctx.fill();
    ctx.stroke();
  }

  TW.Renderer.include({
    drawPlaces() {
      if (!this._bounds) return;
      const ctx = this.ctx.place;
      ctx.clearRect(0, 0, this.size.x, this.size.y);
      this.hits = new Map();
      const { places } = this.scene;
      const accounts = places.shown("accounts");
      this.far = Boolean(accounts) && this.scene.region.typical * this.k < NEAR_PX;
      if (accounts && !this.far) this._dots(ctx, accounts);
      this.drawFerries();
      this.homes = places.shown("homes") ? this._homes(ctx, places.shown("homes").all) : [];
    },

    /** One dot for the accounts of a few pixels: the one with most revenue of those of its unit. */
    _dots(ctx, accounts) {
      const { k, dx, dy, size, ratio, visible } = this;
      const { theme } = this.scene;
      let count = 0;
      for (const i of visible) count += accounts.of[i + 1] - accounts.of[i];
      const [, side] = CROWDED.find(([least]) => count >= least);
      const columns = Math.ceil(size.x / side);
      const taken = new Uint8Array(columns * Math.ceil(size.y / side) + columns);
      const [small, big] = [2.6, 4].map((radius) => sprite(radius, ratio, theme));
      for (const i of visible) {
        accounts.place(i);
        for (let a = accounts.of[i]; a < accounts.of[i + 1]; a++) {
          const x = accounts.xy[2 * a] * k - dx;
          const y = accounts.xy[2 * a + 1] * k - dy;
          if (x < 0 || y < 0 || x >= size.x || y >= size.y) continue;
          const cell = Math.floor(y / side) * columns + Math.floor(x / side);
          if (taken[cell]) continue;
          taken[cell] = 1;
          const dot = accounts.revenue[a] >= accounts.large ? big : small;
          const half = dot.width / ratio / 2;
          ctx.drawImage(dot, x - half, y - half, 2 * half, 2 * half);
          this._remember(x, y, a);
        }
      }
    },

    /** Homes in the colour of their rep's territory; those of nobody's in grey. */
    _homes(ctx, homes) {
      const { k, dx, dy } = this;
      const { theme, sync } = this.scene;
      const colourOf = new Map(sync.look.territories.map((t) => [t[4], t[3]]).reverse());
      return homes.map((home) => {
        const [x, y] = [home.x * k - dx, home.y * k - dy];
        house(ctx, x, y, colourOf.get(home.rep) || theme.neutral, theme);
        this._remember(x, y, home);
        return { x0: x - HOME, x1: x + HOME, y0: y - HOME, y1: y + HOME };
      });
    },

    _remember(x, y, what) {
      const key = Math.floor(x / CELL) + ":" + Math.floor(y / CELL);
      if (!this.hits.has(key)) this.hits.set(key, []);
      this.hits.get(key).push([x, y, what]);
    },

    /** The home or account under a point of the map's container, if any. */
    placeAt(point) {
      if (!this.hits || !this.hits.size) return null;
      const { x, y } = this._map.containerPointToLayerPoint(point).subtract(this._bounds.min);
      const [column, row] = [Math.floor(x / CELL), Math.floor(y / CELL)];
      let [best, nearest] = [null, REACH_PX ** 2];
      for (let c = column - 1; c <= column + 1; c++)
        for (let r = row - 1; r <= row + 1; r++)
          for (const [px, py, what] of this.hits.get(c + ":" + r) || []) {
            // A home is larger than a dot and lies above it.
            const far = ((px - x) ** 2 + (py - y) ** 2) / (what.kind ? 4 : 1);
            if (far < nearest) [best, nearest] = [what, far];
          }
      if (best === null || best.kind) return best;
      return this.scene.places.data.accounts.at(best);
    },
  });
})();
