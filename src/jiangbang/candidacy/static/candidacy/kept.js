// What this device kept and the server did not take (it came after the deadline): shown beside what stands. Of a form that was withdrawn
// nothing is kept here either.
import { Pending } from "./pending.js";

const place = document.getElementById("kept");
const pending = new Pending(place.dataset.candidacy);

for (const [key, kept] of pending.all()) {
  if ("forget" in place.dataset) {
    pending.drop(key);
    continue;
  }
  const stands = place.querySelector(`[data-kept-key="${CSS.escape(key)}"]`);
  const text = Array.isArray(kept.value) ? kept.value.map((item) => item.text).filter(Boolean).join("\n") : kept.value;
  if (!stands || !text || stands.textContent.trim() === text) continue;
  const note = document.createElement("p");
  note.className = "kept-here";
  const label = document.createElement("b");
  label.textContent = place.dataset.wordKept;
  note.append(label, ` ${text}`);
  stands.append(note);
}
