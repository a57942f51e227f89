"use strict";
// Checks of the ledger, the same as `engines/ledger` makes in Python: notes, heads, proofs, policy, commitments.
const utf8 = new TextEncoder(), text8 = new TextDecoder("utf-8", {fatal: true});
class Fault extends Error {}
const need = (fact, why) => { if (!fact) throw new Fault(why); };
const join = (...parts) => {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let place = 0;
  for (const part of parts) { out.set(part, place); place += part.length; }
  return out;
};
const same = (a, b) => a.length === b.length && a.every((byte, i) => byte === b[i]);
const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const unhex = (text) => {
  need(/^([0-9a-f]{2})*$/.test(text), "hex");
  return Uint8Array.from(text.match(/../g) || [], (pair) => parseInt(pair, 16));
};
const b64 = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
const unb64 = (text) => {
  let raw;
  try { raw = atob(text); } catch { throw new Fault("base64"); }
  const bytes = Uint8Array.from(raw, (sign) => sign.charCodeAt(0));
  need(b64(bytes) === text, "base64 not canonical");
  return bytes;
};
const sha256 = async (...parts) => new Uint8Array(await crypto.subtle.digest("SHA-256", join(...parts)));
const leafHash = (entry) => sha256(Uint8Array.of(0), entry);
const nodeHash = (left, right) => sha256(Uint8Array.of(1), left, right);

// Canonical JSON: keys by code point, no spaces, integers only.
const byPoint = (a, b) => {
  const x = Array.from(a), y = Array.from(b);
  for (let i = 0; i < Math.min(x.length, y.length); i++)
    if (x[i] !== y[i]) return x[i].codePointAt(0) - y[i].codePointAt(0);
  return x.length - y.length;
};
const canonical = (value) => {
  if (value === null || typeof value === "boolean" || typeof value === "string") return JSON.stringify(value);
  if (typeof value === "number") {
    need(Number.isSafeInteger(value), "a number that is no integer");
    return String(value);
  }
  if (Array.isArray(value)) return "[" + value.map(canonical).join(",") + "]";
  return "{" + Object.keys(value).sort(byPoint).map((key) => JSON.stringify(key) + ":" + canonical(value[key])).join(",") + "}";
};

// Keys and notes.
const parseKey = async (text) => {
  const name = text.split("+")[0], rest = text.slice(name.length + 1), id = rest.split("+")[0];
  const body = unb64(rest.slice(id.length + 1));
  need(name && !/[\s+]/.test(name) && body.length === 33 && (body[0] === 1 || body[0] === 4), "key");
  const digest = await sha256(utf8.encode(name + "\n"), body);
  need(hex(digest.slice(0, 4)) === id, "key id");
  return {name, id, kind: body[0], bytes: body.slice(1), text};
};
const parseSignature = (line) => {
  need(line.startsWith("\u2014 "), "signature line");
  const space = line.indexOf(" ", 2), name = line.slice(2, space), blob = unb64(line.slice(space + 1));
  need(space > 2 && blob.length >= 5 && !name.includes("+"), "signature line");
  return {name, id: hex(blob.slice(0, 4)), blob: blob.slice(4)};
};
const parseNote = (whole) => {
  need(!/[\u0000-\u0009\u000b-\u001f]/.test(whole), "control character");
  const cut = whole.lastIndexOf("\n\n");
  need(cut >= 0 && whole.endsWith("\n") && cut + 2 < whole.length, "note");
  const lines = whole.slice(cut + 2, -1).split("\n");
  need(lines.length <= 100, "too many signatures");
  return {text: whole.slice(0, cut + 1), signatures: lines.map(parseSignature)};
};
const cosigned = (text, time) => utf8.encode(`cosignature/v1\ntime ${time}\n${text}`);
const timeOf = (blob) => Number(new DataView(blob.buffer, blob.byteOffset).getBigUint64(0));
const checkSignature = async (text, found, key) => {
  let message = utf8.encode(text), signature = found.blob;
  if (key.kind === 4) {
    need(signature.length === 72, "cosignature");
    message = cosigned(text, timeOf(signature));
    signature = signature.slice(8);
  }
  const handle = await crypto.subtle.importKey("raw", key.bytes, "Ed25519", false, ["verify"]);
  need(await crypto.subtle.verify("Ed25519", handle, signature, message), `signature of ${key.name}`);
};
const openNote = async (whole, keys) => {
  const note = parseNote(whole), verified = new Map();
  for (const found of note.signatures) {
    const key = keys.find((known) => known.name === found.name && known.id === found.id);
    if (!key) continue;
    await checkSignature(note.text, found, key);
    if (!verified.has(key.text)) verified.set(key.text, found);
  }
  need(verified.size, "no signature by a known key");
  return {text: note.text, verified};
};

// Heads and policies.
const parseHead = (text) => {
  const lines = text.split("\n");
  need(lines.length === 4 && lines[0] && !lines[3] && /^(0|[1-9][0-9]{0,14})$/.test(lines[1]), "checkpoint");
  const root = unb64(lines[2]);
  need(root.length === 32, "root");
  return {origin: lines[0], size: Number(lines[1]), root};
};
const parsePolicy = async (text) => {
  const policy = {logs: [], witnesses: new Map(), groups: new Map(), quorum: null};
  const grouped = new Set(), taken = (name) => policy.witnesses.has(name) || policy.groups.has(name);
  need(text.endsWith("\n") && !/[\u0000-\u0008\u000b-\u001f]/.test(text), "policy");
  for (const line of text.split("\n")) {
    const words = line.split(/[ \t]+/).filter(Boolean);
    if (!words.length || words[0].startsWith("#")) continue;
    if (words[0] === "log" && (words.length === 2 || words.length === 3)) {
      const key = await parseKey(words[1]);
      need(key.kind === 1, "policy: log key");
      policy.logs.push(key);
    } else if (words[0] === "witness" && (words.length === 3 || words.length === 4)) {
      const key = await parseKey(words[2]);
      const known = [...policy.witnesses.values()].some((other) => same(other.bytes, key.bytes));
      need(key.kind === 4 && !taken(words[1]) && words[1] !== "none" && !known, "policy: witness");
      policy.witnesses.set(words[1], key);
    } else if (words[0] === "group" && words.length > 3) {
      const [, name, how, ...members] = words;
      const needed = how === "all" ? members.length : how === "any" ? 1 : /^[1-9][0-9]{0,3}$/.test(how) ? Number(how) : 0;
      need(!taken(name) && name !== "none" && needed >= 1 && needed <= members.length, "policy: group");
      for (const member of members) {
        need(taken(member) && !grouped.has(member), "policy: member");
        grouped.add(member);
      }
      policy.groups.set(name, {needed, members});
    } else if (words[0] === "quorum" && words.length === 2) {
      need(policy.quorum === null && (words[1] === "none" || taken(words[1])), "policy: quorum");
      policy.quorum = words[1];
    } else throw new Fault("policy: " + words[0]);
  }
  need(policy.quorum !== null && policy.logs.length, "policy");
  return policy;
};
const isMet = (policy, names) => {
  if (policy.quorum === "none") return true;
  const agreed = new Set(names.filter((name) => policy.witnesses.has(name)));
  for (const [name, group] of policy.groups)
    if (group.members.filter((member) => agreed.has(member)).length >= group.needed) agreed.add(name);
  return agreed.has(policy.quorum);
};
const readHead = async (whole, policy) => {
  const head = parseHead(parseNote(whole).text);
  const logs = policy.logs.filter((key) => key.name === head.origin);
  const opened = await openNote(whole, [...logs, ...policy.witnesses.values()]);
  need(logs.some((key) => opened.verified.has(key.text)), "checkpoint: not signed by the log");
  const times = [];
  for (const [name, key] of policy.witnesses) {
    const found = opened.verified.get(key.text);
    if (found) times.push([name, timeOf(found.blob)]);
  }
  return {...head, times, quorumMet: isMet(policy, times.map(([name]) => name))};
};

// Proofs: the loops of RFC 9162, 2.1.3.2 and 2.1.4.2. Numbers stay below 2^53, so no bit operators on them.
const half = (n) => Math.floor(n / 2), odd = (n) => n % 2 === 1;
const checkInclusion = async (leaf, index, size, proof, root) => {
  need(index < size, "inclusion");
  let here = index, last = size - 1, found = leaf;
  for (const sibling of proof) {
    need(last > 0, "inclusion: too many hashes");
    if (odd(here) || here === last) {
      found = await nodeHash(sibling, found);
      while (here && !odd(here)) { here = half(here); last = half(last); }
    } else found = await nodeHash(found, sibling);
    here = half(here); last = half(last);
  }
  need(last === 0 && same(found, root), "inclusion");
};
const checkConsistency = async (old, head, proof) => {
  need(old.size <= head.size, "consistency: the record has become smaller");
  if (old.size === 0 || old.size === head.size) {
    need(!proof.length && (old.size === 0 || same(old.root, head.root)), "consistency: another record of the same size");
    return;
  }
  const hashes = Number.isInteger(Math.log2(old.size)) ? [old.root, ...proof] : proof;
  need(hashes.length, "consistency");
  let here = old.size - 1, last = head.size - 1;
  while (odd(here)) { here = half(here); last = half(last); }
  let before = hashes[0], after = hashes[0];
  for (const sibling of hashes.slice(1)) {
    need(last > 0, "consistency: too many hashes");
    if (odd(here) || here === last) {
      before = await nodeHash(sibling, before);
      after = await nodeHash(sibling, after);
      while (here && !odd(here)) { here = half(here); last = half(last); }
    } else after = await nodeHash(after, sibling);
    here = half(here); last = half(last);
  }
  need(last === 0 && same(before, old.root) && same(after, head.root), "consistency: the record was rewritten");
};
const readHashes = (lines) => lines.map((line) => {
  const found = unb64(line);
  need(found.length === 32, "hash");
  return found;
});
const parseReceipt = (whole) => {
  const cut = whole.indexOf("\n\n");
  need(cut > 0, "proof");
  const lines = whole.slice(0, cut).split("\n");
  need(lines.shift() === "c2sp.org/tlog-proof@v1", "proof");
  const extra = lines[0] && lines[0].startsWith("extra ") ? unb64(lines.shift().slice(6)) : null;
  const found = /^index (0|[1-9][0-9]{0,14})$/.exec(lines.shift() || "");
  need(found && lines.length <= 63, "proof: index");
  return {index: Number(found[1]), extra, proof: readHashes(lines), checkpoint: whole.slice(cut + 2)};
};
const commitment = async (content, salt) => {
  need(salt.length === 32, "salt");
  return hex(await sha256(utf8.encode("goodoffices/commit/v1\0"), salt, utf8.encode(canonical(content))));
};

// The page: words, lines of a content, files.
const $ = (id) => document.getElementById(id);
let language = ["en", "uk", "ru", "tr"].find((code) => (navigator.language || "").startsWith(code)) || "en";
const say = (key, values = {}) => {
  let text = (WORDS[key] || {})[language] || key;
  for (const [name, value] of Object.entries(values)) text = text.replace(`{${name}}`, value);
  return text;
};
const known = (key) => Object.hasOwn(WORDS, key);
const shownValue = (value) => {
  if (typeof value === "number") return String(value).replace(/\B(?=(\d{3})+$)/g, "\u202f").replace("-", "\u2212");
  for (const prefix of ["kind_", "value_"]) if (known(prefix + value)) return say(prefix + value);
  return String(value);
};
const linesOf = (content, path = []) => {
  if (content !== null && typeof content === "object" && !Array.isArray(content))
    return Object.keys(content).sort(byPoint).flatMap((name) => linesOf(content[name], [...path, name]));
  if (Array.isArray(content) && content.some((inner) => inner !== null && typeof inner === "object"))
    return content.flatMap((inner, place) => linesOf(inner, [...path, String(place + 1)]));
  const values = (Array.isArray(content) ? content : [content]).filter((value) => value !== null);
  const label = path.map((part) => known("field_" + part) ? say("field_" + part) : part).join(" · ");
  return [[label, values.map(shownValue).join(", ")]];
};
const element = (name, text, className = "") => {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) made.className = className;
  return made;
};
const showLines = (target, lines) => {
  const list = element("dl", "");
  for (const [label, value] of lines) list.append(element("dt", label), element("dd", value));
  target.append(list);
};
const note = (target, text, kind) => target.append(element("p", text, kind));
const fileText = async (id) => {
  const file = $(id).files[0];
  return file ? text8.decode(await file.arrayBuffer()) : null;
};
const offer = (target, label, name, text) => {
  const link = element("a", label, "btn sec");
  link.href = URL.createObjectURL(new Blob([text], {type: "text/plain"}));
  link.download = name;
  target.append(link);
};
const translate = () => {
  document.documentElement.lang = language;
  for (const part of document.querySelectorAll("[data-say]")) part.textContent = say(part.dataset.say);
  for (const button of document.querySelectorAll("[data-language]"))
    button.setAttribute("aria-pressed", String(button.dataset.language === language));
  document.title = document.querySelector("h1").textContent + " · Good Offices";
};
for (const button of document.querySelectorAll("[data-language]"))
  button.addEventListener("click", () => { language = button.dataset.language; translate(); });
