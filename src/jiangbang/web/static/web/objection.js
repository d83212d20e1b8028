// The sender's side of an objection: solves the puzzle in pieces, so that the page stays usable, and counts characters and files.
// SHA-256 is written out because browsers offer their own on encrypted connections only, and a trial house may have none.

const ROUND = new Uint32Array(64);
const START = new Uint32Array(8);
(function prime() {
  let found = 0;
  for (let number = 2; found < 64; number += 1) {
    let whole = true;
    for (let part = 2; part * part <= number && whole; part += 1) whole = number % part !== 0;
    if (!whole) continue;
    if (found < 8) START[found] = ((number ** 0.5) % 1) * 2 ** 32;
    ROUND[found] = ((number ** (1 / 3)) % 1) * 2 ** 32;
    found += 1;
  }
})();

const words = new Uint32Array(64);

function turned(value, by) {
  return (value >>> by) | (value << (32 - by));
}

export function sha256(text) {
  const bytes = new TextEncoder().encode(text);
  const padded = new Uint8Array(((bytes.length + 72) >> 6) << 6);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 4, bytes.length * 8);
  const state = START.slice();
  for (let at = 0; at < padded.length; at += 64) {
    for (let i = 0; i < 16; i += 1) words[i] = view.getUint32(at + 4 * i);
    for (let i = 16; i < 64; i += 1) {
      const near = words[i - 15];
      const far = words[i - 2];
      const first = turned(near, 7) ^ turned(near, 18) ^ (near >>> 3);
      const second = turned(far, 17) ^ turned(far, 19) ^ (far >>> 10);
      words[i] = words[i - 16] + first + words[i - 7] + second;
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 64; i += 1) {
      const mixed = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25);
      const one = (h + mixed + ((e & f) ^ (~e & g)) + ROUND[i] + words[i]) | 0;
      const two = ((turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
    }
    [a, b, c, d, e, f, g, h].forEach((part, i) => (state[i] += part));
  }
  return [...state].map((part) => part.toString(16).padStart(8, "0")).join("");
}

const STEP = 2000;

function solve(puzzle, done) {
  let number = 0;
  (function piece() {
    const end = Math.min(number + STEP, puzzle.maxnumber + 1);
    for (; number < end; number += 1) {
      if (sha256(puzzle.salt + number) === puzzle.challenge) {
        done(number);
        return;
      }
    }
    if (number <= puzzle.maxnumber) setTimeout(piece, 0);
  })();
}

class Form {
  constructor(form) {
    this.form = form;
    this.state = form.querySelector("[data-puzzle]");
    this.button = form.querySelector("[data-send]");
    this.button.disabled = true;
    const puzzle = JSON.parse(this.state.dataset.puzzle);
    const started = performance.now();
    solve(puzzle, (number) => {
      const took = Math.round(performance.now() - started);
      form.elements.altcha.value = btoa(JSON.stringify({ ...puzzle, number, took }));
      this.state.querySelector("span").textContent = this.state.dataset.done;
      this.state.dataset.state = "done";
      this.button.disabled = false;
    });
    const facts = form.elements.facts;
    this.counter = form.querySelector("[data-counter]");
    facts.addEventListener("input", () => this.count(facts));
    this.count(facts);
    form.elements.files.addEventListener("change", () => this.files());
    for (const choice of form.querySelectorAll("[name=source]")) choice.addEventListener("change", () => this.source());
    this.source();
    form.addEventListener("submit", () => {
      this.button.disabled = true;
    });
  }

  count(facts) {
    this.counter.textContent = this.counter.dataset.words.replace("{n}", facts.value.length);
  }

  // Too many or too large files are said before anything is sent.
  files() {
    const input = this.form.elements.files;
    const most = Number(input.dataset.most);
    const largest = Number(input.dataset.largest);
    const wrong = input.files.length > most || [...input.files].some((file) => file.size > largest);
    input.setCustomValidity(wrong ? input.dataset.words : "");
    if (wrong) input.reportValidity();
  }

  source() {
    const unit = this.form.querySelector("[name=source]:checked")?.value === "unit";
    for (const part of this.form.querySelectorAll("[data-unit]")) part.hidden = !unit;
    this.form.elements.unit.required = unit;
    this.form.elements.files.required = unit;
  }
}

const form = document.getElementById("objection");
if (form) new Form(form);
