// Signs a statement, or cosigns a head, with a party's own key, after the party's own checks.
let ready = null;
const lastSeen = (text, origin) => {
  let seen = null;
  for (const line of text.split("\n").slice(0, -1)) {
    const value = JSON.parse(line);
    if (value.origin !== origin) continue;
    need(Number.isSafeInteger(value.size) && (!seen || value.size >= seen.size), "state");
    seen = {origin, size: value.size, root: unhex(value.root)};
  }
  return seen;
};
const seenBefore = async (origin) => {
  const text = await fileText("state");
  need(text !== null || $("first").checked, say("state") + "?");
  return {text: text || "", seen: text === null ? null : lastSeen(text, origin)};
};
const stateAfter = (text, head) => text + canonical({origin: head.origin, root: hex(head.root), size: head.size}) + "\n";

// A statement: its content, its place in the log, growth, the rules; then the note that consents.
const checkStatement = async (text, target) => {
  const request = JSON.parse(text);
  need(request.form === "goodoffices/sign@v1", "request");
  const entry = JSON.parse(request.entry);
  need(canonical(entry) === request.entry, "entry: not canonical");
  const role = await parseKey(request.charter.keys[request.role] || "");
  const charterHash = hex(await sha256(utf8.encode(canonical(request.charter))));
  target.append(element("h2", known("kind_" + entry.kind) ? say("kind_" + entry.kind) : entry.kind));
  const whole = request.content !== null;
  showLines(target, [[say("field_statement"), entry.statement],
    ...linesOf(whole ? request.content : entry.document), [say("as_role"), shownValue(request.role)]]);
  if (whole) need(await commitment(request.content, unhex(request.salt)) === entry.commitment, "the content is not the entry's");
  else need(entry.kind === "policy" && hex(await sha256(utf8.encode(canonical(entry.document)))) === entry.commitment,
    "no content to be shown");
  note(target, say("ok_content"), "good");
  const receipt = parseReceipt(request.receipt), policy = await parsePolicy(request.charter.policy);
  const head = await readHead(receipt.checkpoint, policy);
  await checkInclusion(await leafHash(utf8.encode(request.entry)), receipt.index, head.size, receipt.proof, head.root);
  note(target, say("ok_log", {n: head.size}), "good");
  const {text: state, seen} = await seenBefore(head.origin);
  if (seen) {
    need(seen.size === request.old, `request: made for ${request.old}, seen ${seen.size}`);
    await checkConsistency(seen, head, readHashes(request.consistency));
    note(target, say("ok_grown", {n: seen.size}), "good");
  } else note(target, say("warn_first"), "warn");
  const printed = $("charter").value.trim().toLowerCase();
  need(!printed || printed === charterHash, say("charter"));
  note(target, printed ? say("ok_charter") : `${say("warn_charter")}: ${charterHash}`, printed ? "good" : "warn");
  const body = `${head.origin}\n${entry.statement}\n${entry.commitment || "-"}\n${charterHash}\n`;
  need(body.split("\n").length === 5 && entry.statement, "statement");
  return {label: "sign", name: `consent-${request.role}.json`, finish: async (key) => {
    need(key.kind === "statement" && key.vkey.text === role.text, say("key") + "?");
    const signed = `${body}\n${lineOf(key.vkey, await key.sign(utf8.encode(body)))}`;
    const consent = {kind: "consent", note: signed, role: request.role, statement: entry.statement};
    return [canonical(consent) + "\n", stateAfter(state, head)];
  }};
};

// A head: the body of add-checkpoint; then the line of a witness.
const checkHead = async (text, target) => {
  const cut = text.indexOf("\n\n"), lines = text.slice(0, cut).split("\n");
  const found = /^old (0|[1-9][0-9]{0,14})$/.exec(lines.shift());
  need(cut > 0 && found, "request");
  const policyText = await fileText("policy");
  need(policyText !== null, say("policy") + "?");
  const policy = await parsePolicy(policyText), checkpoint = text.slice(cut + 2), head = await readHead(checkpoint, policy);
  target.append(element("h2", say("head")));
  showLines(target, [["", head.origin], ["", shownValue(head.size)], ["", hex(head.root)]]);
  need(head.size > 0, "an empty record is not cosigned");
  const {text: state, seen} = await seenBefore(head.origin);
  need((seen ? seen.size : 0) === Number(found[1]), `request: made for ${found[1]}, seen ${seen ? seen.size : 0}`);
  if (seen) {
    await checkConsistency(seen, head, readHashes(lines));
    note(target, say("ok_grown", {n: seen.size}), "good");
  } else note(target, say("warn_first"), "warn");
  return {label: "cosign", name: "answer.txt", finish: async (key) => {
    need(key.kind === "witness", say("key") + "?");
    const time = Math.floor(Date.now() / 1000), stamp = new Uint8Array(8);
    new DataView(stamp.buffer).setBigUint64(0, BigInt(time));
    const note0 = parseNote(checkpoint).text;
    return [lineOf(key.vkey, join(stamp, await key.sign(cosigned(note0, time)))), stateAfter(state, head)];
  }};
};

$("check").addEventListener("click", async () => {
  const target = $("found");
  target.replaceChildren(); $("done").replaceChildren();
  $("sign").hidden = true; ready = null;
  try {
    const text = await fileText("request");
    need(text !== null, say("missing") + ": " + say("request"));
    ready = await (text.startsWith("old ") ? checkHead : checkStatement)(text, target);
    $("sign").textContent = say(ready.label);
    $("sign").hidden = false;
  } catch (error) { note(target, `${say("bad")}: ${error.message}`, "bad"); }
});
$("sign").addEventListener("click", async () => {
  const target = $("done");
  target.replaceChildren();
  try {
    const file = await fileText("key");
    need(file !== null, say("missing") + ": " + say("key"));
    const [signed, state] = await ready.finish(await openKeyFile(file, $("passphrase").value));
    $("passphrase").value = "";
    note(target, say("signed"), "good");
    offer(target, say("save_signed"), ready.name, signed);
    offer(target, say("save_state"), "key.state", state);
    const shown = element("pre", signed);
    shown.id = "signed";
    const kept = element("pre", state);
    kept.id = "kept"; kept.hidden = true;
    target.append(shown, kept);
  } catch (error) { note(target, error.message, "bad"); }
});
translate();
