// Checks certificates in the browser: neither the code nor the file leaves it. kernel/statement.py and papers/signature.py say what is
// checked and why; this does the same with WebCrypto. A browser without Ed25519 sends the form instead, and the page says so.

const CONTEXT = new TextEncoder().encode("jiangbang certificate statement 1\n");
const FIELDS = ["issuer", "programme", "edition", "title", "number", "name", "unit"];
const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const MAX_PDF = 8000000;
const MAX_VALUE = 100000;
const place = document.getElementById("verify-verdict");

function finding(verdict, reason, statement = null, key = null) {
  return { verdict, reason, statement, key };
}

// -- bytes -------------------------------------------------------------------------------------------------------------------

function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function same(one, other) {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

function hex(bytes) {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function fromHex(text) {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

function fromBase64(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

// One spelling for each token: null for any other.
function fromBase32(token) {
  const bytes = [];
  let bits = 0, count = 0;
  for (const letter of token) {
    const value = BASE32.indexOf(letter);
    if (value < 0) return null;
    bits = ((bits << 5) | value) & 0xfff;
    count += 5;
    if (count >= 8) {
      count -= 8;
      bytes.push((bits >> count) & 0xff);
    }
  }
  const unused = bits & ((1 << count) - 1);
  return count < 5 && unused === 0 ? Uint8Array.from(bytes) : null;
}

async function sha256(bytes) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

// -- the statement -----------------------------------------------------------------------------------------------------------

function readStatement(content) {
  const texts = {};
  const letters = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const day = String(new DataView(content.buffer, content.byteOffset).getUint32(0)).padStart(8, "0");
  let at = 4;
  try {
    for (const field of FIELDS) {
      const size = content[at];
      if (size === undefined || at + 1 + size > content.length) return null;
      texts[field] = letters.decode(content.subarray(at + 1, at + 1 + size));
      at += 1 + size;
    }
  } catch {
    return null;
  }
  const issued = `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`;
  const moment = new Date(`${issued}T00:00:00Z`);
  if (at !== content.length || Number.isNaN(moment.valueOf()) || moment.toISOString().slice(0, 10) !== issued) return null;
  return { ...texts, issued };
}

async function checkToken(token, keys, revoked) {
  const whole = token.length > 0 && token.length <= 3000 ? fromBase32(token) : null;
  if (whole === null || whole.length < 84 || whole[0] !== 1) return finding("malformed", "no_statement");
  const body = whole.subarray(0, -64);
  const claimed = readStatement(body.subarray(9));
  const id = hex(body.subarray(1, 9));
  const key = keys.find((one) => one.id === id);
  if (!key) return finding("forged", "unknown_key", claimed);
  const known = await crypto.subtle.importKey("raw", fromBase64(key.public_key), { name: "Ed25519" }, false, ["verify"]);
  if (!(await crypto.subtle.verify({ name: "Ed25519" }, known, whole.subarray(-64), joined(CONTEXT, body)))) {
    return finding("altered", "signature", claimed, key);
  }
  if (claimed === null) return finding("malformed", "no_statement", null, key);
  if (key.withdrawn) return finding("expired_key", "key_withdrawn", claimed, key);
  if (claimed.issued < key.valid_from || claimed.issued > key.valid_until) {
    return finding("expired_key", "outside_validity", claimed, key);
  }
  if (revoked.includes(claimed.number)) return finding("revoked", "revoked", claimed, key);
  return finding("genuine", "", claimed, key);
}

// -- the PDF -----------------------------------------------------------------------------------------------------------------

// One DER value at a place: tag, contents, and the whole of it with tag and length.
function derAt(bytes, at) {
  const tag = bytes[at];
  let size = bytes[at + 1], start = at + 2;
  if (size === undefined) throw new RangeError("cut short");
  if (size >= 0x80) {
    const count = size & 0x7f;
    if (count < 1 || count > 4) throw new RangeError("no length");
    size = 0;
    for (let step = 0; step < count; step += 1) size = size * 256 + bytes[start + step];
    start += count;
  }
  if (!(start + size <= bytes.length)) throw new RangeError("cut short");
  return { tag, content: bytes.subarray(start, start + size), whole: bytes.subarray(at, start + size) };
}

function parts(content) {
  const found = [];
  for (let at = 0; at < content.length; at += found.at(-1).whole.length) found.push(derAt(content, at));
  return found;
}

function der(tag, ...contents) {
  const content = joined(...contents);
  if (content.length < 0x80) return joined([tag, content.length], content);
  const size = [];
  for (let left = content.length; left > 0; left = Math.floor(left / 256)) size.unshift(left % 256);
  return joined([tag, 0x80 | size.length, ...size], content);
}

const OID = {
  data: fromHex("06092a864886f70d010701"),
  signedData: fromHex("06092a864886f70d010702"),
  contentType: fromHex("06092a864886f70d010903"),
  messageDigest: fromHex("06092a864886f70d010904"),
  signingCertificate: fromHex("060b2a864886f70d010910022f"),
  ecPublicKey: fromHex("06072a8648ce3d0201"),
};
const SHA256 = fromHex("300d06096086480165030402010500");
const ECDSA = fromHex("300a06082a8648ce3d040302");
const RSA = fromHex("300d06092a864886f70d01010b0500");

// serial number, issuer, subject and public key of a certificate
function readCertificate(bytes) {
  const body = parts(parts(derAt(bytes, 0).content)[0].content);
  const first = body[0].tag === 0xa0 ? 1 : 0;
  const spki = body[first + 5];
  return {
    serial: body[first].whole,
    issuer: body[first + 2].whole,
    validity: parts(body[first + 3].content),
    subject: body[first + 4].whole,
    spki: spki.whole,
    elliptic: same(parts(parts(spki.content)[0].content)[0].whole, OID.ecPublicKey),
  };
}

// The day of a UTCTime or GeneralizedTime, as text in ISO form.
function dayOf(time) {
  const text = String.fromCharCode(...time.content);
  const year = time.tag === 0x17 ? `${Number(text.slice(0, 2)) < 50 ? "20" : "19"}${text.slice(0, 2)}` : text.slice(0, 4);
  const rest = text.slice(time.tag === 0x17 ? 2 : 4);
  return `${year}-${rest.slice(0, 2)}-${rest.slice(2, 4)}`;
}

// r and s of an ECDSA signature side by side, as WebCrypto takes them
function plainSignature(value) {
  const numbers = parts(derAt(value, 0).content).map((one) => one.content);
  return joined(...numbers.map((number) => {
    const bytes = number[0] === 0 ? number.subarray(1) : number;
    if (bytes.length > 32) throw new RangeError("no number of P-256");
    return joined(new Uint8Array(32 - bytes.length), bytes);
  }));
}

async function fits(signer, value, over) {
  if (signer.elliptic) {
    const key = await crypto.subtle.importKey("spki", signer.spki, { name: "ECDSA", namedCurve: "P-256" }, false, ["verify"]);
    return crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, plainSignature(value), over);
  }
  const method = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("spki", signer.spki, method, false, ["verify"]);
  return crypto.subtle.verify(method, key, value, over);
}

// The structure that one set of attributes and one value have; what the signature itself does not cover is compared with it.
function structure(chain, attributes, value) {
  const signer = readCertificate(chain[0]);
  const kept = chain.filter((one, at) => {
    const read = readCertificate(one);
    return at === 0 || !same(read.subject, read.issuer);
  });
  const one = fromHex("020101");
  const info = der(
    0x30, one, der(0x30, signer.issuer, signer.serial), SHA256, der(0xa0, attributes), signer.elliptic ? ECDSA : RSA, der(0x04, value),
  );
  const signed = der(0x30, one, der(0x31, SHA256), der(0x30, OID.data), der(0xa0, ...kept), der(0x31, info));
  return der(0x30, OID.signedData, der(0xa0, signed));
}

// Whose the signature is, and what is wrong with it.
async function checkValue(bytes, digest, keys) {
  const whole = derAt(bytes, 0);
  if (bytes.subarray(whole.whole.length).some((byte) => byte !== 0)) return { reason: "signature" };
  const signed = parts(derAt(parts(whole.content)[1].content, 0).content);
  const info = parts(parts(signed.at(-1).content)[0].content);
  const key = keys.find((one) => {
    if (one.certificates.length === 0) return false;
    const ours = readCertificate(fromBase64(one.certificates[0]));
    return same(info[1].whole, der(0x30, ours.issuer, ours.serial));
  });
  if (!key) return { reason: "unknown_certificate" };
  const chain = key.certificates.map(fromBase64);
  const attributes = parts(info[3].content).map((one) => parts(one.content));
  const attribute = (oid) => attributes.find((one) => same(one[0].whole, oid))?.[1].content ?? new Uint8Array();
  const certified = der(0x30, der(0x30, der(0x30, der(0x04, await sha256(chain[0])))));
  if (!same(attribute(OID.contentType), OID.data) || !same(attribute(OID.signingCertificate), certified)) return { key, reason: "signature" };
  if (!same(attribute(OID.messageDigest), der(0x04, digest))) return { key, reason: "content" };
  const signer = readCertificate(chain[0]);
  if (!(await fits(signer, info[5].content, der(0x31, info[3].content)))) return { key, reason: "signature" };
  // with a trusted time there are attributes that are not signed: then only the certificates are compared
  const timed = info[6]?.tag === 0xa1;
  const kept = timed && parts(signed[3].content).every((one) => chain.some((ours) => same(ours, one.whole)));
  if (!kept && !same(structure(chain, info[3].content, info[5].content), whole.whole)) return { key, reason: "signature" };
  return { key, signer, reason: "" };
}

async function checkPdf(bytes, keys, revoked) {
  if (bytes.length > MAX_PDF || String.fromCharCode(...bytes.subarray(0, 5)) !== "%PDF-") return finding("malformed", "no_pdf");
  // one byte, one character
  const text = new TextDecoder("x-user-defined").decode(bytes);
  const ranges = [...text.matchAll(/\/ByteRange\s*\[\s*0\s+(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s*\]/g)];
  if (ranges.length === 0) return finding("malformed", "unsigned");
  const contact = [...text.matchAll(/\/ContactInfo\s*\([^()]{0,2000}(?:#|\\043)([A-Z2-7]{1,3000})\)/g)].at(-1);
  const claimed = await checkToken(contact?.[1] ?? "", keys, revoked);
  const [first, second, rest] = ranges.at(-1).slice(1).map(Number);
  const gap = text.slice(first, second);
  const covered = ranges.length === 1 && first < second && second <= bytes.length && second + rest === bytes.length;
  if (!covered || second - first > 2 * MAX_VALUE || !/^<([0-9A-F]{2})+>$/.test(gap)) {
    return finding("altered", "coverage", claimed.statement, claimed.key);
  }
  const digest = await sha256(joined(bytes.subarray(0, first), bytes.subarray(second)));
  let checked;
  try {
    checked = await checkValue(fromHex(gap.slice(1, -1)), digest, keys);
  } catch {
    checked = { key: claimed.key, reason: "signature" };
  }
  if (checked.reason === "unknown_certificate") return finding("forged", checked.reason, claimed.statement);
  if (checked.reason) return finding("altered", checked.reason, claimed.statement, checked.key);
  if (["malformed", "forged", "altered"].includes(claimed.verdict)) return claimed;
  if (claimed.key.id !== checked.key.id) return finding("forged", "other_key", claimed.statement);
  const [begins, ends] = checked.signer.validity.map(dayOf);
  if (claimed.statement.issued < begins || claimed.statement.issued > ends) {
    return finding("expired_key", "outside_validity", claimed.statement, checked.key);
  }
  return claimed;
}

// -- the page ----------------------------------------------------------------------------------------------------------------

function show(found) {
  const card = document.querySelector(`template[data-verdict="${found.verdict}"]`).content.cloneNode(true);
  card.querySelector("[data-sentence]").textContent = document.querySelector(`template[data-reason="${found.reason}"]`).content.textContent;
  card.querySelector("[data-said]").hidden = found.statement === null;
  for (const cell of card.querySelectorAll("[data-field]")) cell.textContent = found.statement?.[cell.dataset.field] ?? "";
  place.replaceChildren(card);
  place.firstElementChild.focus();
}

function tokenIn(text) {
  return text.slice(text.lastIndexOf("#") + 1).replace(/\s+/g, "").toUpperCase();
}

async function capable() {
  if (!window.crypto?.subtle) return false;
  try {
    await crypto.subtle.importKey("raw", fromBase64("11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="), { name: "Ed25519" }, false, ["verify"]);
    return true;
  } catch {
    return false;
  }
}

// The issuer's keys, and the numbers of certificates that no longer count.
async function published() {
  const [keys, revoked] = await Promise.all(
    [place.dataset.keys, place.dataset.revoked].map(async (address) => (await fetch(address)).json()),
  );
  return [keys.keys, revoked.revoked.map((one) => one.number)];
}

async function open() {
  const fileForm = document.querySelector("[data-verify-file]");
  const codeForm = document.querySelector("[data-verify-code]");
  const ours = await capable();
  const look = async () => {
    const token = tokenIn(window.location.hash);
    if (!token) return;
    codeForm.elements.code.value = token;
    if (ours) show(await checkToken(token, ...(await published())));
    else codeForm.submit();
  };
  window.addEventListener("hashchange", look);
  const drop = fileForm.querySelector(".verify-drop");
  const field = fileForm.elements.file;
  const check = async () => {
    if (field.files.length === 0) return;
    drop.querySelector("[data-file-name]").textContent = field.files[0].name;
    if (ours) show(await checkPdf(new Uint8Array(await field.files[0].arrayBuffer()), ...(await published())));
  };
  for (const name of ["dragover", "dragenter"]) drop.addEventListener(name, (event) => { event.preventDefault(); drop.toggleAttribute("data-over", true); });
  drop.addEventListener("dragleave", () => drop.toggleAttribute("data-over", false));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.toggleAttribute("data-over", false);
    field.files = event.dataTransfer.files;
    check();
  });
  field.addEventListener("change", check);
  if (ours) {
    for (const line of document.querySelectorAll("[data-when]")) line.hidden = line.dataset.when !== "browser";
    fileForm.addEventListener("submit", (event) => { event.preventDefault(); check(); });
    codeForm.addEventListener("submit", async (event) => {
      event.preventDefault();
      show(await checkToken(tokenIn(codeForm.elements.code.value), ...(await published())));
    });
  }
  await look();
}

open();
