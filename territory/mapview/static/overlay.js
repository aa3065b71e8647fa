/* What lies over the drawing while somebody works: selection, finds, the unit under the pointer,
   a shape being drawn, units being dragged. */
(function () {
  "use strict";
  const TW = (window.TerritoryWorkbench = window.TerritoryWorkbench || {});

  TW.Renderer.include({
    /** Selected and found units: drawn when they change, not with every pointer move. */
    drawPicked() {
      if (!this._bounds) return;
      const ctx = this.ctx.pick;
      const { theme, selection, trial, found } = this.scene;
      ctx.clearRect(0, 0, this.size.x, this.size.y);
      ctx.lineJoin = "round";
      this._area(ctx, found, theme.found, theme.foundFill);
      this._area(ctx, selection, theme.selection, theme.selectionFill);
      this._area(ctx, trial, theme.selection, theme.selectionFill);
    },

    /** Hovered unit or group, the shape and the units on the move; cheap for every frame. */
    drawTop() {
      if (!this._bounds) return;
      const ctx = this.ctx.top;
      const { theme, hover, near, lit, carried, shape } = this.scene;
      ctx.clearRect(0, 0, this.size.x, this.size.y);
      ctx.lineJoin = "round";
      this._area(ctx, near, theme.hover, "", 1.8);
      if (lit) this._area(ctx, lit, theme.selection, theme.selectionFill);
      if (carried) {
        ctx.save();
        ctx.translate(carried.dx, carried.dy);
        this._area(ctx, carried.units, theme.selection, carried.colour);
        ctx.restore();
      }
      if (hover >= 0) this._outline(ctx, hover, theme.hover, 1.8);
      if (shape) this._shape(ctx, shape, theme);
    },

    _outline(ctx, i, style, width) {
      ctx.beginPath();
      this._trace(ctx, i);
      ctx.strokeStyle = style;
      ctx.lineWidth = width;
      ctx.stroke();
    },

    /** Some units as one area: a light fill, a strong line around, none inside. */
    _area(ctx, units, line, fill, width = 2.6) {
      if (!units || !units.size) return;
      const list = [...units];
      if (fill) {
        ctx.fillStyle = fill;
        this._batches(list, ctx, (i) => this._trace(ctx, i), () => ctx.fill("evenodd"));
      }
      this._stroke(ctx, list, line, width, (i, j) => !units.has(j));
    },

    _shape(ctx, shape, theme) {
      ctx.beginPath();
      shape.forEach(([gx, gy], j) => {
        const x = gx * this.k - this.dx;
        const y = gy * this.k - this.dy;
        if (j) ctx.lineTo(x, y);
        else ctx.moveTo(x, y);
      });
      ctx.closePath();
      ctx.fillStyle = theme.selectionFill;
      ctx.strokeStyle = theme.selection;
      ctx.lineWidth = 1.6;
      ctx.setLineDash([5, 4]);
      ctx.fill("evenodd");
      ctx.stroke();
      ctx.setLineDash([]);
    },
  });
})();
