// The voter's side of a ballot. The slip is made here and kept here, in this browser's own storage: never in a cookie, never in an address.
// It leaves the device twice, in the body of a request: when it is taken in, and when the ballot is put in.

const PREFIX = "jiangbang.ballot.";
const MARK = "jiangbang ballot slip\0";

function hex(bytes) {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function grouped(slip) {
  return slip.replace(/(.{4})(?=.)/g, "$1 ");
}

async function fingerprint(slip) {
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(MARK + slip))));
}

class Ballot {
  constructor(form) {
    this.form = form;
    this.key = `${PREFIX}${form.dataset.round}.${form.dataset.voter}`;
    this.secret = form.dataset.mode === "secret";
    this.dialog = form.querySelector("[data-confirm]");
    form.addEventListener("change", () => this.count());
    form.querySelector("[data-review]").addEventListener("click", () => this.review());
    form.querySelector("[data-back]").addEventListener("click", () => this.dialog.close());
    form.querySelector("[data-again]").addEventListener("click", () => this.takeIn());
    form.addEventListener("submit", (event) => {
      if (!this.secret) return;
      event.preventDefault();
      this.dialog.close();
      this.put();
    });
    this.count();
    if (this.secret) this.takeIn();
  }

  get kept() {
    return JSON.parse(localStorage.getItem(this.key) ?? "null");
  }

  keep(value) {
    localStorage.setItem(this.key, JSON.stringify(value));
  }

  get boxes() {
    return [...this.form.querySelectorAll("[name=mark]")];
  }

  get chosen() {
    return this.boxes.filter((box) => box.checked);
  }

  // Nobody can mark more than there are seats: the other boxes are closed.
  count() {
    const seats = Number(this.form.dataset.seats);
    const full = this.chosen.length >= seats;
    for (const box of this.boxes) if (!("recused" in box.dataset)) box.disabled = full && !box.checked;
    const words = this.form.dataset.wordCount;
    this.form.querySelector("[data-count]").textContent = words.replace("{n}", this.chosen.length).replace("{all}", seats);
  }

  review() {
    const list = this.dialog.querySelector("[data-chosen]");
    list.replaceChildren(
      ...this.chosen.map((box) => {
        const line = document.createElement("li");
        line.textContent = box.closest("label").querySelector(".ballot-name").textContent;
        return line;
      }),
    );
    this.dialog.querySelector("[data-none]").hidden = this.chosen.length > 0;
    this.dialog.showModal();
  }

  // The slip is written down here before it is sent: an answer that is lost costs nothing, the same slip is sent again.
  async takeIn() {
    if (this.kept?.put) {
      this.done();
      return;
    }
    if (!this.kept) this.keep({ slip: hex(crypto.getRandomValues(new Uint8Array(16))), put: false });
    this.tell(this.form.dataset.wordAsking);
    const answer = await this.send(this.form.dataset.slip, new FormData());
    if (!answer) return;
    if (answer.code !== "done") {
      localStorage.removeItem(this.key);
      this.wrong(answer.message);
      return;
    }
    this.form.querySelector("[data-marks]").disabled = false;
    this.form.querySelector("[data-review]").disabled = false;
    this.tell(this.form.dataset.wordReady);
  }

  async put() {
    const body = new FormData();
    for (const box of this.chosen) body.append("mark", box.value);
    const answer = await this.send(this.form.action, body);
    if (!answer) return;
    // used: it was put in before, and that answer was lost
    if (answer.code !== "done" && answer.code !== "used") {
      this.wrong(answer.message);
      return;
    }
    this.keep({ ...this.kept, put: true });
    this.done();
  }

  async send(address, body) {
    this.wrong("");
    body.set("round", this.form.dataset.round);
    body.set("slip", this.kept.slip);
    body.set("csrfmiddlewaretoken", this.form.querySelector("[name=csrfmiddlewaretoken]").value);
    try {
      const answer = await fetch(address, { method: "POST", body, redirect: "error" });
      return await answer.json();
    } catch {
      this.wrong(this.form.dataset.wordNetwork, true);
      return null;
    }
  }

  tell(words) {
    const state = this.form.querySelector("[data-state]");
    if (state) state.textContent = words;
  }

  wrong(words, again = false) {
    const line = this.form.querySelector("[data-wrong]");
    line.hidden = !words;
    if (words) this.tell("");
    line.querySelector("span").textContent = words;
    line.querySelector("[data-again]").hidden = !again;
  }

  done() {
    const panel = document.getElementById("slip-done");
    panel.querySelector("[data-number]").textContent = grouped(this.kept.slip);
    panel.hidden = false;
    this.form.hidden = true;
    panel.focus();
  }
}

class Own {
  constructor(form) {
    this.form = form;
    this.panel = form.closest("section");
    const keys = Object.keys(localStorage).filter((key) => key.startsWith(`${PREFIX}${form.dataset.round}.`));
    this.keys = keys;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.find(form.elements.slip.value.replaceAll(/\s/g, "").toLowerCase());
    });
    const forget = form.querySelector("[data-forget]");
    forget.addEventListener("click", () => {
      for (const key of this.keys) localStorage.removeItem(key);
      form.elements.slip.value = "";
      forget.hidden = true;
    });
    // of several voters on one tablet nobody is shown the other's
    if (keys.length !== 1) return;
    const { slip } = JSON.parse(localStorage.getItem(keys[0]));
    forget.hidden = false;
    form.elements.slip.value = grouped(slip);
    this.find(slip);
  }

  async find(slip) {
    const mark = slip && (await fingerprint(slip));
    let found = null;
    for (const line of document.querySelectorAll("[data-mark]")) {
      const own = line.dataset.mark === mark;
      line.toggleAttribute("data-own", own);
      if (own) found = line;
    }
    this.panel.querySelector("[data-own]").hidden = !found;
    this.panel.querySelector("[data-own-missing]").hidden = Boolean(found) || !slip;
    if (found) this.panel.querySelector("[data-own-names]").textContent = found.dataset.names || "—";
  }
}

const form = document.getElementById("ballot");
if (form) new Ballot(form);
const own = document.querySelector("[data-find]");
if (own) new Own(own);
