/* Small tiles that fills are made of: hatching for what is locked or nobody's, and stripes and dots
   that tell territories of one colour apart. */
(function () {
  "use strict";
  const TW = (window.TerritoryWorkbench = window.TerritoryWorkbench || {});
  const SIDE = 8;

  function tileOf(draw) {
    const tile = document.createElement("canvas");
    tile.width = tile.height = SIDE;
    draw(tile.getContext("2d"));
    return tile;
  }

  /** Diagonal lines across a tile, so that they meet those of the next one. */
  function diagonals(ctx, up) {
    for (const shift of [-SIDE, 0, SIDE]) {
      ctx.moveTo(shift, up ? SIDE : 0);
      ctx.lineTo(shift + SIDE, up ? 0 : SIDE);
    }
    ctx.stroke();
  }

  /** Over a neutral ground: nobody's, or nothing known. */
  function neutral(ctx, theme) {
    ctx.fillStyle = theme.neutral;
    ctx.fillRect(0, 0, SIDE, SIDE);
    ctx.strokeStyle = theme.neutralLine;
    diagonals(ctx, true);
  }

  /** On its own, over whatever lies there. */
  function locked(ctx, theme) {
    ctx.strokeStyle = theme.hatch;
    ctx.lineWidth = 1.4;
    diagonals(ctx, false);
  }

  const KINDS = { neutral, locked };

  const across = (ctx) => ctx.fillRect(0, 3, SIDE, 1.4);
  const down = (ctx) => ctx.fillRect(3, 0, 1.4, SIDE);
  function dots(ctx, x, y) {
    ctx.beginPath();
    ctx.arc(x, y, 1.35, 0, 7);
    ctx.fill();
  }

  /** What lies on a colour the second, third … time that it is used; no slanting lines, which mean
      locked or nobody's. */
  const MARKS = {
    "": () => {},
    dots: (ctx) => [[2, 2], [6, 6]].forEach(([x, y]) => dots(ctx, x, y)),
    across,
    down,
    grid: (ctx) => [across, down].forEach((draw) => draw(ctx)),
    steps: (ctx) => [[0, 1], [4, 5]].forEach(([x, y]) => ctx.fillRect(x, y, 4, 1.6)),
  };
  const ORDER = Object.keys(MARKS);

  function isLight(colour) {
    const [r, g, b] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
    return 0.299 * r + 0.587 * g + 0.114 * b > 110;
  }

  /** A colour with its mark. */
  function marked(colour, mark) {
    return tileOf((ctx) => {
      ctx.fillStyle = colour;
      ctx.fillRect(0, 0, SIDE, SIDE);
      ctx.fillStyle = isLight(colour) ? "rgba(0,0,0,.22)" : "rgba(255,255,255,.32)";
      MARKS[mark](ctx);
    });
  }

  const made = new Map();

  function once(name, make) {
    if (!made.has(name)) made.set(name, make());
    return made.get(name);
  }

  /** What a canvas fills with, made once a kind and theme. */
  TW.pattern = (ctx, kind, theme) =>
    once(kind + theme.label, () =>
      ctx.createPattern(tileOf((c) => KINDS[kind](c, theme)), "repeat")
    );

  /** What a canvas fills a territory with. */
  TW.territoryFill = (ctx, [, , , colour, , mark]) =>
    mark ? once(colour + mark, () => ctx.createPattern(marked(colour, mark), "repeat")) : colour;

  /** The same as a style's background. */
  TW.territoryBackground = ([, , , colour, , mark]) =>
    mark ? once("url" + colour + mark, () => `url(${marked(colour, mark).toDataURL()})`) : colour;

  /** Give every territory after the first of its colour a mark: [5] of its entry. It depends on
      nothing that an edit changes. */
  TW.markTerritories = function (territories) {
    const used = new Map();
    for (const territory of territories) {
      const count = used.get(territory[3]) || 0;
      used.set(territory[3], count + 1);
      territory[5] = ORDER[count % ORDER.length];
    }
  };
})();
