// Evidence is sent as soon as it is chosen; the list of the claim comes back from the server.
export function liveFiles(form, words) {
  form.addEventListener("change", async (event) => {
    const input = event.target.closest("[data-evidence]");
    if (!input || input.files.length === 0) return;
    const box = input.closest(".evidence");
    const body = new FormData();
    body.set("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
    body.set("claim", input.dataset.evidence);
    for (const file of input.files) body.append("file", file);
    tell(box, words.wordSaving);
    try {
      const answer = await fetch(words.files, {
        method: "POST",
        body,
        headers: { "HX-Request": "true" },
        redirect: "manual",
      });
      if (!answer.ok) throw new Error(String(answer.status));
      const leaf = document.createElement("template");
      leaf.innerHTML = await answer.text();
      const fresh = leaf.content.firstElementChild;
      box.replaceWith(fresh);
      window.htmx?.process(fresh);
      fresh.querySelector("summary").focus();
      document.body.dispatchEvent(new CustomEvent("draft-saved"));
    } catch {
      tell(box, document.body.dataset.sendingFailed);
    }
  });
}

function tell(box, sentence) {
  let line = box.querySelector("[data-telling]");
  if (!line) {
    line = document.createElement("p");
    line.dataset.telling = "";
    line.className = "small muted";
    line.setAttribute("role", "status");
    box.append(line);
  }
  line.textContent = sentence;
}
