// Placing a photo in its frame: drag, wheel, two fingers, slider, keys; turned in quarters. What is sent is what stands in the frame.
const WIDEST = 1000;
const STEP = 12;

export function livePhoto(control, words, placed) {
  const input = control.querySelector("#photo-file");
  const dialog = document.getElementById("crop");
  const canvas = dialog.querySelector("canvas");
  const slider = dialog.querySelector("input[type=range]");
  const wrong = dialog.querySelector(".wrong");
  const [across, down] = control.querySelector("[data-ratio]").dataset.ratio.split(":").map(Number);
  canvas.width = 500;
  canvas.height = Math.round((500 * down) / across);
  let picture = null;
  let place = null;
  let name = "photo.jpg";

  const least = () => Math.max(canvas.width / picture.width, canvas.height / picture.height);

  function draw(target = canvas) {
    const factor = target.width / canvas.width;
    const scale = least() * place.zoom;
    const context = target.getContext("2d");
    place.x = clamp(place.x, (picture.width * scale - canvas.width) / 2);
    place.y = clamp(place.y, (picture.height * scale - canvas.height) / 2);
    context.fillStyle = "#fff";
    context.fillRect(0, 0, target.width, target.height);
    context.imageSmoothingQuality = "high";
    context.drawImage(
      picture,
      factor * (canvas.width / 2 + place.x - (picture.width * scale) / 2),
      factor * (canvas.height / 2 + place.y - (picture.height * scale) / 2),
      factor * picture.width * scale,
      factor * picture.height * scale,
    );
  }

  function zoom(by) {
    const before = place.zoom;
    place.zoom = Math.min(5, Math.max(1, place.zoom * by));
    place.x *= place.zoom / before;
    place.y *= place.zoom / before;
    slider.value = place.zoom;
    draw();
  }

  function move(x, y) {
    place.x += x;
    place.y += y;
    draw();
  }

  function turn() {
    const turned = new OffscreenCanvas(picture.height, picture.width);
    const context = turned.getContext("2d");
    context.translate(picture.height, 0);
    context.rotate(Math.PI / 2);
    context.drawImage(picture, 0, 0);
    picture = turned;
    place = { x: 0, y: 0, zoom: 1 };
    slider.value = 1;
    draw();
  }

  async function choose(file) {
    wrong.hidden = true;
    try {
      picture = await createImageBitmap(file);
    } catch {
      // not a picture that the browser can read: the server says what is wrong with it
      await send(file, file.name);
      return;
    }
    name = file.name.replace(/\.[^.]*$/, "") + ".jpg";
    place = { x: 0, y: 0, zoom: 1 };
    slider.value = 1;
    dialog.showModal();
    draw();
    canvas.focus();
  }

  async function use() {
    const natural = canvas.width / (least() * place.zoom);
    const width = Math.round(Math.min(WIDEST, Math.max(natural, 1)));
    const cut = document.createElement("canvas");
    cut.width = width;
    cut.height = Math.round((width * down) / across);
    draw(cut);
    const blob = await new Promise((resolve) => { cut.toBlob(resolve, "image/jpeg", 0.92); });
    if (await send(blob, name)) dialog.close();
  }

  async function send(blob, fileName) {
    const body = new FormData();
    body.set("csrfmiddlewaretoken", document.querySelector("#draft [name=csrfmiddlewaretoken]").value);
    body.set("file", blob, fileName);
    let said = null;
    try {
      const answer = await fetch(words.photo, {
        method: "POST",
        body,
        headers: { "X-Requested-With": "fetch" },
        redirect: "manual",
      });
      said = await answer.json();
      if (answer.ok) {
        showPhoto(said.version);
        placed(said);
        return true;
      }
    } catch {
      said = { message: document.body.dataset.sendingFailed };
    }
    tell(said.message);
    return false;
  }

  function tell(sentence) {
    const line = dialog.open ? wrong : control.querySelector("[data-control-state]");
    line.hidden = false;
    line.textContent = sentence;
    line.dataset.state = "refused";
  }

  function showPhoto(version) {
    const frame = control.querySelector(".photo-frame");
    const image = document.createElement("img");
    image.src = `${words.photo}?v=${version}`;
    image.alt = control.querySelector(".control-label").firstChild.textContent.trim();
    frame.replaceChildren(image);
    const line = control.querySelector("[data-control-state]");
    line.textContent = "";
  }

  input.addEventListener("change", async () => {
    const [file] = input.files;
    input.value = "";
    if (file) await choose(file);
  });
  slider.addEventListener("input", () => zoom(Number(slider.value) / place.zoom));
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    zoom(event.deltaY < 0 ? 1.08 : 1 / 1.08);
  }, { passive: false });
  canvas.addEventListener("keydown", (event) => {
    const acts = {
      ArrowLeft: () => move(-STEP, 0),
      ArrowRight: () => move(STEP, 0),
      ArrowUp: () => move(0, -STEP),
      ArrowDown: () => move(0, STEP),
      "+": () => zoom(1.08),
      "=": () => zoom(1.08),
      "-": () => zoom(1 / 1.08),
    };
    if (acts[event.key]) {
      event.preventDefault();
      acts[event.key]();
    }
  });
  const fingers = new Map();
  const spread = () => {
    const [one, two] = [...fingers.values()];
    return Math.hypot(one.x - two.x, one.y - two.y);
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
  });
  canvas.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    const wide = fingers.size === 2 ? spread() : 0;
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    const factor = canvas.width / canvas.getBoundingClientRect().width;
    if (fingers.size === 1) move((event.clientX - before.x) * factor, (event.clientY - before.y) * factor);
    else if (fingers.size === 2 && wide > 0) zoom(spread() / wide);
  });
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, (event) => fingers.delete(event.pointerId));
  dialog.querySelector("[data-use]").addEventListener("click", use);
  dialog.querySelector("[data-turn]").addEventListener("click", turn);
}

function clamp(value, most) {
  return Math.min(most, Math.max(-most, value));
}
