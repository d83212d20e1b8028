// The server's clock in the foot, and the countdown to the deadline. Pages without this file show both as text.
//
// The browser's own clock is never believed: it only measures how long ago the server told the time. After sleep, when a page comes back
// into sight, every five minutes, and when the time is up, the server is asked again; it also knows of an extension.

const ASK_EVERY = 300_000;
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
const foot = document.querySelector("[data-server-clock]");
const counters = [...document.querySelectorAll("[data-countdown]")];
// milliseconds to add to the time since the page was opened
let offset = foot ? Date.parse(foot.dateTime) - performance.now() : 0;
let asked = performance.now();
const told = new Set();

for (const counter of counters) counter.ends = performance.now() + 1000 * Number(counter.dataset.countdown);

function two(number) {
  return String(number).padStart(2, "0");
}

function words(counter, seconds) {
  const days = Math.floor(seconds / 86400);
  const clock = `${two(Math.floor(seconds / 3600) % 24)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  const pattern = days === 0 ? counter.dataset.clock : days === 1 ? counter.dataset.day : counter.dataset.days;
  return pattern.replace("{days}", days).replace("{clock}", clock);
}

function say(counter, sentence) {
  if (counter !== counters[0] || told.has(sentence)) return;
  told.add(sentence);
  counter.querySelector("[data-countdown-said]").textContent = sentence;
}

function count(counter) {
  const seconds = Math.max(0, Math.ceil((counter.ends - performance.now()) / 1000));
  const { dataset } = counter;
  if (seconds === 0) {
    close(counter);
    return;
  }
  if (seconds < 86400) dataset.state = "urgent";
  for (const [limit, name] of [[60, dataset.one], [600, dataset.ten], [3600, dataset.hour]]) {
    if (seconds <= limit && seconds > limit - 5) say(counter, dataset.told.replace("{span}", name));
  }
  // whoever wants no movement sees it change once a minute
  if (!still || seconds % 60 === 0 || !counter.shown) {
    counter.querySelector(".countdown-left").textContent = words(counter, seconds);
    counter.shown = true;
  }
}

function close(counter) {
  if (counter.dataset.state === "over") return;
  counter.dataset.state = "over";
  counter.querySelector(".countdown-left").textContent = counter.dataset.over;
  say(counter, counter.dataset.over);
  // forms that must freeze listen to this
  document.dispatchEvent(new CustomEvent("jiangbang:deadline", { bubbles: true }));
  ask();
}

function tick() {
  if (foot) {
    const zone = /([+-])(\d\d):(\d\d)$/.exec(foot.dateTime);
    const shift = zone ? (zone[1] === "-" ? -1 : 1) * (Number(zone[2]) * 60 + Number(zone[3])) * 60_000 : 0;
    const now = new Date(offset + performance.now() + shift);
    const shown = `${two(now.getUTCHours())}:${two(now.getUTCMinutes())}`;
    foot.textContent = still ? shown : `${shown}:${two(now.getUTCSeconds())}`;
  }
  for (const counter of counters) if (counter.dataset.state !== "over") count(counter);
  if (performance.now() - asked > ASK_EVERY) ask();
}

async function ask() {
  const address = document.body.dataset.serverTime;
  if (!address || document.visibilityState === "hidden") return;
  const sent = performance.now();
  asked = sent;
  try {
    const answer = await (await fetch(address, { headers: { Accept: "application/json" } })).json();
    // half the way there and back; the seconds left are then rather too few than too many
    const middle = (sent + performance.now()) / 2;
    offset = Date.parse(answer.now) - middle;
    for (const counter of counters) {
      if (answer.seconds > 0) {
        counter.ends = middle + 1000 * answer.seconds;
        if (counter.dataset.state === "over") counter.dataset.state = "urgent";
      }
    }
  } catch {
    // no connection now: what was told last goes on
  }
}

if (foot || counters.length > 0) {
  tick();
  setInterval(tick, 1000);
  document.addEventListener("visibilitychange", ask);
  window.addEventListener("pageshow", (event) => { if (event.persisted) ask(); });
}
