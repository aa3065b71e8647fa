/* Named accounts: they count with their rep, wherever the unit that they lie in goes. */
(function () {
  "use strict";
  const TW = (window.TerritoryWorkbench = window.TerritoryWorkbench || {});

  TW.Named = class {
    /** look.named is null, or {at: [[unit, territory, accounts, value …], …], first, measures}. */
    constructor({ named }, measures) {
      this.of = new Map();
      this.first = named ? named.first : [];
      if (!named) return;
      const column = measures.map((m) => named.measures.indexOf(m.name));
      for (const [unit, home, accounts, ...values] of named.at) {
        const entry = { home, accounts, values: column.map((c) => (c < 0 ? 0 : values[c])) };
        if (!this.of.has(unit)) this.of.set(unit, []);
        this.of.get(unit).push(entry);
      }
    }

    /** Correct totals[measure][territory] (the last one: unassigned) for a unit of an owner. */
    count(totals, unit, owner, sign) {
      const here = this.of.get(unit);
      if (!here) return;
      for (const { home, values } of here) {
        if (owner >= 0 && this.first[owner] === home) continue;
        for (let m = 0; m < totals.length; m++) {
          if (owner >= 0) totals[m][owner] -= sign * values[m];
          totals[m][home] += sign * values[m];
        }
      }
    }

    /** Correct sums of all units by their owners. */
    correct(totals, view) {
      for (const unit of this.of.keys()) this.count(totals, unit, view[unit], 1);
    }

    /** Locked accounts that lie in some units. */
    accountsIn(units) {
      let sum = 0;
      for (const unit of units) for (const { accounts } of this.of.get(unit) || []) sum += accounts;
      return sum;
    }
  };
})();
