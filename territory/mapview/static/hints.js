/* The next moves that help most, drawn on the map: a number on the unit, an arrow to who would get
   it. Pointing at one shows what it does to both sides, pressing it makes it. */
(function () {
  "use strict";
  const TW = (window.TerritoryWorkbench = window.TerritoryWorkbench || {});
  const { h, owner } = TW.dom;
  const SVG = "http://www.w3.org/2000/svg";
  const KEY = "territory-hints";
  const AGAIN_MS = 2500;
  const TRIES = 30;
  const REACH_PX = 26; // an arrow is at least this long, however small the units

  TW.Hints = class {
    constructor(editor) {
      this.editor = editor;
      this.tries = 0;
      this.on = sessionStorage.getItem(KEY) !== "off";
      this.arrows = document.createElementNS(SVG, "svg");
      this.arrows.setAttribute("class", "tw-arrows");
      this.arrows.setAttribute("aria-hidden", "true");
      this.marks = h("div", { class: "tw-hint-marks" });
      this.element = h("div", { class: "tw-hints" }, this.arrows, this.marks);
      this.effect = new TW.Effect(editor);
      this.rows = new TW.EffectRows(editor, 2, 2);
      this.words = h("div", { class: "tw-hint-words" });
      const about = h("div", { class: "tw-soft" }, "Click to do it; undo takes it back.");
      this.card = h("div", { class: "tw-card", hidden: "" }, this.words, this.rows.element, about);
      this.label = h("span", {});
      this.chip = h(
        "button",
        { type: "button", class: "tw-switch", onclick: () => this.toggle() },
        h("i", { class: "tw-knob" }),
        this.label
      );
      this.control = h("div", { class: "tw-hint-chip tw-ui", hidden: "" }, this.chip);
      const { map } = editor;
      map.on("move zoomend moveend resize", () => this.place());
      map.on("zoomstart", () => (this.element.hidden = true));
    }

    toggle() {
      this.on = !this.on;
      sessionStorage.setItem(KEY, this.on ? "on" : "off");
      this.show();
    }

    /** After news from the server: what it found. A map that was just opened asks on until the
        engine is there; later an edit is one run and no more, and its answer says it. */
    receive(fresh) {
      if (fresh) this._askAgain();
      this.show();
    }

    /** An answer that says the same as the last one does not arrive: so ask on without one. */
    _askAgain() {
      const { editor } = this;
      clearTimeout(this.timer);
      if (editor.sync.hints !== null || this.tries++ >= TRIES || !editor.alive()) return;
      this.timer = setTimeout(() => {
        editor.sync.transmit();
        this._askAgain();
      }, AGAIN_MS);
    }

    /** Hints that can still be made. */
    _sound() {
      const { sync } = this.editor;
      const sound = ([unit, to]) => to < sync.look.territories.length && sync.mayMove(unit, to);
      return (sync.hints || []).filter((steps) => steps.every(sound));
    }

    show() {
      const { sync } = this.editor;
      this._leave();
      const found = this._sound();
      this.control.hidden = !Array.isArray(sync.hints);
      const count = found.length;
      this.label.textContent =
        count === 0 ? "No move helps" : `${count} ${count === 1 ? "hint" : "hints"}`;
      this.chip.title = "The next moves that help most, on the map";
      this.chip.setAttribute("aria-pressed", this.on);
      this.shown = this.on ? found : [];
      this.marks.replaceChildren(...this.shown.map((steps, j) => this._mark(steps, j)));
      this.place();
    }

    _mark(steps, j) {
      const text = this._text(steps);
      const made = h("button", { type: "button", class: "tw-hint tw-ui", "aria-label": text });
      made.textContent = String(j + 1);
      made.addEventListener("click", () => this.take(steps));
      for (const name of ["pointerenter", "focus"])
        made.addEventListener(name, () => this._point(steps, made));
      for (const name of ["pointerleave", "blur"]) made.addEventListener(name, () => this._leave());
      return made;
    }

    _text(steps) {
      const { region, sync } = this.editor;
      const name = (t) => (t < 0 ? "unassigned" : sync.look.territories[t][1]);
      const [[unit, to], second] = steps;
      const ids = steps.map(([i]) => region.ids[i]).join(" and ");
      if (second) return `Swap ${ids} between ${name(to)} and ${name(second[1])}`;
      return `Give ${ids} to ${name(to)}, now ${name(sync.view[unit])}`;
    }

    /** Show what it would do, beside its mark. */
    _point(steps, mark) {
      const { sync, region, scene, renderer } = this.editor;
      this.effect.begin(steps[0][1]);
      if (steps.length > 1) this.effect.sides = steps.map(([, to]) => to);
      for (const [unit, to] of steps) this.effect.move(unit, sync.view[unit], to);
      const { territories } = sync.look;
      this.words.replaceChildren(
        ...steps.map(([unit, to]) =>
          h(
            "div",
            { class: "tw-owner" },
            h("b", {}, region.ids[unit]),
            ...owner(territories[sync.view[unit]]),
            h("span", { class: "tw-soft" }, "→"),
            ...owner(territories[to])
          )
        )
      );
      this.rows.show(this.effect);
      this.card.hidden = false;
      const box = this.editor.map.getContainer();
      const [x, y] = [mark.offsetLeft, mark.offsetTop];
      const { offsetWidth, offsetHeight } = this.card;
      const left = x + 30 + offsetWidth < box.clientWidth ? x + 30 : x - 14 - offsetWidth;
      const top = Math.max(8, Math.min(y - 20, box.clientHeight - offsetHeight - 8));
      this.card.style.transform = `translate(${Math.max(8, left)}px, ${top}px)`;
      scene.near = new Set(steps.map(([unit]) => unit));
      renderer.drawTop();
      this.pointed = true;
    }

    _leave() {
      this.card.hidden = true;
      if (!this.pointed) return;
      this.pointed = false;
      this.editor.scene.near = null;
      this.editor.renderer.drawTop();
    }

    take(steps) {
      const { editor } = this;
      this._leave();
      const [[unit, to], second] = steps;
      if (second) editor.swap({ positions: [unit], to, others: [second[0]], back: second[1] });
      else editor.give("hint", [unit], to);
      editor.focus();
    }

    /** Marks and arrows follow the map. */
    place() {
      const { region, map, renderer } = this.editor;
      if (!this.shown || !renderer._bounds) return;
      this.element.hidden = false;
      const { x: wide, y: high } = map.getSize();
      const at = (i) => renderer.pointAt(region.inside[2 * i], region.inside[2 * i + 1]);
      const paths = this.shown.map((steps, j) => {
        const { x, y } = at(steps[0][0]);
        const seen = x > 0 && y > 0 && x < wide && y < high;
        const mark = this.marks.children[j];
        mark.hidden = !seen;
        mark.style.left = `${x - 11}px`;
        mark.style.top = `${y - 11}px`;
        return seen ? steps.map(([unit, to]) => this._arrow(at(unit), at(this._towards(unit, to)))) : [];
      });
      this.arrows.replaceChildren(...paths.flat());
    }

    /** The neighbour that a unit would join. */
    _towards(unit, to) {
      const { region, sync } = this.editor;
      for (let q = region.linkOf[unit]; q < region.linkOf[unit + 1]; q++)
        if (sync.view[region.link[q]] === to) return region.link[q];
      return unit;
    }

    _arrow(from, to) {
      const path = document.createElementNS(SVG, "path");
      const far = Math.hypot(to.x - from.x, to.y - from.y) || 1;
      const long = Math.max(far, REACH_PX);
      const [ux, uy] = [(to.x - from.x) / far, (to.y - from.y) / far];
      const [x, y] = [from.x + ux * long, from.y + uy * long];
      const side = (turn) => `${x - 7 * ux + turn * 5 * uy} ${y - 7 * uy - turn * 5 * ux}`;
      const shaft = `M${from.x + 11 * ux} ${from.y + 11 * uy}L${x} ${y}`;
      path.setAttribute("d", `${shaft}M${side(1)}L${x} ${y}L${side(-1)}`);
      return path;
    }
  };
})();
