/* Links over water or a gap in the data: dashed lines from shore to shore, lighter where closed. */
(function () {
  "use strict";
  const TW = (window.TerritoryWorkbench = window.TerritoryWorkbench || {});
  const LABEL_PX = 46; // lines shorter than this carry no words
  const MILES = 0.621371;

  TW.Renderer.include({
    drawFerries() {
      const { region, ferries } = this.scene;
      if (!ferries) return;
      const { ctx, k, dx, dy } = { ctx: this.ctx.place, k: this.k, dx: this.dx, dy: this.dy };
      ctx.save();
      ctx.font = "11px " + getComputedStyle(this._container).fontFamily;
      ctx.textBaseline = "middle";
      this.ferryLabels = [];
      for (const ferry of region.ferries) {
        const [x0, x1] = [0, 2].map((at) => ferry.line[at] * k - dx);
        const [y0, y1] = [1, 3].map((at) => ferry.line[at] * k - dy);
        if (Math.max(x0, x1) < 0 || Math.min(x0, x1) > this.size.x) continue;
        if (Math.max(y0, y1) < 0 || Math.min(y0, y1) > this.size.y) continue;
        this._ferry(ctx, ferry, x0, y0, x1, y1);
      }
      ctx.restore();
    },

    _ferry(ctx, { km, open }, x0, y0, x1, y1) {
      const { theme, sync } = this.scene;
      const stroke = (style, width, dash) => {
        ctx.beginPath();
        ctx.moveTo(x0, y0);
        ctx.lineTo(x1, y1);
        ctx.setLineDash(dash);
        ctx.strokeStyle = style;
        ctx.lineWidth = width;
        ctx.stroke();
      };
      ctx.lineCap = "round";
      stroke(theme.halo, open ? 5 : 4, []);
      stroke(open ? theme.selection : theme.neutralLine, open ? 2.2 : 1.4, open ? [6, 5] : [1, 5]);
      ctx.setLineDash([]);
      for (const [x, y] of [[x0, y0], [x1, y1]]) {
        ctx.beginPath();
        ctx.arc(x, y, 3, 0, 7);
        ctx.fillStyle = open ? theme.selection : theme.neutralLine;
        ctx.fill();
      }
      if (Math.hypot(x1 - x0, y1 - y0) < LABEL_PX) return;
      const miles = sync.look.distance === "mi";
      const far = TW.formatValue(miles ? km * MILES : km, { unit: miles ? "mi" : "km" }, "");
      const words = `${open ? "ferry" : "closed ferry"} · ${far}`;
      ctx.strokeStyle = theme.halo;
      ctx.lineWidth = 4;
      ctx.lineJoin = "round";
      // Beside the line, which stays in sight.
      const steep = Math.abs(y1 - y0) > Math.abs(x1 - x0);
      const [x, y] = [(x0 + x1) / 2 + (steep ? 8 : 0), (y0 + y1) / 2 - (steep ? 0 : 12)];
      ctx.textAlign = steep ? "left" : "center";
      const wide = ctx.measureText(words).width;
      const left = steep ? x : x - wide / 2;
      const box = { x0: left, x1: left + wide, y0: y - 8, y1: y + 8 };
      // Lines that run side by side are told once.
      if (this.ferryLabels.some((b) => b.x0 < box.x1 && box.x0 < b.x1 && b.y0 < box.y1 && box.y0 < b.y1))
        return;
      this.ferryLabels.push(box);
      ctx.strokeText(words, x, y);
      ctx.fillStyle = theme.label;
      ctx.fillText(words, x, y);
    },
  });
})();
