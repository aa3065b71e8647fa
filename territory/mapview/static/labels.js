/* Names of territories where they fit: at the middle of what is in view, never over each other. */
(function () {
  "use strict";
  const TW = (window.TerritoryWorkbench = window.TerritoryWorkbench || {});
  const FONT = '"Source Sans", "Source Sans Pro", Inter, system-ui, "Segoe UI", sans-serif';
  const BOLD = "600 13px " + FONT;
  const PLAIN = "12px " + FONT;
  const SHIFTS = [0, -18, 18, -36, 36];
  const LONGEST = 28;
  const LEAST_AREA = 900; // px² in view, below which a name says less than it hides

  const clipped = (text) => (text.length > LONGEST ? text.slice(0, LONGEST - 1) + "…" : text);

  /** Area in view and middle of each territory, in pixels of the canvas. */
  function middles({ scene, visible, k, dx, dy, size }) {
    const { region, sync } = scene;
    const found = new Map();
    for (const i of visible) {
      const owner = sync.view[i];
      const x = region.inside[2 * i] * k - dx;
      const y = region.inside[2 * i + 1] * k - dy;
      if (owner < 0 || x < 0 || y < 0 || x > size.x || y > size.y) continue;
      const one = found.get(owner) || { owner, weight: 0, x: 0, y: 0, units: [] };
      const weight = region.area[i] * k * k;
      one.weight += weight;
      one.x += weight * x;
      one.y += weight * y;
      one.units.push([x, y]);
      found.set(owner, one);
    }
    return [...found.values()].filter((one) => one.weight > LEAST_AREA);
  }

  /** The unit nearest to the middle, so that the name lies on its own territory. */
  function anchor(one) {
    const mx = one.x / one.weight;
    const my = one.y / one.weight;
    const far = ([x, y]) => (x - mx) ** 2 + (y - my) ** 2;
    return one.units.reduce((best, point) => (far(point) < far(best) ? point : best));
  }

  function lines(territory, short) {
    const [, name, rep] = territory;
    const twoLines = !short && rep && rep !== name;
    return twoLines ? [clipped(name), clipped(rep)] : [clipped(name)];
  }

  const overlap = (a, b) => a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1;

  /** Labels to draw, largest territory first, the active one before all. */
  TW.layoutLabels = function (renderer) {
    const { sync } = renderer.scene;
    const ctx = renderer.ctx.line;
    const rank = (one) => (one.owner === sync.active ? Infinity : one.weight);
    const placed = [];
    for (const one of middles(renderer).sort((a, b) => rank(b) - rank(a))) {
      const [x, y] = anchor(one);
      const label = fit(ctx, sync.look.territories[one.owner], x, y, placed);
      if (label) placed.push(label);
    }
    return placed;
  };

  function fit(ctx, territory, x, y, placed) {
    if (!territory) return null;
    for (const short of [false, true]) {
      const text = lines(territory, short);
      ctx.font = BOLD;
      let width = ctx.measureText(text[0]).width;
      ctx.font = PLAIN;
      if (text[1]) width = Math.max(width, ctx.measureText(text[1]).width);
      const half = { x: width / 2 + 5, y: text.length * 8 + 3 };
      for (const shift of SHIFTS) {
        const at = y + shift;
        const box = { x0: x - half.x, x1: x + half.x, y0: at - half.y, y1: at + half.y };
        if (!placed.some((other) => overlap(box, other)))
          return { ...box, x, y: at, text };
      }
    }
    return null;
  }

  TW.drawLabels = function (renderer, ctx) {
    const { theme } = renderer.scene;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.lineJoin = "round";
    ctx.strokeStyle = theme.halo;
    ctx.fillStyle = theme.label;
    for (const { x, y, text } of renderer.labels || []) {
      text.forEach((line, j) => {
        const at = y + (text.length === 1 ? 0 : j === 0 ? -8 : 8);
        ctx.font = j === 0 ? BOLD : PLAIN;
        ctx.lineWidth = 3.5;
        ctx.strokeText(line, x, at);
        ctx.fillText(line, x, at);
      });
    }
  };
})();
