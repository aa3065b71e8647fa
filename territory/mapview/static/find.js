/* Finding: a unit by id, place or account, a pasted list, the next piece that needs a look. */
(function () {
  "use strict";
  const TW = (window.TerritoryWorkbench = window.TerritoryWorkbench || {});
  const { ICONS, h, button, counted } = TW.dom;
  const MOST = 8;
  const LEAST = 3; // places for accounts, where there are any
  const SEPARATORS = /[\s,;|]+/;

  TW.Finder = class {
    constructor(editor) {
      this.editor = editor;
      this.input = h("input", {
        type: "text",
        placeholder: "Unit, place, account or list",
        "aria-label": "Find a unit, place or account, or paste a list of units",
        autocomplete: "off",
        spellcheck: "false",
      });
      this.input.addEventListener("input", () => this._suggest());
      this.input.addEventListener("keydown", (event) => this._key(event));
      this.input.addEventListener("paste", (event) => this._paste(event));
      this.results = h("div", { class: "tw-results", role: "list" });
      const jump = (text, key, act) =>
        h("button", { type: "button", onclick: act }, h("span", {}, text), h("kbd", {}, key));
      const jumps = [
        jump("Next unassigned", "N", () => this.step("unassigned", 1)),
        jump("Next stray piece", "F", () => this.step("stray", 1)),
        jump("Next hole", "H", () => this.step("hole", 1)),
        jump("Active territory", "Z", () => this.zoomToActive()),
      ];
      this.element = h(
        "div",
        { class: "tw-find tw-ui", role: "search", hidden: "" },
        this.input,
        this.results,
        h("div", { class: "tw-jumps" }, ...jumps)
      );
      this._bar();
    }

    _bar() {
      this.where = h("b", { "aria-live": "polite" });
      const step = (by) => () => this.step(this.kind, by);
      this.bar = h(
        "div",
        { class: "tw-bar tw-ui", hidden: "" },
        this.where,
        button("Previous", "", ICONS.previous, step(-1)),
        button("Next", "", ICONS.next, step(1)),
        button("Close", "Esc", ICONS.close, () => this.leave())
      );
    }

    toggle(open = this.element.hidden) {
      this.element.hidden = !open;
      if (open) {
        this._load();
        this.input.select();
        this.input.focus();
      } else {
        this.editor.focus();
      }
    }

    /** Pieces without an owner, cut off from the rest of their territory, or with another territory
        all around; in a stable order. */
    _pieces(kind) {
      const { sync, region } = this.editor;
      const { piecesOf, unitsOf } = TW;
      const found = [];
      if (kind === "hole")
        found.push(...TW.holesOf(region, sync.view, sync.look.territories.length));
      else if (kind === "unassigned") found.push(...piecesOf(region, unitsOf(sync.view, -1)));
      else
        sync.look.territories.forEach((_, owner) =>
          found.push(...piecesOf(region, unitsOf(sync.view, owner)).slice(1))
        );
      return found.sort((a, b) => Math.min(...a) - Math.min(...b));
    }

    step(kind, by) {
      const pieces = this._pieces(kind);
      const words = { unassigned: "Unassigned", stray: "Stray piece", hole: "Hole" };
      if (!pieces.length) {
        this.leave();
        const none = {
          unassigned: "Nothing is unassigned.",
          stray: "Every territory is in one piece.",
          hole: "No territory has a hole.",
        };
        this.editor.chrome.say(none[kind]);
        return;
      }
      const next = this.kind === kind ? this.at + by : 0;
      this.at = ((next % pieces.length) + pieces.length) % pieces.length;
      this.kind = kind;
      const piece = pieces[this.at];
      const size = counted(piece.length, this.editor.sync.look.words);
      this.where.textContent = `${words[kind]} ${this.at + 1} / ${pieces.length} · ${size}`;
      this.bar.hidden = false;
      this.editor.mark(piece);
      this.editor.view.zoomTo(piece);
    }

    leave() {
      this.bar.hidden = true;
      this.kind = null;
      this.editor.mark([]);
    }

    zoomToActive() {
      const { sync, view, chrome } = this.editor;
      const units = TW.unitsOf(sync.view, sync.active);
      if (units.length) view.zoomTo(units);
      else chrome.say("The active territory has no units yet.");
    }

    /** Names of accounts come when they are first looked for. */
    async _load() {
      const { places } = this.editor.scene;
      this.accounts = [];
      const known = places.has("accounts") && (await places.load("accounts"));
      if (!known) return;
      for (let unit = 0; unit + 1 < known.of.length; unit++)
        for (let a = known.of[unit]; a < known.of[unit + 1]; a++)
          this.accounts.push([known.name[a], known.name[a].toLowerCase(), unit]);
      this._suggest();
    }

    /** Ids that begin with the words, then places, then accounts with a word that does: label,
        what it is, units. */
    _matches(text) {
      const sought = text.trim().toLowerCase();
      if (!sought) return [];
      const accounts = this._accountsOf(sought);
      const near = this._unitsAndPlaces(sought).slice(0, MOST - Math.min(accounts.length, LEAST));
      return [...near, ...accounts].slice(0, MOST);
    }

    _accountsOf(sought) {
      const found = [];
      for (const [name, lower, unit] of this.accounts || []) {
        const at = lower.indexOf(sought);
        if (at < 0 || (at > 0 && !/\s/.test(lower[at - 1]))) continue;
        found.push([name, "account", [unit]]);
        if (found.length === MOST) break;
      }
      return found;
    }

    _unitsAndPlaces(sought) {
      const { region } = this.editor;
      const found = [];
      for (let i = 0; i < region.n && found.length < MOST; i++)
        if (region.ids[i].toLowerCase().startsWith(sought)) found.push([region.ids[i], "", [i]]);
      for (const column of region.words) {
        column.values.forEach((value, code) => {
          if (found.length >= MOST || !value.toLowerCase().startsWith(sought)) return;
          const units = [];
          for (let i = 0; i < region.n; i++) if (column.of[i] === code) units.push(i);
          found.push([value, column.name, units]);
        });
      }
      return found;
    }

    _suggest() {
      const rows = this._matches(this.input.value).map(([label, kind, units]) => {
        const size = counted(units.length, this.editor.sync.look.words);
        const where = kind === "account" ? this.editor.region.ids[units[0]] : size;
        const count = kind ? `${kind} · ${where}` : "";
        const act = () => this.take(units);
        const name = h("span", { dir: "auto", class: "tw-name" }, label);
        const aside = h("span", { class: "tw-soft" }, count);
        return h("button", { type: "button", role: "listitem", onclick: act }, name, aside);
      });
      this.results.replaceChildren(...rows);
    }

    /** Choose what was found and show it. */
    take(units) {
      this.editor.setSelection(units);
      this.editor.view.zoomTo(units);
      this.toggle(false);
    }

    /** Several ids at once, however they are separated; true when it was a list. */
    _list(text) {
      const ids = [...new Set(text.split(SEPARATORS).filter(Boolean))];
      const { region, chrome, sync } = this.editor;
      if (ids.length < 2) return false;
      const known = ids.map((id) => region.position.get(id)).filter((i) => i !== undefined);
      if (!known.length) return false;
      this.take(known);
      const missing = ids.filter((id) => !region.position.has(id));
      if (missing.length) {
        const named = missing.slice(0, 3).join(", ") + (missing.length > 3 ? " …" : "");
        chrome.say(`${counted(known.length, sync.look.words)} found; not on this map: ${named}`);
      }
      return true;
    }

    /** A text field would join the lines of a pasted column. */
    _paste(event) {
      const text = event.clipboardData ? event.clipboardData.getData("text") : "";
      if (this._list(text)) event.preventDefault();
    }

    _key(event) {
      event.stopPropagation();
      if (event.key === "Escape") this.toggle(false);
      if (event.key !== "Enter" || this._list(this.input.value)) return;
      const [first] = this._matches(this.input.value);
      if (first) this.take(first[2]);
      else if (this.input.value.trim()) this.editor.chrome.say("Nothing of that name on this map.");
    }
  };
})();
