// An open page that shows what comes by itself: asks every few seconds while it is in sight, and waits while somebody is in its parts.

const [looks] = document.querySelectorAll("[data-looks-every]");
const every = 1000 * Number(looks?.dataset.looksEvery ?? 0);
const PATIENCE = 60_000;
let waitedSince = 0;
let failures = 0;
let timer = 0;

function element() {
  return document.getElementById(looks.id);
}

// Whoever reads a part by keyboard, or has opened something in it, must not have it taken away; but not for ever.
function busy() {
  const inPart = [...document.querySelectorAll("[data-live-part]")].some((part) =>
    part.contains(document.activeElement) || part.querySelector("details[open]"));
  waitedSince = inPart ? waitedSince || performance.now() : 0;
  return inPart && performance.now() - waitedSince < PATIENCE;
}

function look() {
  clearTimeout(timer);
  if (document.visibilityState === "visible" && !busy()) window.htmx.trigger(element(), "jiangbang:look");
  // a server in trouble is asked less often, and not by all desks at once
  timer = setTimeout(look, every * Math.min(12, 2 ** failures) * (0.9 + 0.2 * Math.random()));
}

function trouble(told) {
  const place = element().querySelector("[data-live-trouble]");
  if (place.textContent !== told) place.textContent = told;
}

document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.elt.id !== looks?.id && event.target.id !== looks?.id) return;
  const { status } = event.detail.xhr;
  if (status === 200 || status === 204) {
    failures = 0;
    trouble("");
    const clock = document.querySelector("[data-server-clock]");
    if (status === 204 && clock) element().querySelector("[data-looked]").textContent = clock.textContent;
  } else if (status === 0 || status >= 500) {
    failures += 1;
    trouble(` · ${element().dataset.lost} ${element().querySelector("[data-looked]").textContent}`);
  } else {
    // signed out, or no longer admitted: the page says so when it is loaded anew
    window.location.reload();
  }
});

if (looks) {
  timer = setTimeout(look, every);
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") look(); });
}
