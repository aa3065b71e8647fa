/* Small tiles that fills are made of: hatching for what is locked or nobody's. */
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
  const made = new Map();

  /** What a canvas fills with, made once a kind and theme. */
  TW.pattern = function (ctx, kind, theme) {
    const name = kind + theme.label;
    if (!made.has(name))
      made.set(name, ctx.createPattern(tileOf((c) => KINDS[kind](c, theme)), "repeat"));
    return made.get(name);
  };
})();
