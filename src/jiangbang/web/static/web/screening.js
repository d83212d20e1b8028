// Screening by keyboard: a clause at a time. The page works without this file.

const clauses = [...document.querySelectorAll("[data-clause]")];

function current() {
  return document.activeElement.closest?.("[data-clause]") ?? null;
}

function move(step) {
  const at = clauses.indexOf(current());
  clauses[Math.min(clauses.length - 1, Math.max(0, at + step))]?.focus();
}

// What the facts already say is confirmed at once; anything else needs its reason first.
function press(clause, button) {
  const reason = clause.querySelector("[name=reason]");
  if (button.value === clause.dataset.automatic && button.value !== "open") {
    button.click();
    return;
  }
  reason.required = true;
  reason.dataset.rules = button.value;
  for (const one of clause.querySelectorAll("[data-key]")) one.classList.toggle("btn-primary", one === button);
  reason.focus();
}

// In the queue: the box beside the dossier that has the focus.
function chooser() {
  return document.activeElement.closest?.("[data-list] tbody tr")?.querySelector("[type=checkbox]") ?? null;
}

function typing(target) {
  return target.closest("input, textarea, select") !== null;
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "Escape" && typing(event.target)) {
    event.target.closest("[data-clause]")?.focus();
    return;
  }
  if (event.key === "Enter" && event.target.dataset?.rules) {
    event.preventDefault();
    const form = event.target.form;
    form.requestSubmit(form.querySelector(`[value="${event.target.dataset.rules}"]`));
    return;
  }
  if (typing(event.target) || document.querySelector("dialog[open]")) return;
  if (clauses.length && (event.key === "j" || event.key === "k")) {
    move(event.key === "j" ? 1 : -1);
  } else if (event.key === "x" && chooser()) {
    chooser().click();
  } else {
    const link = document.querySelector(`[data-does="${CSS.escape(event.key)}"]`);
    const clause = current();
    const button = clause?.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (button) press(clause, button);
    else if (link) link.click();
    else return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
}

document.addEventListener("keydown", onKey, { capture: true });

// After a ruling the page comes back at its clause: the next one that is still open has the focus.
const told = document.getElementById(window.location.hash.slice(1));
const from = clauses.indexOf(told);
const rest = clauses.slice(from + 1).concat(clauses.slice(0, from + 1));
(rest.find((clause) => clause.dataset.state === "open") ?? told ?? clauses[0])?.focus({ preventScroll: from < 0 });
