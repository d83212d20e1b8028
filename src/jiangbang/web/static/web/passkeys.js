// Passkeys: the browser makes or uses one when the form is sent, and its answer goes with the form. Options stand in the page's data
// element; at the door, where nobody is known yet, they are fetched when the button is pressed.

async function optionsOf(form) {
  const data = document.getElementById("passkey-data");
  if (data) return JSON.parse(data.textContent);
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

async function ask(form) {
  const options = await optionsOf(form);
  if (form.dataset.passkey === "get") return window.webauthnJSON.get(options.request_options);
  const creation = options.creation_options;
  Object.assign(creation.publicKey.authenticatorSelection, {
    residentKey: "required",
    requireResidentKey: true,
    userVerification: "required",
  });
  return window.webauthnJSON.create(creation);
}

async function onSubmit(event) {
  const form = event.target;
  const trouble = form.querySelector("[data-passkey-trouble]");
  event.preventDefault();
  trouble.hidden = true;
  try {
    form.elements.credential.value = JSON.stringify(await ask(form));
    form.submit();
  } catch {
    trouble.hidden = false;
  }
}

for (const form of document.querySelectorAll("[data-passkey]")) form.addEventListener("submit", onSubmit);
