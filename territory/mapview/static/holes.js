/* Holes: pieces that one other territory has all around them. */
(function () {
  "use strict";
  const TW = (window.TerritoryWorkbench = window.TerritoryWorkbench || {});
  const OPEN = 0.1; // share of a hole's outline that may be water or the region's edge

  /** The territory all around a piece, or undefined where there are several, or none. */
  function around(region, view, piece, own) {
    let found;
    for (const i of piece)
      for (let q = region.linkOf[i]; q < region.linkOf[i + 1]; q++) {
        const owner = view[region.link[q]];
        if (owner === own) continue;
        if (owner < 0 || (found !== undefined && owner !== found)) return undefined;
        found = owner;
      }
    return found;
  }

  /** Share of a piece's outline beyond which there is no unit. */
  function openShare(region, piece) {
    const { ringOf, runOf, runStart, runUnit, vertexOf, x, y } = region;
    const inside = new Set(piece);
    let [open, all] = [0, 0];
    for (const i of piece)
      for (let r = ringOf[i]; r < ringOf[i + 1]; r++) {
        const [from, to] = [vertexOf[r], vertexOf[r + 1]];
        for (let q = runOf[r]; q < runOf[r + 1]; q++) {
          if (inside.has(runUnit[q])) continue;
          let length = 0;
          for (let v = runStart[q]; v < runStart[q + 1]; v++) {
            const next = v + 1 < to ? v + 1 : from;
            length += Math.hypot(x[next] - x[v], y[next] - y[v]);
          }
          all += length;
          if (runUnit[q] < 0) open += length;
        }
      }
    return all > 0 ? open / all : 1;
  }

  /** Pieces of territories, or of the unassigned, that lie inside one other territory. */
  TW.holesOf = function (region, view, territories) {
    const found = [];
    for (let owner = -1; owner < territories; owner++)
      for (const piece of TW.piecesOf(region, TW.unitsOf(view, owner)))
        if (around(region, view, piece, owner) !== undefined && openShare(region, piece) <= OPEN)
          found.push(piece);
    return found;
  };
})();
