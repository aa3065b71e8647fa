/* What the fills say: whose a unit is, how far its territory is from target, or a measure.
   Values come with the region and the look; nothing is asked of the server. */
(function () {
  "use strict";
  const TW = (window.TerritoryWorkbench = window.TerritoryWorkbench || {});
  const CLASSES = 6;
  const STEPS = [1, 2, 4]; // borders of the classes of a deviation, in widths of the band

  /** To two digits, as the legend writes it. */
  function rounded(value) {
    if (!value) return 0;
    const size = Math.pow(10, Math.floor(Math.log10(Math.abs(value))) - 1);
    return Number((Math.round(value / size) * size).toPrecision(2));
  }

  /** Borders between classes that hold about as many units each; fewer where values repeat. */
  function quantiles(values, classes = CLASSES) {
    const known = Float64Array.from(values).filter(Number.isFinite).sort();
    const found = [];
    for (let c = 1; c < classes; c++) {
      const at = rounded(known[Math.floor((c * known.length) / classes)]);
      const last = found.length ? found[found.length - 1] : known[0];
      if (at > last && at <= known[known.length - 1]) found.push(at);
    }
    return found;
  }

  /** Number of borders at or below a value. */
  function classOf(value, borders) {
    let c = 0;
    while (c < borders.length && value >= borders[c]) c++;
    return c;
  }

  /** Some of a scale's colours, spread over the whole of it. */
  function spread(colours, count) {
    const last = colours.length - 1;
    const at = (c) => (count === 1 ? 0 : Math.round((c * last) / (count - 1)));
    return Array.from({ length: count }, (_, c) => colours[at(c)]);
  }

  /** Fill = owner. */
  class Owners {
    constructor({ sync }) {
      this.sync = sync;
      this.shows = "owner";
    }

    keyOf(unit) {
      return this.sync.view[unit];
    }

    /** What to fill with; nothing where nothing is known. */
    fill(key, ctx) {
      const territory = this.sync.look.territories[key];
      return territory && TW.territoryFill(ctx, territory);
    }

    also(units) {
      return units;
    }

    refresh() {}
  }

  /** Fill = a measure of the unit, in classes of about equal numbers of units. */
  class OfMeasure extends Owners {
    constructor(editor, measure) {
      super(editor);
      Object.assign(this, { editor, measure, shows: "measure" });
      this.borders = quantiles(measure.of);
      this.classes = Int8Array.from(measure.of, (v) => (v === v ? classOf(v, this.borders) : -1));
    }

    keyOf(unit) {
      return this.classes[unit];
    }

    fill(key) {
      return spread(this.editor.scene.theme.sequence, this.borders.length + 1)[key];
    }

    title() {
      return perUnit(this.measure, this.sync.look);
    }

    /** Lines of the legend: [colour, words, units in it], highest first. */
    rows() {
      const { measure, borders, sync } = this;
      const text = (v) => TW.formatValue(v, measure, sync.look.currency || "");
      const counts = new Array(borders.length + 1).fill(0);
      let unknown = 0;
      for (const c of this.classes) c < 0 ? unknown++ : counts[c]++;
      const words = counts.map((_, c) => {
        if (!borders.length) return "all the same";
        if (c === 0) return `under ${text(borders[0])}`;
        if (c === borders.length) return `${text(borders[c - 1])} and more`;
        return `${text(borders[c - 1])} – ${text(borders[c])}`;
      });
      const rows = counts.map((count, c) => [this.fill(c), words[c], count]).reverse();
      return unknown ? [...rows, ["", "not known", unknown]] : rows;
    }
  }

  /** Fill = how far the unit's territory is from its target; follows every stroke. */
  class OffTarget extends Owners {
    constructor(editor, measure) {
      super(editor);
      Object.assign(this, { editor, measure, shows: "off" });
      this.refresh();
    }

    /** Classes of all territories afresh; a look may have brought other targets or names. */
    refresh() {
      const { editor, sync } = this;
      const name = this.measure.name;
      this.measure = TW.targeted(editor).find((m) => m.name === name) || this.measure;
      this.band = sync.look.band || 0.15;
      this.classes = this._classes();
    }

    /** 0 … 6 by territory, 3 within the band; −1 without a target. */
    _classes() {
      const { targets } = this.measure;
      return Int8Array.from(this.editor.totals(this.measure), (total, t) => {
        if (!(targets[t] > 0)) return -1;
        const off = (total - targets[t]) / targets[t];
        const beyond = STEPS.filter((step) => Math.abs(off) > step * this.band + 1e-9).length;
        return STEPS.length + Math.sign(off) * beyond;
      });
    }

    keyOf(unit) {
      const owner = this.sync.view[unit];
      return owner < 0 ? -1 : this.classes[owner];
    }

    fill(key) {
      return this.editor.scene.theme.diverging[key];
    }

    /** Units that look different besides those that changed hands: all of a territory whose class
        turned. */
    also(units) {
      const before = this.classes;
      this.classes = this._classes();
      const turned = this.classes.map((c, t) => (c === before[t] ? 0 : 1));
      if (!turned.includes(1)) return units;
      const all = new Set(units);
      this.sync.view.forEach((owner, i) => owner >= 0 && turned[owner] && all.add(i));
      return [...all];
    }

    title() {
      return offTarget(this.measure);
    }

    rows() {
      const percent = (share) => TW.formatCount(Math.round(100 * Math.abs(share))) + " %";
      const counts = new Array(2 * STEPS.length + 1).fill(0);
      let unknown = 0;
      for (const c of this.classes) c < 0 ? unknown++ : counts[c]++;
      const [near, mid, far] = STEPS.map((s) => percent(s * this.band));
      const words = [
        `more than ${far} under`,
        `${mid} – ${far} under`,
        `${near} – ${mid} under`,
        `within ±${near}`,
        `${near} – ${mid} over`,
        `${mid} – ${far} over`,
        `more than ${far} over`,
      ];
      const rows = words.map((text, c) => [this.fill(c), text, counts[c]]).reverse();
      return unknown ? [...rows, ["", "no target", unknown]] : rows;
    }
  }

  const offTarget = (measure) => `${measure.label} off target`;
  const perUnit = (measure, look) => `${measure.label} per ${look.words.unit}`;

  /** What can be chosen: [group, [[value, label], …]], in the order of the list. */
  function choices(editor) {
    const { region, sync } = editor;
    const off = TW.targeted(editor).map((m) => ["off:" + m.name, offTarget(m)]);
    const measures = region.measures.map((m) => ["is:" + m.name, perUnit(m, sync.look)]);
    const figures = (sync.look.figures || []).map((m) => ["figure:" + m.name, perUnit(m, sync.look)]);
    return [
      ["Owner", [["owner", "Territory"]]],
      ["Balance", off],
      ["Market", figures],
      ["Measures", measures],
    ];
  }

  /** Figures of the market that have been fetched. */
  function fetched({ scene, sync }) {
    const content = scene.places.data.figures;
    const known = (sync.look.figures || []).filter((m) => content && content.of[m.name]);
    return known.map((m) => ({ ...m, of: content.of[m.name] }));
  }

  const AMONG = { off: TW.targeted, is: (editor) => editor.region.measures, figure: fetched };

  /** The colouring of a choice; owners where this region does not have it, or not yet. */
  function colouring(editor, value) {
    const [kind, ...rest] = value.split(":");
    const name = rest.join(":");
    const among = kind in AMONG ? AMONG[kind](editor) : [];
    const measure = among.find((m) => m.name === name);
    if (!measure) return new Owners(editor);
    return kind === "off" ? new OffTarget(editor, measure) : new OfMeasure(editor, measure);
  }

  Object.assign(TW, { colouring, colourChoices: choices });
})();
