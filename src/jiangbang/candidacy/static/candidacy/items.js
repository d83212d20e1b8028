// Entries of a list: add, remove, and order by drag or by buttons. Unused entries are there already and only hidden.
export function newId() {
  return [...crypto.getRandomValues(new Uint8Array(4))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function liveItems(control, words) {
  const list = control.querySelector("ol");
  const add = control.querySelector("[data-add]");
  const status = document.createElement("p");
  status.className = "out-of-sight";
  status.setAttribute("role", "status");
  control.append(status);
  const items = () => [...list.children];
  const textOf = (item) => item.querySelector("textarea").value.trim();
  const inSight = () => items().filter((item) => !item.hidden);

  function arrange() {
    inSight().forEach((item, place, all) => {
      item.querySelector("[data-number]").textContent = place + 1;
      item.querySelector("[data-up]").disabled = place === 0;
      item.querySelector("[data-down]").disabled = place === all.length - 1;
    });
    add.hidden = items().every((item) => !item.hidden);
  }

  function changed() {
    arrange();
    list.dispatchEvent(new CustomEvent("items-changed", { bubbles: true }));
  }

  function move(item, step) {
    const all = inSight();
    const other = all[all.indexOf(item) + step];
    if (!other) return;
    if (step < 0) other.before(item);
    else other.after(item);
    changed();
    status.textContent = words.wordMoved.replace("{place}", inSight().indexOf(item) + 1);
    const again = item.querySelector(step < 0 ? "[data-up]" : "[data-down]");
    (again.disabled ? item.querySelector("textarea") : again).focus();
  }

  function remove(item) {
    item.querySelector("textarea").value = "";
    list.append(item);
    item.hidden = inSight().length > 1;
    changed();
    (inSight()[0].querySelector("textarea") ?? add).focus();
  }

  control.addEventListener("click", (event) => {
    const item = event.target.closest(".item");
    if (event.target.closest("[data-add]")) {
      const next = items().find((one) => one.hidden);
      next.hidden = false;
      arrange();
      next.querySelector("textarea").focus();
    } else if (event.target.closest("[data-up]")) move(item, -1);
    else if (event.target.closest("[data-down]")) move(item, 1);
    else if (event.target.closest("[data-remove]")) remove(item);
  });

  // By finger or mouse: the entry follows past the middle of its neighbour.
  control.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest(".item-grip");
    if (!grip) return;
    event.preventDefault();
    const item = grip.closest(".item");
    const before = items().map((one) => one.dataset.id).join();
    grip.setPointerCapture(event.pointerId);
    item.toggleAttribute("data-lifted", true);
    const follow = (moved) => {
      for (const other of inSight()) {
        if (other === item) continue;
        const box = other.getBoundingClientRect();
        const middle = box.top + box.height / 2;
        const isBelow = item.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING;
        if (isBelow && moved.clientY > middle) other.after(item);
        else if (!isBelow && moved.clientY < middle) other.before(item);
      }
    };
    const drop = () => {
      grip.removeEventListener("pointermove", follow);
      item.removeAttribute("data-lifted");
      if (items().map((one) => one.dataset.id).join() !== before) changed();
    };
    grip.addEventListener("pointermove", follow);
    grip.addEventListener("pointerup", drop, { once: true });
    grip.addEventListener("pointercancel", drop, { once: true });
  });

  // Another order or other texts, from a conflict that was decided or from what this device kept.
  control.addEventListener("items-set", (event) => {
    const wanted = event.detail.filter((one) => one.text);
    items().forEach((item, place) => {
      const one = wanted[place];
      item.dataset.id = one?.id || newId();
      item.querySelector(`input[name$=".id"]`).value = item.dataset.id;
      item.querySelector("textarea").value = one?.text ?? "";
      item.hidden = place >= Math.max(1, wanted.length);
    });
    // more than the form has room for: nothing is dropped, the last entry takes the rest
    if (wanted.length > items().length) {
      items().at(-1).querySelector("textarea").value = wanted.slice(items().length - 1).map((one) => one.text).join("\n");
    }
    arrange();
  });

  items().forEach((item, place) => { item.hidden = place > 0 && !textOf(item) && !item.querySelector(".evidence-files"); });
  arrange();
}
