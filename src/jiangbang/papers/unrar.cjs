// Unpacks a rar archive from standard input to standard output as frames (see papers/wire.py): every entry, then contents.
// Runs only inside of the sandbox that papers/legacy.py and papers/lockdown.py set up. Usage: node unrar.cjs NODE_MODULES MEMBER_MAX
"use strict";
const fs = require("node:fs");
const path = require("node:path");

const [modules, memberMax] = [process.argv[2], Number(process.argv[3])];
const { createExtractorFromData } = require(path.join(modules, "node-unrar-js"));

function write(data) {
  for (let at = 0; at < data.length; ) {
    at += fs.writeSync(1, data, at);
  }
}

function send(kind, values, blob) {
  const header = Buffer.from(JSON.stringify({ kind, values, blobs: blob ? [blob.length] : [] }));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(header.length);
  write(length);
  write(header);
  if (blob) write(blob);
}

async function main() {
  const data = Uint8Array.from(fs.readFileSync(0)).buffer;
  const extractor = await createExtractorFromData({ data });
  const headers = [...extractor.getFileList().fileHeaders];
  const positions = new Map();
  headers.forEach((header, position) => {
    const { directory, encrypted } = header.flags;
    send("entry", { name: header.name, size: header.unpSize, directory, encrypted });
    positions.set(header.name, position);
  });
  const wanted = (header) => !header.flags.directory && !header.flags.encrypted && header.unpSize <= memberMax;
  for (const file of extractor.extract({ files: wanted }).files) {
    if (file.extraction) send("content", { position: positions.get(file.fileHeader.name) }, file.extraction);
  }
}

main().catch((error) => {
  const encrypted = ["ERAR_MISSING_PASSWORD", "ERAR_BAD_PASSWORD"].includes(error.reason);
  send("failed", { reason: encrypted ? "encrypted" : "damaged" });
});
