// The unit's pages: putting nominees in order, saying what takes long. Every page works without this file.

// --- order: by dragging, by the buttons, by Alt and the arrow keys; nothing is saved before "save" is pressed
function places(list) {
  return [...list.querySelectorAll("[data-person]")];
}

function renumber(list) {
  places(list).forEach((person, at) => {
    person.querySelector(".ranked-place").textContent = at + 1;
  });
}

function move(list, person, step) {
  const people = places(list);
  const to = people.indexOf(person) + step;
  if (to < 0 || to >= people.length) return;
  people[to][step < 0 ? "before" : "after"](person);
  renumber(list);
  const name = person.querySelector(".ranked-name").firstChild.textContent.trim();
  const form = list.closest("form");
  form.querySelector("[data-said]").textContent = `${name} ${form.dataset.moved} ${to + 1}`;
}

function liveOrder(form) {
  const list = form.querySelector("ol");
  let dragged = null;
  const unmark = () => list.querySelectorAll("[data-target]").forEach((one) => one.removeAttribute("data-target"));
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-step]");
    if (!button) return;
    event.preventDefault();
    move(list, button.closest("[data-person]"), Number(button.dataset.step));
    button.focus();
  });
  form.addEventListener("keydown", (event) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const person = event.target.closest("[data-person]");
    if (!step || !event.altKey || !person) return;
    event.preventDefault();
    move(list, person, step);
    event.target.focus();
  });
  list.addEventListener("dragstart", (event) => {
    dragged = event.target.closest("[data-person]");
    dragged?.toggleAttribute("data-dragged", true);
    event.dataTransfer.effectAllowed = "move";
  });
  list.addEventListener("dragover", (event) => {
    const over = event.target.closest("[data-person]");
    if (!dragged || !over) return;
    event.preventDefault();
    unmark();
    if (over !== dragged) over.toggleAttribute("data-target", true);
  });
  list.addEventListener("drop", (event) => {
    const over = event.target.closest("[data-person]");
    if (!dragged || !over || over === dragged) return;
    event.preventDefault();
    const people = places(list);
    over[people.indexOf(dragged) < people.indexOf(over) ? "after" : "before"](dragged);
    renumber(list);
  });
  list.addEventListener("dragend", () => {
    dragged?.removeAttribute("data-dragged");
    dragged = null;
    unmark();
  });
}

// --- what takes seconds says so on its button, and is sent once
document.addEventListener("submit", (event) => {
  const { busy } = event.target.dataset;
  const button = event.submitter;
  if (!busy || !button) return;
  button.textContent = busy;
  button.disabled = true;
});

document.querySelectorAll("[data-ranked]").forEach(liveOrder);

// --- who goes: the count while boxes are ticked; the server counts again
function liveQuota(form) {
  const said = form.querySelector("[data-chosen]");
  form.addEventListener("change", () => {
    const chosen = form.querySelectorAll("[name=goes]:checked:not(:disabled)").length;
    said.textContent = chosen;
    said.toggleAttribute("data-over", "binds" in form.dataset && chosen > Number(form.dataset.quota));
  });
}

document.querySelectorAll("form[data-quota]").forEach(liveQuota);
