/* Names of territories where they fit: at the middle of what is in view, never over each other. */
(function () {
  "use strict";
  const TW = (window.TerritoryWorkbench = window.TerritoryWorkbench || {});
  const FONT = '"Source Sans", Inter, system-ui, "Segoe UI", sans-serif';
  const BOLD = "600 13px " + FONT;
  const PLAIN = "12px " + FONT;
  const SHIFTS = [0, -18, 18, -36, 36];
  const LONGEST = 28;
  const LEAST_AREA = 260; // px² in view, below which a label says less than it hides

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

  /** Labels to draw, largest territory first, the active one before all. A name that would lie
      on a neighbour gives way to the territory's number, the one its key and the list have. */
  TW.layoutLabels = function (renderer) {
    const { sync } = renderer.scene;
    const rank = (one) => (one.owner === sync.active ? Infinity : one.weight);
    const placed = [];
    for (const one of middles(renderer).sort((a, b) => rank(b) - rank(a))) {
      const territory = sync.look.territories[one.owner];
      if (!territory) continue;
      const [x, y] = anchor(one);
      const label = fit(renderer, one.owner, territory, x, y, [...placed, ...(renderer.homes || [])]);
      if (label) placed.push(label);
    }
    return placed;
  };

  function fit(renderer, owner, territory, x, y, placed) {
    const free = (box) => !placed.some((other) => overlap(box, other));
    for (const short of [false, true]) {
      const text = lines(territory, short);
      const half = halfSize(renderer.ctx.line, text);
      for (const shift of SHIFTS) {
        const label = boxed(text, x, y + shift, half);
        if (free(label) && onOwn(renderer, owner, label, half)) return label;
      }
    }
    const number = [String(owner + 1)];
    const half = halfSize(renderer.ctx.line, number);
    const places = SHIFTS.map((shift) => boxed(number, x, y + shift, half)).filter(free);
    return places.find((label) => label.y === y || onOwn(renderer, owner, label, half)) || null;
  }

  function halfSize(ctx, text) {
    ctx.font = BOLD;
    let width = ctx.measureText(text[0]).width;
    ctx.font = PLAIN;
    if (text[1]) width = Math.max(width, ctx.measureText(text[1]).width);
    return { x: width / 2 + 4, y: text.length * 8 + 2 };
  }

  function boxed(text, x, y, half) {
    return { text, x, y, x0: x - half.x, x1: x + half.x, y0: y - half.y, y1: y + half.y };
  }

  /** Does most of a label lie on its own territory, or where there is none? */
  function onOwn({ scene, k, dx, dy }, owner, { x, y }, half) {
    const { region, sync } = scene;
    return [-0.8, -0.4, 0, 0.4, 0.8].every((part) => {
      const unit = region.at((x + part * half.x + dx) / k, (y + dy) / k);
      return unit < 0 ? part !== 0 : sync.view[unit] === owner;
    });
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
