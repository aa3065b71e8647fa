/* What the group tool takes at a time: all units of a county, city, ZIP3 or any other word. */
(function () {
  "use strict";
  const TW = (window.TerritoryWorkbench = window.TerritoryWorkbench || {});
  const STATE = /^(state|province|region|country)$/i;

  function word(name) {
    return name.replace(/_/g, " ").trim();
  }

  class Groups {
    constructor(region) {
      const state = region.words.find((w) => STATE.test(w.name));
      this.all = region.words
        .filter((w) => w.values.length > 1)
        .map((w) => ({ label: word(w.name), key: this._key(w, state) }));
      if (region.ids.every((id) => /^[0-9]{5}$/.test(id)))
        this.all.push({ label: "ZIP3", key: (i) => region.ids[i].slice(0, 3) });
      this.current = this.all.find((g) => /county/i.test(g.label)) || this.all[0] || null;
      this.region = region;
    }

    /** Counties of one name in two states are two counties; a unit without a word is alone. */
    _key(column, state) {
      const outer = state && state !== column ? state.of : null;
      return (i) => {
        if (!column.values[column.of[i]]) return "";
        return outer ? `${column.of[i]} ${outer[i]}` : String(column.of[i]);
      };
    }

    choose(at) {
      this.current = this.all[at] || this.current;
    }

    /** Every unit that goes with this one. */
    members(unit) {
      const { current } = this;
      if (!current || unit < 0) return unit < 0 ? [] : [unit];
      if (!current.units) {
        current.units = new Map();
        for (let i = 0; i < this.region.n; i++) {
          const key = current.key(i);
          if (!key) continue;
          if (!current.units.has(key)) current.units.set(key, []);
          current.units.get(key).push(i);
        }
      }
      return current.units.get(current.key(unit)) || [unit];
    }
  }

  TW.Groups = Groups;
})();
