// An expert's cards: one dossier at a time, kept on the device at once and sent as soon as there is a network; forgotten on the device only
// when the server has it. The page works without this file: then every card has its button.

const bar = document.getElementById("score-bar");
const PAUSE = 600;
const RETRY = [1500, 3000, 6000, 12000, 30000];
const sheets = [...document.querySelectorAll("[data-sheet]")];
const cards = new Map();
let attempts = 0;
let retryTimer = 0;
let lastSaved = "";

class Card {
  constructor(form) {
    this.form = form;
    this.key = `jiangbang.scores.${form.dataset.card}`;
    this.code = form.dataset.code;
    this.version = Number(form.dataset.version);
    // what the server wrote into the page, not what was typed before this file had come
    this.sent = Object.fromEntries(this.fields.map((field) => [field.name, field.defaultValue.trim()]));
    this.state = "saved";
    this.timer = 0;
    this.sending = false;
    form.addEventListener("input", () => this.changed());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.changed(0);
    });
  }

  get fields() {
    return [...this.form.querySelectorAll("[name^='score-'], [name^='comment-']")];
  }

  read() {
    return Object.fromEntries(this.fields.map((field) => [field.name, field.value.trim()]));
  }

  dirty() {
    const now = this.read();
    return Object.fromEntries(Object.entries(now).filter(([name, value]) => value !== this.sent[name]));
  }

  // What an earlier visit could not send, and what was typed before this file had come.
  restore() {
    const kept = stored(this.key);
    for (const field of this.fields) if (kept && field.name in kept) field.value = kept[field.name];
    if (kept || Object.keys(this.dirty()).length > 0) this.changed(0);
  }

  changed(wait = PAUSE) {
    const dirty = this.dirty();
    this.hints();
    if (Object.keys(dirty).length === 0 && !this.sending) {
      drop(this.key);
      this.tell("saved");
      return;
    }
    store(this.key, dirty);
    const wrong = this.wrong();
    if (wrong) {
      this.tell("refused");
      return;
    }
    this.tell("saving");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), wait);
  }

  // Points out of their bounds are marked at once and not sent.
  wrong() {
    let found = false;
    for (const field of this.form.querySelectorAll("[data-points]")) {
      const text = field.value.trim();
      const bad = text !== "" && (!/^\d+$/.test(text) || +text < +field.dataset.lowest || +text > +field.dataset.highest);
      field.toggleAttribute("aria-invalid", bad);
      if (bad) field.setAttribute("aria-invalid", "true");
      found ||= bad;
    }
    return found;
  }

  hints() {
    for (const line of this.form.querySelectorAll("[data-line]")) {
      const text = line.querySelector("[data-points]").value.trim();
      const extreme = text !== "" && (+text <= +line.dataset.to || +text >= +line.dataset.from);
      line.toggleAttribute("data-extreme", extreme && !line.querySelector("textarea").value.trim());
    }
  }

  async send() {
    clearTimeout(this.timer);
    if (this.sending || this.wrong()) return;
    const dirty = this.dirty();
    if (Object.keys(dirty).length === 0) return;
    const body = new FormData();
    body.set("csrfmiddlewaretoken", this.form.querySelector("[name=csrfmiddlewaretoken]").value);
    body.set("version", this.version);
    for (const [name, value] of Object.entries(dirty)) body.set(name, value);
    this.sending = true;
    let answer;
    try {
      answer = await fetch(this.form.action, {
        method: "POST",
        body,
        headers: { "X-Requested-With": "fetch" },
        redirect: "manual",
      });
    } catch {
      this.sending = false;
      this.tell("kept");
      retryLater();
      return;
    }
    this.sending = false;
    const said = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : null;
    if (answer.ok && said) this.saved(said, dirty);
    else if (said?.code === "changed") this.merge(said);
    else if (said) this.refused(said);
    else if (answer.type === "opaqueredirect" || answer.status === 403 || answer.status === 404) this.tell("refused", bar.dataset.wordSignedOut);
    else {
      this.tell("kept");
      retryLater();
    }
  }

  saved(said, sent) {
    attempts = 0;
    this.version = said.version;
    Object.assign(this.sent, sent);
    lastSaved = said.time;
    this.show(said.missing);
    if (Object.keys(this.dirty()).length) this.changed(0);
    else {
      drop(this.key);
      this.tell("saved");
    }
  }

  // Another device wrote on the card: its words stand wherever nothing was changed here, ours wherever something was.
  merge(said) {
    const dirty = this.dirty();
    this.version = said.version;
    for (const field of this.fields) {
      const [kind, ...rest] = field.name.split("-");
      const theirs = String((kind === "score" ? said.scores : said.comments)[rest.join("-")] ?? "");
      if (!(field.name in dirty)) field.value = theirs;
      this.sent[field.name] = theirs;
    }
    this.note(bar.dataset.wordMerged);
    this.changed(0);
  }

  refused(said) {
    this.note(said.message);
    if (said.code === "closed") {
      drop(this.key);
      this.note(`${said.message} ${bar.dataset.wordLocked}`);
    }
    this.tell("refused");
  }

  note(text) {
    const line = this.form.querySelector("[data-wrong]");
    line.hidden = !text;
    line.textContent = text;
  }

  show(missing) {
    this.form.querySelector("[data-missing]").textContent = missing.join("；");
    this.note("");
    const link = bar.querySelector(`[data-code="${CSS.escape(this.code)}"]`);
    link.dataset.state = missing.length ? "begun" : "complete";
  }

  tell(state, sentence = "") {
    this.state = state;
    if (sentence) this.note(sentence);
    showState();
  }
}

function stored(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

function store(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // no storage (a private window): the points stay in their fields
  }
}

function drop(key) {
  try {
    localStorage.removeItem(key);
  } catch {
    // as above
  }
}

function waiting() {
  return [...cards.values()].filter((card) => card.state !== "saved");
}

function showState() {
  const line = bar.querySelector(".score-state");
  const states = waiting().map((card) => card.state);
  const state = ["refused", "kept", "saving"].find((one) => states.includes(one)) ?? "saved";
  line.dataset.state = state;
  const words = { refused: bar.dataset.wordRefused, kept: bar.dataset.wordKept, saving: bar.dataset.wordSaving };
  if (state !== "saved") {
    const count = state === "kept" ? ` (${bar.dataset.wordLeft.replace("{count}", states.length)})` : "";
    line.textContent = words[state] + count;
  } else if (lastSaved) line.textContent = bar.dataset.wordSaved.replace("{time}", lastSaved);
}

function retryLater() {
  clearTimeout(retryTimer);
  retryTimer = setTimeout(sendKept, RETRY[Math.min(attempts, RETRY.length - 1)]);
  attempts += 1;
}

function sendKept() {
  for (const card of waiting()) if (card.state === "kept") card.send();
}

// -- one dossier at a time

function current() {
  return sheets.find((sheet) => !sheet.hidden) ?? sheets[0];
}

function show(code, { focus = false } = {}) {
  const wanted = sheets.find((sheet) => sheet.id === code);
  if (!wanted) return;
  for (const sheet of sheets) sheet.hidden = sheet !== wanted;
  for (const link of bar.querySelectorAll("[data-code]")) {
    if (link.dataset.code === code) {
      link.setAttribute("aria-current", "true");
      link.parentElement.scrollLeft = link.offsetLeft - link.parentElement.clientWidth / 2;
    } else link.removeAttribute("aria-current");
  }
  if (focus) {
    window.scrollTo({ top: 0 });
    wanted.focus({ preventScroll: true });
  }
}

function step(by) {
  const at = sheets.indexOf(current()) + by;
  if (at >= 0 && at < sheets.length) {
    history.replaceState(null, "", `#${sheets[at].id}`);
    show(sheets[at].id, { focus: true });
  } else if (by > 0) document.getElementById("sign-panel").scrollIntoView();
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector("dialog[open]")) return;
  const points = [...current().querySelectorAll("[data-points]")];
  if (event.target.matches("[data-points]") && event.key === "Enter") {
    const next = points[points.indexOf(event.target) + 1];
    if (next) next.focus();
    else step(1);
  } else if (event.target.closest("input, textarea, select")) {
    if (event.key !== "Escape") return;
    current().focus();
  } else if (event.key === "n") step(1);
  else if (event.key === "p") step(-1);
  else if (/^[1-9]$/.test(event.key) && points[event.key - 1]) points[event.key - 1].focus();
  else return;
  event.preventDefault();
  event.stopImmediatePropagation();
}

// Signing waits until everything is on the server.
async function onSign(event) {
  if (waiting().length === 0) return;
  event.preventDefault();
  await Promise.all(waiting().map((card) => card.send()));
  if (waiting().length === 0) event.target.submit();
  else {
    event.target.closest("dialog")?.close();
    bar.scrollIntoView();
    showState();
  }
}

if (bar) {
  for (const form of document.querySelectorAll("[data-card]")) cards.set(form.dataset.card, new Card(form));
  for (const card of cards.values()) {
    card.restore();
    card.hints();
  }
  document.addEventListener("keydown", onKey, { capture: true });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-next]")) return;
    event.preventDefault();
    step(1);
  });
  window.addEventListener("hashchange", () => show(location.hash.slice(1), { focus: true }));
  window.addEventListener("online", () => {
    attempts = 0;
    sendKept();
  });
  window.addEventListener("beforeunload", (event) => {
    if (waiting().some((card) => card.state === "saving")) event.preventDefault();
  });
  document.querySelector("#sign form")?.addEventListener("submit", onSign);
  const open = sheets.find((sheet) => sheet.id === location.hash.slice(1)) ??
    sheets.find((sheet) => bar.querySelector(`[data-code="${CSS.escape(sheet.id)}"]`).dataset.state !== "signed") ?? sheets[0];
  show(open.id);
}
