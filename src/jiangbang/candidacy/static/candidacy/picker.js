// A long select becomes a field to search in: by code, by any word of the label, in either order. The select keeps the value.
export function livePicker(control, words) {
  const select = control.querySelector("select");
  const label = control.querySelector("label");
  const box = document.createElement("div");
  box.className = "picker";
  const field = document.createElement("input");
  Object.assign(field, { type: "text", id: `${select.id}-search`, className: "picker-field", autocomplete: "off" });
  const list = document.createElement("ul");
  list.id = `${select.id}-options`;
  list.className = "picker-list";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", label.firstChild.textContent.trim());
  const status = document.createElement("p");
  status.className = "out-of-sight";
  status.setAttribute("role", "status");
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-controls", list.id);
  field.setAttribute("aria-expanded", "false");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-describedby", select.getAttribute("aria-describedby") ?? "");
  field.placeholder = select.options[0].textContent;
  label.htmlFor = field.id;
  select.hidden = true;
  select.before(box);
  box.append(field, list, status);
  let active = -1;

  const chosen = () => select.selectedOptions[0];
  const show = () => { field.value = chosen()?.value ? chosen().textContent : ""; };
  const rows = () => [...list.querySelectorAll("[role=option]")];

  function matching(text) {
    const wanted = text.toLowerCase().split(/\s+/).filter(Boolean);
    return [...select.options].filter((option) => {
      const said = `${option.value} ${option.textContent} ${option.closest("optgroup")?.label ?? ""}`.toLowerCase();
      return option.value && wanted.every((word) => said.includes(word));
    });
  }

  function open(text) {
    const found = matching(text);
    let group = null;
    list.replaceChildren();
    found.forEach((option, place) => {
      const its = option.closest("optgroup")?.label;
      if (its && its !== group) {
        const head = document.createElement("li");
        head.className = "picker-group";
        head.setAttribute("role", "presentation");
        head.textContent = its;
        list.append(head);
        group = its;
      }
      const row = document.createElement("li");
      row.id = `${list.id}-${place}`;
      row.setAttribute("role", "option");
      row.setAttribute("aria-selected", String(option.selected));
      row.dataset.value = option.value;
      row.textContent = option.textContent;
      list.append(row);
    });
    if (found.length === 0) {
      const none = document.createElement("li");
      none.className = "picker-group";
      none.setAttribute("role", "presentation");
      none.textContent = words.wordNone;
      list.append(none);
    }
    status.textContent = words.wordFound.replace("{n}", found.length);
    list.hidden = false;
    field.setAttribute("aria-expanded", "true");
    // on a telephone the list would open beneath the bar at the bottom
    if (list.getBoundingClientRect().bottom > window.innerHeight - 80) box.scrollIntoView({ block: "start" });
    mark(text && found.length > 0 ? 0 : -1);
  }

  function close() {
    list.hidden = true;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
    active = -1;
  }

  function mark(place) {
    active = place;
    rows().forEach((row, at) => row.toggleAttribute("data-active", at === place));
    const row = rows()[place];
    if (row) {
      field.setAttribute("aria-activedescendant", row.id);
      row.scrollIntoView({ block: "nearest" });
    } else field.removeAttribute("aria-activedescendant");
  }

  function pick(value) {
    select.value = value;
    show();
    close();
    select.dispatchEvent(new Event("change", { bubbles: true }));
  }

  field.addEventListener("focus", () => field.select());
  field.addEventListener("click", () => open(""));
  field.addEventListener("input", () => open(field.value));
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const last = rows().length - 1;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) open("");
      else mark(event.key === "ArrowDown" ? Math.min(last, active + 1) : Math.max(0, active - 1));
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (rows()[active]) pick(rows()[active].dataset.value);
    } else if (event.key === "Escape" && !list.hidden) {
      event.stopPropagation();
      show();
      close();
    }
  });
  field.addEventListener("blur", () => {
    if (field.value.trim() === "" && select.value) pick("");
    show();
    close();
  });
  // before the field loses the focus
  list.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    const row = event.target.closest("[role=option]");
    if (row) pick(row.dataset.value);
  });
  select.addEventListener("picked", show);
  show();
}
