/* Small pieces of page. Strings become text, never markup. */
(function () {
  "use strict";
  const TW = (window.TerritoryWorkbench = window.TerritoryWorkbench || {});
  const SVG = "http://www.w3.org/2000/svg";
  const ICONS = {
    undo: "M9 7L4 12l5 5M4 12h10a5 5 0 010 10h-2",
    redo: "M15 7l5 5-5 5M20 12H10a5 5 0 000 10h2",
    plus: "M12 5v14M5 12h14",
    minus: "M5 12h14",
    fit: "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5",
    help: "M9 9a3 3 0 114 3c-1 .5-1 1-1 2M12 17.500v.5",
    find: "M10.500 4a6.500 6.500 0 100 13 6.500 6.500 0 000-13zM15.500 15.500L21 21",
    close: "M6 6l12 12M18 6L6 18",
    layers: "M12 3l9 5-9 5-9-5zM3 12.500l9 5 9-5M3 17l9 5 9-5",
    previous: "M15 5l-7 7 7 7",
    next: "M9 5l7 7-7 7",
    lock: "M6 11h12v9H6zM8.500 11V8a3.500 3.500 0 017 0v3",
  };

  /** An element: properties, then children. */
  function h(tag, properties, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(properties || {})) {
      if (name === "class") element.className = value;
      else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else element.setAttribute(name, value);
    }
    element.append(...children.filter((child) => child !== null && child !== undefined));
    return element;
  }

  function icon(path) {
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    const line = document.createElementNS(SVG, "path");
    line.setAttribute("d", path);
    svg.append(line);
    return svg;
  }

  function button(label, key, path, act) {
    const title = key ? `${label} (${key})` : label;
    const made = h("button", { type: "button", title, "aria-label": label, onclick: act });
    made.append(icon(path));
    return made;
  }

  function swatch(colour) {
    const dot = h("i", { class: colour ? "tw-dot" : "tw-dot tw-none" });
    if (colour) dot.style.background = colour;
    return dot;
  }

  /** A territory's colour with its pattern; nothing there means unassigned. */
  function swatchOf(territory) {
    return swatch(territory ? TW.territoryBackground(territory) : "");
  }

  /** A territory's name beside its colour; nothing there means unassigned. */
  function owner(territory) {
    const name = h("span", { dir: "auto" }, territory ? territory[1] : "unassigned");
    return [swatchOf(territory), name];
  }

  /** 3 ZIPs, 1 ZIP: in the project's own words. */
  function counted(count, words) {
    return `${TW.formatCount(count)} ${count === 1 ? words.unit : words.units}`;
  }

  /** Put a card beside a point: to the right and below where there is room. */
  function beside(card, box, point) {
    const width = card.offsetWidth;
    const height = card.offsetHeight;
    const right = point.x + 18 + width < box.clientWidth;
    const below = point.y + 18 + height < box.clientHeight;
    const x = right ? point.x + 18 : Math.max(8, point.x - 18 - width);
    const y = below ? point.y + 18 : Math.max(8, point.y - 18 - height);
    card.style.transform = `translate(${x}px, ${y}px)`;
  }

  TW.dom = { ICONS, h, icon, button, swatch, swatchOf, owner, counted, beside };
})();
