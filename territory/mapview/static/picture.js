/* A picture of the map as it is seen: twice as sharp, with title, date and legend. Made here, from
   the map's own canvases; tiles only where their server lets a page use them. */
(function () {
  "use strict";
  const TW = (window.TerritoryWorkbench = window.TerritoryWorkbench || {});
  const SHARP = 2;
  const HEAD = 46;
  const SIDE = 232;
  const LINE = 19;
  const PAD = 12;
  const WAIT_MS = 3000;
  const FONT = '"Source Sans", Inter, system-ui, "Segoe UI", sans-serif';

  /** An image that may be read again, or nothing where its server forbids that or is slow. */
  function readable(url) {
    return new Promise((resolve) => {
      const image = new Image();
      image.crossOrigin = "anonymous";
      image.onload = () => resolve(image);
      image.onerror = () => resolve(null);
      setTimeout(() => resolve(null), WAIT_MS);
      image.src = url;
    });
  }

  function text(ctx, words, x, y, font, colour, most) {
    ctx.font = font + " " + FONT;
    ctx.fillStyle = colour;
    let shown = words;
    while (most && shown.length > 1 && ctx.measureText(shown).width > most)
      shown = shown.slice(0, shown.endsWith("…") ? -2 : -1) + "…";
    ctx.fillText(shown, x, y);
  }

  /** Draw the map's canvases at twice their sharpness, then leave them as they were. */
  function drawMap(ctx, editor) {
    const { renderer, map } = editor;
    renderer.sharp = SHARP;
    renderer._update();
    const corner = map.layerPointToContainerPoint(renderer._bounds.min);
    for (const name of ["fill", "place", "line"]) {
      ctx.globalAlpha = name === "fill" ? Number(renderer.canvas.fill.style.opacity) : 1;
      const { x, y } = renderer.size;
      ctx.drawImage(renderer.canvas[name], corner.x, corner.y, x, y);
    }
    ctx.globalAlpha = 1;
    renderer.sharp = 0;
    renderer._update();
  }

  /** Lines of the legend: [what to fill with, words, number]. */
  function legendLines(editor, ctx) {
    const { sync, scene } = editor;
    const { colouring } = scene;
    if (colouring.shows !== "owner") return [colouring.title(), colouring.rows()];
    const counts = new Array(sync.look.territories.length).fill(0);
    for (const owner of sync.view) if (owner >= 0) counts[owner]++;
    const rows = sync.look.territories.map((territory, t) => [
      TW.territoryFill(ctx, territory),
      `${t + 1}  ${territory[1]}`,
      counts[t],
    ]);
    return [sync.look.words.units, rows];
  }

  /** Beside the map, so that it hides nothing of it. */
  function drawLegend(ctx, editor, height, colours) {
    const [title, rows] = legendLines(editor, ctx);
    const room = Math.max(3, Math.floor((height - 2 * PAD) / LINE) - 1);
    const shown = rows.length > room ? rows.slice(0, room - 1) : rows;
    ctx.fillStyle = colours.head;
    ctx.fillRect(0, 0, SIDE, height);
    let y = PAD + 5;
    text(ctx, title, PAD, y, "600 12.5px", colours.text, SIDE - 2 * PAD);
    for (const [fill, words, count] of shown) {
      y += LINE;
      ctx.fillStyle = fill || TW.pattern(ctx, "neutral", editor.scene.theme);
      ctx.fillRect(PAD, y - 6, 14, 12);
      text(ctx, words, PAD + 22, y, "12.5px", colours.text, SIDE - 90);
      ctx.textAlign = "right";
      text(ctx, TW.formatCount(count), SIDE - PAD, y, "12.5px", colours.soft);
      ctx.textAlign = "left";
    }
    if (shown.length < rows.length)
      text(ctx, `and ${rows.length - shown.length} more`, PAD, y + LINE, "12.5px", colours.soft);
  }

  function drawHead(ctx, editor, width, colours) {
    ctx.fillStyle = colours.head;
    ctx.fillRect(0, 0, width, HEAD);
    ctx.textBaseline = "middle";
    const date = new Date().toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric" });
    text(ctx, editor.sync.look.title || "", PAD, HEAD / 2, "600 17px", colours.text, width - 160);
    ctx.textAlign = "right";
    text(ctx, date, width - PAD, HEAD / 2, "13px", colours.soft);
    ctx.textAlign = "left";
  }

  function drawFoot(ctx, editor, width, height, colours) {
    const { note, basemap } = editor.chrome;
    const words = [note.textContent, basemap.credit.textContent].filter(Boolean).join(" · ");
    ctx.textAlign = "right";
    text(ctx, words, width - PAD, height - PAD, "11px", colours.soft, width - 2 * PAD);
    ctx.textAlign = "left";
  }

  /** The colours that the page's style has for this theme. */
  function pageColours(box) {
    const style = getComputedStyle(box);
    const of = (name) => style.getPropertyValue("--tw-" + name).trim();
    return { head: of("field"), land: of("land"), text: of("text"), soft: of("soft") };
  }

  /** The picture as a canvas. */
  async function picture(editor) {
    const box = editor.map.getContainer();
    const { x: width, y: height } = editor.map.getSize();
    const tiles = await Promise.all(
      editor.chrome.basemap.tiles().map(async ([url, place]) => [await readable(url), place])
    );
    const canvas = document.createElement("canvas");
    canvas.width = SHARP * (width + SIDE);
    canvas.height = SHARP * (height + HEAD);
    const ctx = canvas.getContext("2d");
    ctx.scale(SHARP, SHARP);
    const colours = pageColours(box);
    drawHead(ctx, editor, width + SIDE, colours);
    ctx.translate(0, HEAD);
    drawLegend(ctx, editor, height, colours);
    ctx.translate(SIDE, 0);
    ctx.beginPath();
    ctx.rect(0, 0, width, height);
    ctx.clip();
    ctx.fillStyle = colours.land;
    ctx.fillRect(0, 0, width, height);
    for (const [image, place] of tiles) if (image) ctx.drawImage(image, ...place);
    drawMap(ctx, editor);
    drawFoot(ctx, editor, width, height, colours);
    return canvas;
  }

  /** Make the picture and hand it to the browser as a download. */
  TW.downloadPicture = async function (editor) {
    const canvas = await picture(editor);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
    if (!blob) {
      editor.chrome.say("The picture could not be made: the map is too large for this browser.");
      return;
    }
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = `territories-${new Date().toISOString().slice(0, 10)}.png`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  };
})();
