/* What lies over the map: tool bar, active territory, options, help, notices. */
(function () {
  "use strict";
  const TW = (window.TerritoryWorkbench = window.TerritoryWorkbench || {});
  const { ICONS, h, button, swatch, swatchOf } = TW.dom;
  const NOTICE_MS = 6000;
  const QUESTION_MS = 20000;
  const KEYS = [
    ["V", "Select and inspect"],
    ["Shift + drag", "Box: adds to the selection"],
    ["Ctrl/⌘ + drag", "Free shape: adds to the selection"],
    ["Enter, Del", "Assign or unassign the selection"],
    ["C", "Assign by click"],
    ["B", "Brush; [ and ] change its size"],
    ["L", "Lasso; with Shift a box"],
    ["G", "Assign whole counties, cities …: click or paint"],
    ["D", "Drag a unit or the selection onto a territory"],
    ["E", "Eraser: to unassigned"],
    ["0–9", "Pick the active territory by its number"],
    ["Alt + click", "Pick the owner of what you click"],
    ["/", "Find a unit, place or account, paste a list"],
    ["N, F, H", "Next unassigned, next stray piece, next hole"],
    ["Z", "Zoom to the active territory"],
    ["K", "Locks: the active territory, all, none, the opposite"],
    ["Space", "Hold to move the map; the wheel zooms"],
    ["Ctrl/⌘ + Z", "Undo one gesture; with Shift redo"],
    ["Esc", "Take back the gesture under way; clear"],
    ["?", "This card"],
  ];

  class Chrome {
    constructor(editor) {
      this.editor = editor;
      this.root = h("div", { class: "tw-ui-root" });
      editor.map.getContainer().append(this.root);
      this._toolbar();
      this.chip = h("div", { class: "tw-active tw-ui", "aria-live": "polite" });
      this.options = new TW.Options(editor);
      this.finder = new TW.Finder(editor);
      this.locks = new TW.Locks(editor);
      this.hints = new TW.Hints(editor);
      this.legend = new TW.Legend(editor);
      this.basemap = new TW.Basemap(editor);
      this.display = new TW.Display(editor);
      this.card = new TW.HoverCard(editor);
      this.placeCard = new TW.PlaceCard(editor);
      this.live = new TW.Live(editor);
      this.picked = new TW.SelectionCard(editor);
      this.cursor = h("div", { class: "tw-cursor", hidden: "" });
      this.notice = h("div", { class: "tw-notice tw-ui", role: "status", hidden: "" });
      this.note = h("div", {});
      const { badge, credit } = this.basemap;
      this.foot = h("div", { class: "tw-foot" }, badge, this.note, credit);
      this._help();
      const top = h("div", { class: "tw-bars" }, this.chip, this.options.element);
      const left = h("div", { class: "tw-left" }, top, this.finder.bar, this.finder.element);
      left.append(this.locks.element);
      left.append(this.display.element);
      const dock = h("div", { class: "tw-dock" }, this.picked.element, this.live.element);
      const keys = h("div", { class: "tw-keyed" }, this.legend.element, this.hints.control);
      // In this order the Tab key visits them.
      this.root.append(left, dock, this.hints.element, keys, this._zoom(), this.help, this.notice);
      this.root.append(this.card.element, this.placeCard.element, this.hints.card);
      this.root.append(this.cursor, this.foot);
    }

    _toolbar() {
      const { editor } = this;
      this.buttons = new Map();
      const tools = TW.TOOLS.map((tool) => {
        const made = button(tool.label, tool.key.toUpperCase(), tool.icon, () => editor.use(tool));
        this.buttons.set(tool.id, made);
        return made;
      });
      const group = (label, ...items) =>
        h("div", { class: "tw-group", role: "group", "aria-label": label }, ...items);
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
          group(
            "Find and help",
            button("Find", "/", ICONS.find, () => this.finder.toggle()),
            button("Locks", "K", ICONS.lock, () => this.locks.toggle()),
            button("What the map shows", "", ICONS.layers, () => this.display.toggle()),
            button("Keys and tools", "?", ICONS.help, () => this.toggleHelp())
          )
        )
      );
    }

    _zoom() {
      const { map, view } = this.editor;
      const zoom = (step) => map.setZoom(map.getZoom() + step);
      return h(
        "div",
        { class: "tw-zoom tw-ui", role: "group", "aria-label": "Zoom" },
        button("Zoom in", "", ICONS.plus, () => zoom(1)),
        button("Zoom out", "", ICONS.minus, () => zoom(-1)),
        button("Show everything", "", ICONS.fit, () => view.fit(true))
      );
    }

    /** The tool in use and the territory it works for. */
    showTool() {
      const { tool, sync } = this.editor;
      for (const [id, made] of this.buttons) made.setAttribute("aria-pressed", id === tool.id);
      this.cursor.hidden = !tool.paints;
      this.editor.map.getContainer().dataset.tool = tool.id;
      this._chip(tool, sync.look.territories[sync.active]);
      this.options.show();
      this._cursorLook();
    }

    _chip(tool, territory) {
      const say = (text) => h("span", {}, text);
      const parts = {
        inspect: () => [
          say("Inspecting"),
          h("span", { class: "tw-soft" }, "Shift + drag selects a box"),
        ],
        drag: () => [say("Drag onto a territory")],
        erase: () => [say("Erasing to"), swatch(""), h("b", {}, "unassigned")],
      }[tool.id];
      this.chip.replaceChildren(...(parts ? parts() : []));
      if (!parts && territory) {
        const [, name, rep] = territory;
        const key = this.editor.sync.active + 1 + "";
        this.chip.append(say("To"), swatchOf(territory), h("b", { dir: "auto" }, name));
        if (rep && rep !== name) this.chip.append(h("span", { class: "tw-soft" }, rep));
        this.chip.append(h("kbd", { title: "Type the number to pick it" }, key));
      }
      this.chip.hidden = !this.chip.childNodes.length;
    }

    _cursorLook() {
      const { tool, sync, size } = this.editor;
      if (!tool.paints) return;
      const across = 2 * TW.BRUSH_SIZES[size] + "px";
      const territory = sync.look.territories[sync.active];
      const colour = tool.id === "erase" || !territory ? "#6b7280" : territory[3];
      Object.assign(this.cursor.style, { width: across, height: across });
      this.cursor.style.setProperty("--tw-brush", colour);
    }

    moveCursor(point) {
      this.cursor.hidden = !point || !this.editor.tool.paints || this.editor.panning;
      if (point) this.cursor.style.transform = `translate(${point.x}px, ${point.y}px)`;
    }

    _help() {
      const rows = KEYS.flatMap(([key, text]) => [h("kbd", {}, key), h("span", {}, text)]);
      const close = button("Close", "Esc", ICONS.close, () => this.toggleHelp(false));
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

    /** A notice, with a button where there is something to offer. */
    say(text, offer = null) {
      this.notice.replaceChildren(h("span", { dir: "auto" }, text));
      this.notice.hidden = false;
      const hide = () => (this.notice.hidden = true);
      if (offer) {
        const act = () => {
          hide();
          offer.act();
        };
        this.notice.append(h("button", { type: "button", onclick: act }, offer.label));
      }
      clearTimeout(this.noticeTimer);
      this.noticeTimer = setTimeout(hide, offer ? QUESTION_MS : NOTICE_MS);
    }
  }

  TW.Chrome = Chrome;
})();
