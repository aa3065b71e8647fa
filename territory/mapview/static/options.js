/* Options of the tools: brush size, what the group tool takes, and the modifiers that all tools
   obey: whose units may be taken, and whether territories must stay in one piece. */
(function () {
  "use strict";
  const TW = (window.TerritoryWorkbench = window.TerritoryWorkbench || {});
  const { ICONS, h, button } = TW.dom;

  TW.Options = class {
    constructor(editor) {
      this.editor = editor;
      const resize = (step) => () => editor.resize(step);
      this.sizes = h(
        "span",
        { class: "tw-sizes", role: "group", "aria-label": "Brush size" },
        button("Smaller brush", "[", ICONS.minus, resize(-1)),
        button("Larger brush", "]", ICONS.plus, resize(1))
      );
      this.group = this._select("Whole", (value) => editor.groups.choose(Number(value)), "");
      this.source = this._select("From", (value) => editor.guard.takeFrom(value));
      this.connected = h(
        "button",
        {
          type: "button",
          class: "tw-switch",
          title: "Refuse what would leave a territory in more pieces",
          onclick: () => editor.guard.toggle(),
        },
        h("i", { class: "tw-knob" }),
        "Stay connected"
      );
      const parts = [this.sizes, this.group.parentNode, this.source.parentNode, this.connected];
      this.element = h("div", { class: "tw-options tw-ui" }, ...parts);
    }

    /** After a choice the keys belong to the map again. */
    _select(label, choose, shown = label) {
      const made = h("select", { "aria-label": label });
      made.addEventListener("change", () => {
        choose(made.value);
        this.editor.focus();
      });
      h("label", {}, h("span", { class: "tw-soft" }, shown), made);
      return made;
    }

    show() {
      const { tool, sync, guard, groups } = this.editor;
      if (this.madeOf !== sync.look.id) this._sources(sync.look);
      if (!this.group.options.length)
        this.group.append(...groups.all.map((g, j) => h("option", { value: j }, g.label)));
      this.group.value = groups.all.indexOf(groups.current);
      this.group.parentNode.hidden = tool.id !== "group" || !groups.all.length;
      this.sizes.hidden = !tool.paints;
      this.source.value = guard.source;
      this.source.parentNode.classList.toggle("tw-set", guard.source !== "any");
      this.connected.setAttribute("aria-pressed", guard.connected);
    }

    _sources(look) {
      this.madeOf = look.id;
      const fixed = [h("option", { value: "any" }, "anyone"), h("option", { value: -1 }, "unassigned")];
      const own = look.territories.map(([, name], at) => h("option", { value: at }, name));
      this.source.replaceChildren(...fixed, ...own);
      if (!this.editor.guard.knows(look.territories.length)) this.editor.guard.takeFrom("any");
    }
  };
})();
