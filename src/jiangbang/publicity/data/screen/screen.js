// Shows one slide after another for ever. Asks for nothing once the page is there; a slide that cannot be shown is passed over.
const SECONDS = 12;
const slides = [...document.querySelectorAll(".slide")];
let at = 0;

function show(next) {
  slides[at].removeAttribute("data-shown");
  at = next;
  slides[at].setAttribute("data-shown", "");
}

function advance() {
  for (let step = 1; step <= slides.length; step += 1) {
    const next = (at + step) % slides.length;
    if (slides[next].complete && slides[next].naturalWidth > 0) {
      show(next);
      return;
    }
  }
}

if (slides.length > 0) {
  show(0);
  setInterval(advance, SECONDS * 1000);
}
