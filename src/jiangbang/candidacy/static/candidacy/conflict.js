// Two people wrote in one field: both texts stand side by side until somebody chooses.
export function askWhoseText(control, said, words, decide) {
  control.element.querySelector(".conflict")?.remove();
  const mine = control.text();
  const box = element("div", "conflict");
  box.setAttribute("role", "group");
  const who = element("p", "conflict-who", words.wordConflict.replace("{who}", said.who).replace("{time}", said.time));
  who.tabIndex = -1;
  const texts = element("div", "conflict-texts");
  texts.append(text(words.wordMine, shown(control, mine), words), text(words.wordTheirs, shown(control, said.shown), words));
  const buttons = element("div", "buttons");
  const isList = control.element.dataset.kind === "items";
  const done = (value) => {
    box.remove();
    decide(value);
    control.element.querySelector("textarea, select, input:not([type=hidden])")?.focus();
  };
  buttons.append(
    button(words.wordTakeMine, () => done(undefined)),
    button(words.wordTakeTheirs, () => done(isList ? said.items : said.shown)),
  );
  if (isList || control.element.dataset.kind === "long_text" || control.element.dataset.kind === "text") {
    buttons.append(button(words.wordBoth, () => done(isList ? merged(said.items, control.read()) : both(control, said.shown, mine))));
  }
  box.append(who, texts, buttons);
  control.element.append(box);
  who.focus({ preventScroll: false });
}

function both(control, theirs, mine) {
  return [theirs, mine].filter(Boolean).join(control.element.dataset.kind === "long_text" ? "\n" : " ");
}

function merged(theirs, mine) {
  const known = new Set(theirs.map((item) => item.text));
  const taken = new Set(theirs.map((item) => item.id));
  const fresh = mine
    .filter((item) => item.text && !known.has(item.text))
    .map((item) => (taken.has(item.id) ? { ...item, id: "" } : item));
  return [...theirs, ...fresh];
}

function shown(control, value) {
  const field = control.fields.find((one) => one.value === value);
  return field?.type === "radio" ? field.closest("label").textContent.trim() : value;
}

function text(label, value, words) {
  const part = element("div", "");
  part.append(element("h4", "", label), element("p", "", value || words.wordEmpty));
  return part;
}

function button(label, act) {
  const made = element("button", "btn btn-small", label);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

function element(name, className, content = "") {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.textContent = content;
  return made;
}
