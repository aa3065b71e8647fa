/* What lies over the map: tool bar, active territory, hover card, legend, help, notices.
   Every word from the plan goes through textContent. */
(function () {
  "use strict";
  const TW = (window.TerritoryWorkbench = window.TerritoryWorkbench || {});
  const SVG = "http://www.w3.org/2000/svg";
  const NOTICE_MS = 6000;
  const CARD_MEASURES = 5;
  const ICONS = {
    undo: "M9 7L4 12l5 5M4 12h10a5 5 0 010 10h-2",
    redo: "M15 7l5 5-5 5M20 12H10a5 5 0 000 10h2",
    plus: "M12 5v14M5 12h14",
    minus: "M5 12h14",
    fit: "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5",
    help: "M9 9a3 3 0 114 3c-1 .5-1 1-1 2M12 17.500v.5",
  };
  const KEYS = [
    ["V", "Select and inspect"],
    ["C", "Assign by click"],
    ["B", "Brush"],
    ["E", "Eraser: to unassigned"],
    ["[  ]", "Smaller or larger brush"],
    ["0–9", "Pick the active territory by its number"],
    ["Alt + click", "Pick the owner of what you click"],
    ["Space", "Hold to move the map; the wheel zooms"],
    ["Ctrl/⌘ + Z", "Undo one gesture"],
    ["Shift + Ctrl/⌘ + Z", "Redo"],
    ["Esc", "Take back the stroke under way; clear the selection"],
    ["?", "This card"],
  ];

  /** An element: properties, then children; strings become text, never markup. */
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

  const swatch = (colour) => {
    const dot = h("i", { class: colour ? "tw-dot" : "tw-dot tw-none" });
    if (colour) dot.style.background = colour;
    return dot;
  };

  class Chrome {
    constructor(editor) {
      this.editor = editor;
      this.root = h("div", { class: "tw-ui-root" });
      editor.map.getContainer().append(this.root);
      this._toolbar();
      this._active();
      this._legend();
      this.card = h("div", { class: "tw-card", hidden: "" });
      this.cursor = h("div", { class: "tw-cursor", hidden: "" });
      this.notice = h("div", { class: "tw-notice tw-ui", role: "status", hidden: "" });
      this.note = h("div", { class: "tw-note" });
      this._help();
      this.root.append(this.card, this.cursor, this.notice, this.note, this.help);
    }

    _toolbar() {
      const { editor } = this;
      this.buttons = new Map();
      const tools = TW.TOOLS.map((tool) => {
        const made = button(tool.label, tool.key.toUpperCase(), tool.icon, () => editor.use(tool));
        this.buttons.set(tool.id, made);
        return made;
      });
      this.sizes = h(
        "div",
        { class: "tw-group tw-sizes", role: "group", "aria-label": "Brush size" },
        button("Larger brush", "]", ICONS.plus, () => editor.resize(1)),
        button("Smaller brush", "[", ICONS.minus, () => editor.resize(-1))
      );
      const group = (label, ...items) =>
        h("div", { class: "tw-group", role: "group", "aria-label": label }, ...items);
      const zoom = (step) => editor.map.setZoom(editor.map.getZoom() + step);
      this.root.append(
        h(
          "div",
          { class: "tw-tools tw-ui", role: "toolbar", "aria-label": "Map tools" },
          group("Tools", ...tools),
          group(
            "History",
            button("Undo", "Ctrl/⌘+Z", ICONS.undo, () => editor.ask("undo")),
            button("Redo", "Shift+Ctrl/⌘+Z", ICONS.redo, () => editor.ask("redo"))
          ),
          group("Help", button("Keys and tools", "?", ICONS.help, () => this.toggleHelp())),
          this.sizes
        ),
        h(
          "div",
          { class: "tw-zoom tw-ui", role: "group", "aria-label": "Zoom" },
          button("Zoom in", "", ICONS.plus, () => zoom(1)),
          button("Zoom out", "", ICONS.minus, () => zoom(-1)),
          button("Show everything", "", ICONS.fit, () => editor.fit(true))
        )
      );
    }

    _active() {
      this.chip = h("div", { class: "tw-active tw-ui", "aria-live": "polite" });
      this.root.append(this.chip);
    }

    /** The tool in use and the territory it works for. */
    showTool() {
      const { tool, sync } = this.editor;
      for (const [id, made] of this.buttons) made.setAttribute("aria-pressed", id === tool.id);
      this.sizes.hidden = !tool.paints;
      this.cursor.hidden = !tool.paints;
      const box = this.editor.map.getContainer();
      box.dataset.tool = tool.id;
      const territory = sync.look.territories[sync.active];
      const verb = { inspect: "Inspecting", erase: "Erasing to" }[tool.id];
      this.chip.replaceChildren();
      if (tool.id === "inspect") {
        this.chip.append(h("span", {}, verb));
      } else if (tool.id === "erase") {
        this.chip.append(h("span", {}, verb), swatch(""), h("b", {}, "unassigned"));
      } else if (territory) {
        const [, name, rep, colour] = territory;
        const who = rep && rep !== name ? h("span", { class: "tw-soft" }, rep) : null;
        this.chip.append(h("span", {}, "Assigning to"), swatch(colour), h("b", { dir: "auto" }, name));
        if (who) this.chip.append(who);
        this.chip.append(h("kbd", { title: "Type the number to pick it" }, sync.active + 1 + ""));
      }
      this.chip.hidden = !this.chip.childNodes.length;
      this._cursorLook();
    }

    _cursorLook() {
      const { tool, sync, size } = this.editor;
      if (!tool.paints) return;
      const across = 2 * TW.BRUSH_SIZES[size];
      const territory = sync.look.territories[sync.active];
      Object.assign(this.cursor.style, {
        width: across + "px",
        height: across + "px",
        "--tw-brush": tool.id === "erase" || !territory ? "#6b7280" : territory[3],
      });
      this.cursor.style.setProperty(
        "--tw-brush",
        tool.id === "erase" || !territory ? "#6b7280" : territory[3]
      );
    }

    moveCursor(point) {
      this.cursor.hidden = !point || !this.editor.tool.paints || this.editor.panning;
      if (point) this.cursor.style.transform = `translate(${point.x}px, ${point.y}px)`;
    }

    _legend() {
      this.rows = h("div", { class: "tw-rows", role: "list" });
      this.legend = h(
        "details",
        { class: "tw-legend tw-ui" },
        h("summary", {}, "Legend"),
        this.rows
      );
      this.root.append(this.legend);
      this.legend.addEventListener("toggle", () => this.showLegend());
    }

    /** Owners and how many units each has; rows are rebuilt only when the territories change. */
    showLegend() {
      if (!this.legend.open) return;
      const { sync, region } = this.editor;
      const counts = new Map([[-1, 0]]);
      for (let i = 0; i < region.n; i++)
        counts.set(sync.view[i], (counts.get(sync.view[i]) || 0) + 1);
      if (this.legendOf !== sync.look.id) this._legendRows(sync.look);
      for (const [owner, row] of this.legendRows) {
        row.count.textContent = TW.formatCount(counts.get(owner) || 0);
        row.element.classList.toggle("tw-on", owner === sync.active);
        if (owner < 0) row.element.hidden = !counts.get(-1);
      }
    }

    _legendRows(look) {
      this.legendOf = look.id;
      this.legendRows = new Map();
      const add = (owner, name, colour) => {
        const count = h("span", { class: "tw-count" });
        const number = h("span", { class: "tw-number" }, owner < 0 ? "" : owner + 1 + "");
        const label = h("span", { class: "tw-name", dir: "auto" }, name);
        const act = () => owner >= 0 && this.editor.choose(owner);
        const inner = [swatch(colour), number, label, count];
        const row = h("button", { type: "button", role: "listitem", onclick: act }, ...inner);
        this.legendRows.set(owner, { element: row, count });
        return row;
      };
      this.rows.replaceChildren(
        ...look.territories.map(([, name, , colour], owner) => add(owner, name, colour)),
        add(-1, "unassigned", "")
      );
    }

    /** The card beside the pointer, or nothing. */
    showCard(unit, point) {
      this.card.hidden = unit < 0;
      if (unit < 0) return;
      if (unit !== this.cardUnit || this.cardView !== this.editor.version) this._fillCard(unit);
      const box = this.editor.map.getContainer();
      const width = this.card.offsetWidth;
      const height = this.card.offsetHeight;
      const right = point.x + 18 + width < box.clientWidth;
      const below = point.y + 18 + height < box.clientHeight;
      const x = right ? point.x + 18 : Math.max(8, point.x - 18 - width);
      const y = below ? point.y + 18 : Math.max(8, point.y - 18 - height);
      this.card.style.transform = `translate(${x}px, ${y}px)`;
    }

    _fillCard(unit) {
      const { sync, region, tool } = this.editor;
      this.cardUnit = unit;
      this.cardView = this.editor.version;
      const place = region.words.find((w) => /city|name|place|town/i.test(w.name)) || region.words[0];
      const owner = sync.look.territories[sync.view[unit]];
      const named = (one) => h("span", { dir: "auto" }, one ? one[1] : "unassigned");
      const line = h("div", { class: "tw-owner" }, swatch(owner && owner[3]), named(owner));
      const active = sync.look.territories[sync.active];
      const target = tool.id === "erase" ? null : active;
      if (tool.id !== "inspect" && !sync.locked[unit] && owner !== (target || undefined))
        line.append(h("span", { class: "tw-soft" }, "→"), swatch(target && target[3]), named(target));
      const title = h("div", { class: "tw-title" }, h("b", {}, region.ids[unit]));
      if (place) title.append(h("span", { dir: "auto" }, place.values[place.of[unit]]));
      const facts = this._facts(unit);
      this.card.replaceChildren(title, line, ...facts);
      if (sync.locked[unit]) this.card.append(h("div", { class: "tw-soft" }, "Locked"));
      const was = sync.baseline ? sync.baseline[unit] : sync.view[unit];
      if (was !== sync.view[unit]) {
        const before = sync.look.territories[was];
        const text = h("span", { class: "tw-soft" }, "was ");
        this.card.append(h("div", { class: "tw-was" }, text, named(before)));
      }
    }

    /** Measures of a unit and their share of the owner's total. */
    _facts(unit) {
      const { sync, region, totals } = this.editor;
      const owner = sync.view[unit];
      const shown = region.measures.filter((m) => m.name !== "area_km2").slice(0, CARD_MEASURES);
      return shown.map((m) => {
        const value = m.of[unit];
        const total = owner >= 0 ? totals(m)[owner] : 0;
        const share = total > 0 ? ` (${((100 * value) / total).toFixed(1)} %)` : "";
        return h(
          "div",
          { class: "tw-fact" },
          h("span", { class: "tw-soft" }, m.label),
          h("span", {}, TW.formatValue(value, m, sync.look.currency || "") + share)
        );
      });
    }

    _help() {
      const rows = KEYS.flatMap(([key, text]) => [h("kbd", {}, key), h("span", {}, text)]);
      const close = button("Close", "Esc", "M6 6l12 12M18 6L6 18", () => this.toggleHelp(false));
      this.help = h(
        "div",
        { class: "tw-help tw-ui", role: "dialog", "aria-label": "Keys and tools", hidden: "" },
        h("div", { class: "tw-help-head" }, h("b", {}, "Keys and tools"), close),
        h("div", { class: "tw-keys" }, ...rows)
      );
    }

    toggleHelp(open = this.help.hidden) {
      this.help.hidden = !open;
    }

    say(text) {
      this.notice.textContent = text;
      this.notice.hidden = false;
      clearTimeout(this.noticeTimer);
      this.noticeTimer = setTimeout(() => (this.notice.hidden = true), NOTICE_MS);
    }
  }

  TW.Chrome = Chrome;
})();
