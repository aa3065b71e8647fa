/* The card of a home or an account under the pointer. */
(function () {
  "use strict";
  const TW = (window.TerritoryWorkbench = window.TerritoryWorkbench || {});
  const { h, swatchOf } = TW.dom;

  TW.PlaceCard = class {
    constructor(editor) {
      this.editor = editor;
      this.element = h("div", { class: "tw-card", hidden: "" });
    }

    /** Show the card of a place at a point, or none. */
    show(place, point) {
      this.element.hidden = !place;
      if (!place) return;
      const parts = place.kind === "home" ? this._home(place) : this._account(place);
      this.element.replaceChildren(...parts);
      TW.dom.beside(this.element, this.editor.map.getContainer(), point);
    }

    _title(name) {
      return h("div", { class: "tw-title" }, h("b", { dir: "auto" }, name));
    }

    _home({ name, rep, unit }) {
      const { territories, words } = this.editor.sync.look;
      const own = territories.filter((t) => t[4] === rep && t[1] !== name);
      const lines = own.map((t) =>
        h("div", { class: "tw-owner" }, swatchOf(t), h("span", { dir: "auto" }, t[1]))
      );
      const home = `${words.rep}’s home${unit ? " · " + unit : ""}`;
      return [this._title(name), h("div", { class: "tw-soft" }, home), ...lines];
    }

    _account({ name, segment, revenue }) {
      const { currency } = this.editor.sync.look;
      const fact = (label, text) =>
        h("div", { class: "tw-fact" }, h("span", { class: "tw-soft" }, label), h("span", { dir: "auto" }, text));
      const lines = segment ? [fact("Segment", segment)] : [];
      if (revenue !== null)
        lines.push(fact("Revenue", TW.formatValue(revenue, { format: "money" }, currency || "")));
      return [this._title(name || "Account without a name"), ...lines];
    }
  };
})();
