// Writes stroke_order.txt: every Han character in the order of the collation zh-u-co-stroke.
// Run: node stroke_order.mjs > stroke_order.txt       (a Node with full ICU; the versions are written into the first line)
// The order is that of Unicode CLDR (common/collation/zh.xml, type "stroke"), distributed under the Unicode License v3.

const collator = new Intl.Collator("zh-u-co-stroke");
if (collator.resolvedOptions().collation !== "stroke") throw new Error("this Node has no stroke collation");

const characters = ["〇"]; // not a unified ideograph, yet it stands in names
for (let code = 0x3400; code < 0x40000; code++) {
  const character = String.fromCodePoint(code);
  if (/\p{Unified_Ideograph}/u.test(character)) characters.push(character);
}
characters.sort(collator.compare);

// lines of 64, so that a new version of CLDR shows as a readable difference
const { cldr, icu, unicode } = process.versions;
process.stdout.write(`# Unicode CLDR ${cldr}, ICU ${icu}, Unicode ${unicode}: zh-u-co-stroke; Unicode License v3\n`);
for (let at = 0; at < characters.length; at += 64) process.stdout.write(characters.slice(at, at + 64).join("") + "\n");
