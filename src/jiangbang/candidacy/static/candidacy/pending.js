// What is not on the server yet, in the device's own storage; gone as soon as the server has it.
export class Pending {
  constructor(candidacy) {
    this.prefix = `jiangbang.draft.${candidacy}.`;
  }

  keep(key, value, version) {
    try {
      localStorage.setItem(this.prefix + key, JSON.stringify({ value, version }));
    } catch {
      // no storage (a private window): the text stays in its field
    }
  }

  drop(key) {
    try {
      localStorage.removeItem(this.prefix + key);
    } catch {
      // as above
    }
  }

  all() {
    const found = [];
    try {
      for (const name of Object.keys(localStorage)) {
        if (name.startsWith(this.prefix)) found.push([name.slice(this.prefix.length), JSON.parse(localStorage.getItem(name))]);
      }
    } catch {
      return found;
    }
    return found;
  }
}
