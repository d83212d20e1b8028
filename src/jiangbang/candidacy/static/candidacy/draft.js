// The candidate's form: every change is kept on the device at once, sent as soon as typing pauses, and forgotten on the device only when
// the server has it. The page works without this file; then it is saved by its button.
import { askWhoseText } from "./conflict.js";
import { livePhoto } from "./crop.js";
import { liveFiles } from "./files.js";
import { liveItems } from "./items.js";
import { livePicker } from "./picker.js";
import { Pending } from "./pending.js";

const form = document.getElementById("draft");
const words = form.dataset;
const pending = new Pending(words.candidacy);
const PAUSE = 700;
// the counter of a short field keeps still until two thirds are full
const SHORT = 200;
const RETRY = [2000, 5000, 10000, 20000, 30000];

const controls = new Map();
let attempts = 0;
let retryTimer = 0;
let lastSaved = "";

class Control {
  constructor(element) {
    this.element = element;
    this.key = element.dataset.key;
    this.version = Number(element.dataset.version);
    this.timer = 0;
    this.sending = false;
    this.state = "saved";
    this.sent = JSON.stringify(this.read());
  }

  get fields() {
    return [...this.element.querySelectorAll("input[name], textarea[name], select[name]")].filter(
      (field) => field.name === this.key,
    );
  }

  read() {
    if (this.element.dataset.kind === "items") {
      return [...this.element.querySelectorAll(".item")].map((item) => ({
        id: item.dataset.id,
        text: item.querySelector("textarea").value,
      }));
    }
    const chosen = this.fields.find((field) => field.type === "radio");
    if (chosen) return this.fields.find((field) => field.checked)?.value ?? "";
    return this.fields[0]?.value ?? "";
  }

  write(value) {
    if (this.element.dataset.kind === "items") {
      this.element.dispatchEvent(new CustomEvent("items-set", { detail: value }));
    } else if (this.fields[0]?.type === "radio") {
      for (const field of this.fields) field.checked = field.value === value;
    } else if (this.fields[0]) {
      this.fields[0].value = value;
      this.fields[0].dispatchEvent(new Event("picked"));
    }
    grow(this.element);
    this.count();
  }

  text() {
    const value = this.read();
    return Array.isArray(value) ? value.map((item) => item.text).filter(Boolean).join("\n") : value;
  }

  count() {
    const counter = this.element.querySelector("[data-counter]");
    if (!counter) return;
    const limit = Number(this.element.dataset.limit);
    const count = [...this.text().replaceAll("\n", "")].length;
    counter.textContent = fill(words.wordCount, { count, limit }) +
      (count > limit ? ` · ${fill(words.wordOver, { over: count - limit })}` : "");
    counter.toggleAttribute("data-over", count > limit);
    counter.toggleAttribute("data-quiet", limit <= SHORT && count * 3 < limit * 2);
  }

  changed(wait = PAUSE) {
    this.count();
    if (this.state === "conflict") {
      pending.keep(this.key, this.read(), this.version);
      return;
    }
    if (JSON.stringify(this.read()) === this.sent && !this.sending) {
      pending.drop(this.key);
      this.tell("saved");
      return;
    }
    pending.keep(this.key, this.read(), this.version);
    this.tell("saving");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), wait);
  }

  body(value) {
    const body = new FormData();
    body.set("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
    body.set("key", this.key);
    body.set(`${this.key}.version`, this.version);
    if (Array.isArray(value)) {
      for (const item of value) {
        body.append(this.key, item.text);
        body.append(`${this.key}.id`, item.id);
      }
      if (value.length === 0) body.append(this.key, "");
    } else body.set(this.key, value);
    return body;
  }

  async send() {
    clearTimeout(this.timer);
    if (this.sending || this.state === "conflict") return;
    const value = this.read();
    this.sending = true;
    let answer;
    try {
      answer = await fetch(form.action, {
        method: "POST",
        body: this.body(value),
        headers: { "X-Requested-With": "fetch" },
        redirect: "manual",
      });
    } catch {
      this.sending = false;
      this.tell("kept", words.wordKept);
      retryLater();
      return;
    }
    this.sending = false;
    await this.heard(answer, value);
  }

  async heard(answer, value) {
    const said = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : null;
    if (answer.ok && said) return this.saved(said, value);
    if (said?.code === "conflict") return this.inConflict(said);
    if (said) return this.tell("refused", `${said.message} ${said.code === "late" ? "" : words.wordRefused}`);
    if (answer.type === "opaqueredirect" || answer.status === 403) return this.tell("refused", words.wordSignedOut);
    this.tell("kept", words.wordKept);
    retryLater();
  }

  saved(said, value) {
    attempts = 0;
    this.version = said.version;
    for (const field of this.element.querySelectorAll(`[name="${CSS.escape(this.key)}.version"]`)) field.value = said.version;
    this.sent = JSON.stringify(value);
    lastSaved = said.time;
    showFindings(said.findings);
    document.body.dispatchEvent(new CustomEvent("draft-saved"));
    if (JSON.stringify(this.read()) !== this.sent) {
      this.changed(0);
      return;
    }
    pending.drop(this.key);
    this.tell("saved", fill(words.wordSaved, { time: said.time }));
  }

  inConflict(said) {
    pending.keep(this.key, this.read(), this.version);
    this.tell("conflict", words.wordUnsaved);
    askWhoseText(this, said, words, (value) => {
      this.state = "saving";
      this.version = said.version;
      this.sent = JSON.stringify(this.read().constructor === Array ? said.items : said.shown);
      if (value !== undefined) this.write(value);
      this.changed(0);
    });
  }

  tell(state, sentence = "") {
    this.state = state;
    const line = this.element.querySelector("[data-control-state]");
    if (line) {
      line.dataset.state = state;
      line.textContent = state === "saving" ? "" : sentence;
    }
    showState();
  }
}

function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

function showState() {
  const states = [...controls.values()].map((control) => control.state);
  const place = document.getElementById("save-state");
  const line = place.querySelector("[data-words]");
  const state = ["refused", "conflict", "kept", "saving"].find((one) => states.includes(one)) ?? "saved";
  place.dataset.state = state === "conflict" ? "refused" : state;
  if (state === "saved") {
    if (lastSaved) line.textContent = fill(words.wordSaved, { time: lastSaved });
  } else line.textContent = { refused: words.wordUnsaved, conflict: words.wordUnsaved, kept: words.wordKeptShort, saving: words.wordSaving }[state];
}

function showFindings(findings) {
  for (const [key, found] of Object.entries(findings)) {
    const control = controls.get(key);
    if (!control) continue;
    const place = control.element.querySelector("[data-findings]");
    place.replaceChildren(...found.map(findingElement));
    const grave = found.some((one) => one.severity === "block");
    for (const field of control.fields) {
      if (field.type !== "radio") field.toggleAttribute("aria-invalid", false);
      if (grave && field.type !== "radio") field.setAttribute("aria-invalid", "true");
    }
  }
}

function findingElement(one) {
  const box = document.createElement("div");
  box.className = "finding";
  box.dataset.severity = one.severity;
  const line = document.createElement("p");
  line.className = "finding-message";
  const grade = document.createElement("b");
  grade.className = "finding-grade";
  grade.textContent = { block: words.wordMust, warn: words.wordLook, note: words.wordNote }[one.severity];
  line.append(grade, ` ${one.message}`);
  box.append(line);
  return box;
}

// What is not sent yet is tried again: when the network is back, and every few seconds.
function retryLater() {
  clearTimeout(retryTimer);
  retryTimer = setTimeout(sendKept, RETRY[Math.min(attempts, RETRY.length - 1)]);
  attempts += 1;
}

function sendKept() {
  for (const control of controls.values()) if (control.state === "kept") control.send();
}

function grow(root) {
  for (const area of root.querySelectorAll("textarea[data-grows]")) {
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight + 2}px`;
  }
}

// What an earlier visit could not send is put back into its field and sent with the version that it was written over.
function restore() {
  for (const [key, kept] of pending.all()) {
    const control = controls.get(key);
    if (!control) continue;
    if (JSON.stringify(kept.value) === control.sent) {
      pending.drop(key);
      continue;
    }
    control.version = kept.version;
    control.write(kept.value);
    control.tell("kept", words.wordKept);
    control.send();
  }
}

function controlOf(target) {
  const element = target.closest("[data-key]");
  return element && form.contains(element) ? controls.get(element.dataset.key) : undefined;
}

// what was typed or chosen before this file had come
function isTouched(field) {
  if (field.type === "radio" || field.type === "checkbox") return field.checked !== field.defaultChecked;
  if (field.tagName === "SELECT") {
    const served = [...field.options].findIndex((option) => option.defaultSelected);
    return field.selectedIndex !== Math.max(0, served);
  }
  return field.type !== "file" && field.type !== "hidden" && field.value !== field.defaultValue;
}

const touched = [];
for (const element of form.querySelectorAll("[data-key]")) {
  if (element.dataset.kind !== "image" && [...element.querySelectorAll("input, textarea, select")].some(isTouched)) {
    touched.push(element.dataset.key);
  }
  if (element.dataset.kind === "items") liveItems(element, words);
  if (element.dataset.kind === "class") livePicker(element, words);
  if (element.dataset.kind !== "image") controls.set(element.dataset.key, new Control(element));
}
const image = form.querySelector('[data-kind="image"]');
if (image) {
  controls.set(image.dataset.key, new Control(image));
  livePhoto(image, words, (said) => {
    lastSaved = said.time;
    showFindings(said.findings);
    showState();
    document.body.dispatchEvent(new CustomEvent("draft-saved"));
  });
}
liveFiles(form, words);
grow(form);
for (const control of controls.values()) control.count();

form.addEventListener("input", (event) => {
  if (event.target.matches("[data-evidence], [type=file], .picker-field")) return;
  if (event.target.matches("textarea[data-grows]")) grow(event.target.parentElement);
  controlOf(event.target)?.changed();
});
form.addEventListener("change", (event) => {
  if (event.target.matches("[data-evidence], [type=file], .picker-field")) return;
  controlOf(event.target)?.changed(0);
});
form.addEventListener("items-changed", (event) => controlOf(event.target)?.changed(0));
form.addEventListener("submit", (event) => {
  event.preventDefault();
  for (const control of controls.values()) control.send();
});
window.addEventListener("online", () => {
  attempts = 0;
  sendKept();
});
window.addEventListener("beforeunload", (event) => {
  if ([...controls.values()].some((control) => control.state === "saving")) event.preventDefault();
});
// the button at the bottom of a telephone says what the list says
document.body.addEventListener("htmx:afterSwap", (event) => {
  const count = event.detail.target?.querySelector?.("[data-way-count]");
  const button = document.querySelector("[data-bottom]");
  if (count && button) button.textContent = count.textContent;
});
for (const key of touched) {
  controls.get(key).sent = "";
  controls.get(key).changed(0);
}
restore();
