// The count at a handover, on one role's own device, without network. What is tapped is a statement that follows the one
// before it by hash; nothing is ever taken back, only undone by a further statement. Python reads the same: formats/day.py.
const FORM = "goodoffices/day@v1", NUMBER = ["counted", "missing", "seal_broken", "does_not_go"];
const items = new Map(DAY.items.map((item) => [item.number, item]));
const codes = new Map(DAY.items.map((item) => [item.code, item]));
const longest = Math.max(...DAY.items.map((item) => item.code.length));
const bySize = (key, n) => {
  const entry = WORDS[key][language], form = entry[new Intl.PluralRules(language).select(n)] || entry.other;
  return form.replace("{n}", shownValue(n));
};
const DAMM = ["0317598642", "7092154863", "4206871359", "1750983426", "6123045978", "3674209581", "5869720134", "8945362017",
  "9438617205", "2581436790"];
const holds = (code) => /^[0-9]{2,}$/.test(code) && [...code].reduce((at, digit) => Number(DAMM[at][digit]), 0) === 0;

// The chain: statements in order, each with its line and its identifier.
let chain = [], device = "", chosen = null, kept = true;
const digest = async (text) => hex(await sha256(utf8.encode(text)));
const now = () => {
  const time = new Date(), minutes = -time.getTimezoneOffset(), two = (n) => String(n).padStart(2, "0");
  const local = new Date(time.getTime() + minutes * 60000).toISOString().slice(0, 19), away = Math.abs(minutes);
  return `${local}${minutes < 0 ? "-" : "+"}${two(Math.floor(away / 60))}:${two(away % 60)}`;
};
const counting = () => {
  const named = new Set(), live = [];
  for (const one of [...chain].reverse())
    if (!named.has(one.id)) { live.push(one); one.value.about.forEach((name) => named.add(name)); }
  return live;  // latest first
};
const standing = () => {
  const found = new Map();
  for (const one of counting()) if (NUMBER.includes(one.value.say) && !found.has(one.value.item)) found.set(one.value.item, one);
  return found;
};
const headOf = () => `${FORM}\n${HASH}\n${ROLE} ${device} ${chain.length} ${chain.at(-1).id}\n`;
const textOf = () => headOf() + chain.map((one) => one.line + "\n").join("");

// What this device keeps: each statement under a key of its own, so that a tap writes one line and no more.
const place = `${FORM}/${HASH}/${ROLE}/`;
const store = {
  read: (key) => { try { return localStorage.getItem(place + key); } catch { kept = false; return null; } },
  write: (key, text) => { try { localStorage.setItem(place + key, text); } catch { kept = false; } },
};
const checked = async (lines) => {
  const found = [];
  let previous = HASH;
  for (const line of lines) {
    const value = JSON.parse(line);
    if (canonical(value) !== line || value.previous !== previous || value.n !== found.length + 1 || value.role !== ROLE)
      throw new Fault(say("file_damaged"));
    found.push({line, value, id: previous = await digest(line)});
  }
  return found;
};
const restore = async () => {
  device = store.read("device") || "";
  const lines = [];
  for (let line; device && (line = store.read(`${device}/${lines.length + 1}`)) !== null;) lines.push(line);
  try { chain = await checked(lines); }
  catch {
    const spoilt = element("pre", lines.join("\n"));
    $("damaged").replaceChildren(element("p", say("store_damaged"), "bad"), spoilt);
    chain = []; device = "";
  }
  if (!device) { device = hex(crypto.getRandomValues(new Uint8Array(8))); store.write("device", device); }
};
let queue = Promise.resolve();
const inOrder = (work, where = "said") => (queue = queue.then(work).catch((error) => warn(error.message, where)));
const add = async (what, about = [], more = {}) => {
  if (kept && store.read(`${device}/${chain.length + 1}`) !== null) {  // another window went on with this count
    await restore(); show();
    throw new Fault(say("other_window"));
  }
  const value = {about, at: now(), device, item: null, n: chain.length + 1, previous: chain.length ? chain.at(-1).id : HASH,
    role: ROLE, say: what, scope: null, words: null, ...more};
  const line = canonical(value), one = {line, value, id: await digest(line)};
  chain.push(one);
  store.write(`${device}/${value.n}`, line);
  return one;
};

// What a tap does.
const warn = (text, where = "said") => $(where).replaceChildren(element("p", text, "bad"));
const tell = (text, where = "said") => $(where).replaceChildren(element("p", text, "good"));
const sayOf = (value) => (value.item === null ? "" : `${say("number")} ${value.item}: `) + say("say_" + value.say);
const choose = (item) => {
  chosen = item;
  $("code").value = "";
  $("said").replaceChildren();
  show();
};
const amiss = (text) => {  // where the officer looks, and without moving a key under his finger
  chosen = null;
  show();
  $("chosen").textContent = text;
  $("chosen").classList.add("bad");
};
const typed = (whole) => {
  const text = $("code").value.trim(), slip = /^goodoffices:slip:(.+):([0-9]+)$/.exec(text);
  if (!text) return whole ? undefined : show();  // Enter after a code that was taken already
  if (slip && slip[1] !== DAY.transfer) return amiss(say("other_slip"));
  const code = slip ? slip[2] : text.replace(/[\s-]/g, "");
  const item = codes.get(code) || (whole ? items.get(text) : undefined);
  if (item) return choose(item);
  if (!whole && (code.length < longest || !/^[0-9]+$/.test(code))) { chosen = null; return show(); }
  amiss(say(holds(code) ? "not_listed" : "wrong_digit"));
  if (document.activeElement === $("code")) $("code").select();  // what is typed next begins anew
};
const act = (what) => inOrder(async () => {
  const item = chosen, before = item && standing().get(item.number);
  if (!item) return;
  if (before && before.value.say === what) tell(`${sayOf(before.value)} (${before.value.at.slice(11, 16)})`);
  else {
    const one = await add(what, before ? [before.id] : [], {item: item.number});
    tell(sayOf(one.value));
  }
  chosen = null;
  show();
  $("code").focus({preventScroll: true});
});
const lastOne = () => counting().find((one) => !["undo", "act_signed"].includes(one.value.say));
const undo = () => inOrder(async () => {
  const last = lastOne();
  if (!last) return;
  await add("undo", [last.id], {item: last.value.item});
  tell(`${say("undone")}: ${sayOf(last.value)}`);
  show();
});
const atPlace = (what) => inOrder(async () => {
  if (counting().some((one) => one.value.say === what)) return;
  await add(what);
  tell(say("say_" + what));
  show();
});
const inWords = (what) => inOrder(async () => {
  const words = $("words").value.replace(/[\u0000-\u001f\u007f]+/g, " ").trim();
  need(words && words.length <= 500, say("words_needed"));
  await add(what, [], {words, item: what === "objection" && chosen ? chosen.number : null});
  $("words").value = "";
  tell(say("say_" + what));
  show();
});

// Signing: the whole chain under the role's own key.
const sign = (isAct) => inOrder(async () => {
  const scope = $("scope").value, open = items.size - standing().size;
  need(!isAct || scope === "observed" || !open, bySize("still_open", open));
  need(isAct || chain.length, say("nothing_said"));
  const file = await fileText("key");
  need(file !== null, say("key_missing"));
  const key = await openKeyFile(file, $("passphrase").value);
  need(key.kind === "statement" && DAY.keys[ROLE].includes(key.vkey.text), say("key_other"));
  if (isAct) {
    const before = counting().filter((one) => one.value.say === "act_signed");
    if (!before.some((one) => one.value.scope === scope) || before.length > 1)
      await add("act_signed", before.map((one) => one.id), {scope});
  }
  const text = textOf(), signed = `${text}\n${lineOf(key.vkey, await key.sign(utf8.encode(text)))}`;
  $("passphrase").value = "";
  $("done").replaceChildren(element("p", bySize("signed", chain.length), "good"));
  offer($("done"), say("save_signed"), `${DAY.transfer}.${ROLE}.${device.slice(0, 4)}.statements`.replace(/[^\w.-]+/g, "_"), signed);
  const shown = element("pre", signed);
  shown.id = "signed"; shown.hidden = true;
  $("done").append(shown);
  show();
}, "done");

// The count as a file, for a device that keeps nothing, or that must be changed in the middle of the day.
const saveCount = () => {
  if (!chain.length) return warn(say("nothing_said"), "saved");
  $("saved").replaceChildren();
  offer($("saved"), say("save_count"), `${DAY.transfer}.${ROLE}.count`.replace(/[^\w.-]+/g, "_"), textOf());
};
const loadCount = () => inOrder(async () => {
  const text = await fileText("load");
  if (text === null) return;
  const lines = text.split("\n\n")[0].trimEnd().split("\n"), head = (lines[2] || "").split(" ");
  need(lines[0] === FORM && lines[1] === HASH && head[0] === ROLE, say("file_other"));
  const found = await checked(lines.slice(3));
  need(found.length && found.every((one) => one.value.device === head[1]), say("file_damaged"));
  const short = Math.min(chain.length, found.length);
  need(!short || chain[short - 1].id === found[short - 1].id, say("file_apart"));
  if (found.length > chain.length) {
    chain = found; device = head[1];
    store.write("device", device);
    for (const one of chain) store.write(`${device}/${one.value.n}`, one.line);
  }
  tell(bySize("loaded", chain.length), "saved");
  show();
}, "saved");

// The camera, where the browser can read codes itself.
let eye = null;
const stopEye = () => {
  if (eye) eye.getTracks().forEach((track) => track.stop());
  eye = null; $("eye").hidden = true;
};
const look = async () => {
  if (eye) return stopEye();
  try {
    const detector = new BarcodeDetector({formats: ["qr_code", "code_128"]});
    eye = await navigator.mediaDevices.getUserMedia({video: {facingMode: "environment"}});
    $("eye").srcObject = eye; $("eye").hidden = false;
    await $("eye").play();
    while (eye) {
      const [found] = await detector.detect($("eye"));
      if (found) { stopEye(); $("code").value = found.rawValue.split("\n")[0]; typed(true); }
      else await new Promise((done) => requestAnimationFrame(done));
    }
  } catch { stopEye(); amiss(say("no_camera")); }
};

// What is shown.
const lineFor = (item, said) => {
  const row = element("button", "", "row");
  row.type = "button";
  row.append(element("b", item.number), element("span", said ? say("say_" + said) : say("not_yet"), said ? "is " + said : "is"));
  row.addEventListener("click", () => { choose(item); $("chosen").scrollIntoView({block: "center"}); });
  return row;
};
const showList = (said) => {
  if (!$("list").closest("details").open) return;  // a long list is not drawn at each tap for nobody
  const wanted = $("which").value, part = document.createDocumentFragment();
  for (const item of DAY.items) {
    const one = said.get(item.number), what = one ? one.value.say : "not_yet";
    if (wanted === "all" || wanted === what) part.append(lineFor(item, one && one.value.say));
  }
  if (!part.childNodes.length) part.append(element("p", say("none_such"), "sub"));
  $("list").replaceChildren(part);
};
const showChosen = (said) => {
  const one = chosen && said.get(chosen.number);
  $("chosen").textContent = !chosen ? say("choose") : `${say("number")} ${chosen.number}`
    + (chosen.seal ? ` · ${say("seal")} ${chosen.seal}` : "") + ` · ${one ? say("say_" + one.value.say) : say("not_yet")}`;
  $("chosen").className = chosen ? "on" : "";
  for (const button of document.querySelectorAll("[data-act]")) button.disabled = !chosen;
};
const show = () => {
  const said = standing(), live = counting(), sums = {counted: 0, missing: 0, seal_broken: 0, does_not_go: 0};
  for (const one of said.values()) sums[one.value.say] += 1;
  for (const [name, n] of Object.entries({...sums, not_yet: items.size - said.size})) $("n_" + name).textContent = shownValue(n);
  $("there").textContent = say("there", {n: shownValue(sums.counted + sums.seal_broken), all: shownValue(items.size)});
  $("bar").max = items.size; $("bar").value = said.size;
  showChosen(said); showList(said);
  const last = lastOne();
  $("undo").hidden = !last;
  $("last").textContent = last ? `${sayOf(last.value)} · ${last.value.at.slice(11, 16)}` : "";
  for (const button of document.querySelectorAll("[data-place]")) {
    const done = live.find((one) => one.value.say === button.dataset.place);
    button.setAttribute("aria-pressed", String(Boolean(done)));
    button.textContent = say("say_" + button.dataset.place) + (done ? ` · ${done.value.at.slice(11, 16)}` : "");
  }
  $("store").textContent = say(kept ? "kept" : "not_kept");
  $("store").className = kept ? "sub" : "bad";
  $("what").textContent = `${say("role_" + ROLE)} · ${DAY.transfer} · ${DAY.place} · ${when()} · ${say("device")} ${device.slice(0, 4)}`;
};
const when = () => {
  const [day, time] = DAY.starts.split("T"), date = new Date(day + "T00:00:00Z");
  return `${new Intl.DateTimeFormat(language, {dateStyle: "long", timeZone: "UTC"}).format(date)}, ${time.slice(0, 5)} (UTC${DAY.starts.slice(-6)})`;
};
const on = (id, what, work) => $(id).addEventListener(what, work);
const canSign = async () => {
  try { return Boolean(await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"])); } catch { return false; }
};
const start = async () => {
  need(globalThis.crypto && crypto.subtle, say("cannot_count"));
  need(await digest(canonical(DAY)) === HASH, say("file_damaged"));
  on("code", "input", () => typed(false));
  on("code", "keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); typed(true); } });
  for (const key of document.querySelectorAll("[data-key]")) key.addEventListener("click", () => {
    const found = $("code").value, whole = found.length >= longest;  // a code that was refused gives way to the next
    $("code").value = key.dataset.key === "back" ? found.slice(0, -1) : (whole ? "" : found) + key.dataset.key;
    typed(false);
  });
  for (const button of document.querySelectorAll("[data-act]")) button.addEventListener("click", () => act(button.dataset.act));
  for (const button of document.querySelectorAll("[data-place]")) button.addEventListener("click", () => atPlace(button.dataset.place));
  for (const button of document.querySelectorAll("[data-words]")) button.addEventListener("click", () => inWords(button.dataset.words));
  on("undo", "click", undo); on("which", "change", () => showList(standing()));
  on("sign", "click", () => sign(false)); on("act", "click", () => sign(true));
  on("save", "click", saveCount); on("load", "change", loadCount);
  if ("BarcodeDetector" in window && navigator.mediaDevices) { $("scan").hidden = false; on("scan", "click", look); }
  for (const button of document.querySelectorAll("[data-language]")) button.addEventListener("click", show);
  window.addEventListener("storage", () => inOrder(async () => { await restore(); show(); }));
  $("list").closest("details").open = matchMedia("(min-width:62rem)").matches;
  $("list").closest("details").addEventListener("toggle", () => showList(standing()));
  window.addEventListener("beforeunload", (event) => { if (!kept && chain.length) event.preventDefault(); });
  await restore();
  translate(); show();
  if (!await canSign()) { $("cannot").hidden = false; $("sign").disabled = $("act").disabled = true; }
};
start().catch((error) => { translate(); warn(error.message); });
