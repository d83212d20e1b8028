// What the pages do beyond what the browser does by itself. Every page works without this file.

const texts = document.body.dataset;

function typing(target) {
  return target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]") !== null;
}

// Keys: those listed in the sheet that `?` opens; g then a letter goes to a room.
let waitsForRoom = -Infinity;

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
  if (performance.now() - waitsForRoom < 1500) {
    const room = document.querySelector(`.frame-side [data-key="${CSS.escape(event.key)}"]`);
    waitsForRoom = -Infinity;
    if (room) {
      event.preventDefault();
      room.click();
    }
    return;
  }
  const acts = {
    "?": () => openSheet(document.getElementById("keys")),
    "/": () => document.querySelector(".search input")?.focus(),
    g: () => { waitsForRoom = performance.now(); },
    j: () => moveInList(1),
    k: () => moveInList(-1),
    n: () => document.querySelector(".pager [rel=next]")?.click(),
    p: () => document.querySelector(".pager [rel=prev]")?.click(),
  };
  if (acts[event.key]) {
    event.preventDefault();
    acts[event.key]();
  }
}

function moveInList(step) {
  const links = [...document.querySelectorAll("[data-list] tbody th a")];
  if (links.length === 0) return;
  const at = links.indexOf(document.activeElement);
  links[Math.min(links.length - 1, Math.max(0, at + step))].focus();
}

// Sheets: a link to a dialog's id opens it as a modal; without scripts :target shows it.
function openSheet(dialog) {
  if (dialog instanceof HTMLDialogElement && !dialog.open) dialog.showModal();
}

function onClick(event) {
  const opener = event.target.closest("a[href^='#']");
  const named = opener && opener.hash.length > 1 ? document.getElementById(opener.hash.slice(1)) : null;
  if (named instanceof HTMLDialogElement) {
    event.preventDefault();
    openSheet(named);
  }
  const closer = event.target.closest("[data-closes]");
  if (closer) {
    event.preventDefault();
    closer.closest("dialog")?.close();
  }
  if (event.target.closest("[data-print]")) window.print();
  const copier = event.target.closest("[data-copies]");
  if (copier) copy(copier);
  for (const fold of document.querySelectorAll("details.fold[open]")) {
    if (!fold.contains(event.target)) fold.open = false;
  }
}

// Copies what stands in a field; where the browser keeps the clipboard shut, the field is selected for the reader's own keys.
async function copy(button) {
  const field = document.querySelector(button.dataset.copies);
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    button.textContent = button.dataset.done;
  } catch {
    field.focus();
  }
}

// Drop zones
function size(bytes) {
  return bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

function showFiles(form, input) {
  const list = form.querySelector(".dropzone-files");
  list.replaceChildren(...[...input.files].map((file) => {
    const row = document.createElement("li");
    const name = document.createElement("span");
    const weight = document.createElement("span");
    name.textContent = file.name;
    weight.textContent = size(file.size);
    weight.className = "muted number";
    row.append(name, weight);
    return row;
  }));
  form.toggleAttribute("data-empty", input.files.length === 0);
}

function send(form) {
  const progress = form.querySelector(".dropzone-progress");
  const button = form.querySelector("button[type=submit]");
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.setRequestHeader("X-Requested-With", "XMLHttpRequest");
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) progress.value = (100 * event.loaded) / event.total;
  });
  request.addEventListener("load", () => {
    if (request.status < 400) window.location.assign(request.getResponseHeader("X-Location") ?? request.responseURL);
    else tellTrouble(form, `${texts.sendingFailed} (${request.status})`);
  });
  request.addEventListener("error", () => tellTrouble(form, texts.sendingFailed));
  progress.hidden = false;
  button.disabled = true;
  request.send(new FormData(form));
}

function tellTrouble(form, sentence) {
  let note = form.querySelector(".wrong");
  if (!note) {
    note = document.createElement("p");
    note.className = "wrong";
    note.setAttribute("role", "alert");
    form.append(note);
  }
  note.textContent = sentence;
  form.querySelector("button[type=submit]").disabled = false;
  form.querySelector(".dropzone-progress").hidden = true;
}

function liveDropzone(form) {
  const input = form.querySelector("input[type=file]");
  form.toggleAttribute("data-live", true);
  showFiles(form, input);
  input.addEventListener("change", () => {
    showFiles(form, input);
    if (input.files.length > 0) form.querySelector("button[type=submit]").focus();
  });
  for (const name of ["dragover", "dragenter"]) {
    form.addEventListener(name, (event) => {
      event.preventDefault();
      form.toggleAttribute("data-over", true);
    });
  }
  form.addEventListener("dragleave", (event) => {
    if (!form.contains(event.relatedTarget)) form.removeAttribute("data-over");
  });
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    form.removeAttribute("data-over");
    if (event.dataTransfer.files.length === 0) return;
    input.files = event.dataTransfer.files;
    showFiles(form, input);
    form.requestSubmit();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form);
  });
}

// A file dropped beside the zone must not replace the page.
for (const name of ["dragover", "drop"]) {
  window.addEventListener(name, (event) => {
    if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
  });
}

// Selects and boxes that apply at once; without scripts their form has a button.
// Filters that say nothing stay out of the address.
function onFormData(event) {
  if (event.target.method !== "get") return;
  for (const [name, value] of [...event.formData]) if (value === "") event.formData.delete(name);
}

function onChange(event) {
  if (event.target.matches("[data-applies]")) event.target.form.requestSubmit();
}

// A revealed value takes the focus that its button had, so that it is read out and keys go on from there.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.elt.matches?.("[data-revealed]")) event.detail.elt.focus();
});

document.addEventListener("keydown", onKey);
document.addEventListener("click", onClick);
document.addEventListener("change", onChange);
document.addEventListener("formdata", onFormData);
document.querySelectorAll("[data-dropzone]").forEach(liveDropzone);
document.documentElement.classList.add("scripted");
