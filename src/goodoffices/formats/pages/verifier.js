// Checks a proof that an entry is in the record, with the policy that the reader trusts.
$("check").addEventListener("click", async () => {
  const target = $("found");
  target.replaceChildren();
  try {
    const policyText = await fileText("policy"), pasted = $("text").value;
    need(policyText !== null, say("missing") + ": " + say("policy"));
    let proof = await fileText("proof");
    if (proof === null) proof = pasted.endsWith("\n") ? pasted : pasted + "\n";
    need(proof.trim(), say("missing") + ": " + say("proof"));
    const receipt = parseReceipt(proof.replace(/\r\n/g, "\n"));
    need(receipt.extra, "proof: carries no entry");
    const head = await readHead(receipt.checkpoint, await parsePolicy(policyText));
    await checkInclusion(await leafHash(receipt.extra), receipt.index, head.size, receipt.proof, head.root);
    const entry = JSON.parse(text8.decode(receipt.extra));
    note(target, say("good_proof"), "good");
    note(target, say(head.quorumMet ? "quorum_met" : "quorum_missing"), head.quorumMet ? "good" : "bad");
    target.append(element("h2", known("kind_" + entry.kind) ? say("kind_" + entry.kind) : String(entry.kind)));
    showLines(target, [[say("entry"), shownValue(receipt.index)], [say("head"), `${head.origin}, ${shownValue(head.size)}`],
      ...linesOf(entry).filter(([, value]) => value),
      [say("seen_by"), head.times.map(([name, time]) => `${name} (${new Date(time * 1000).toISOString()})`).join(", ")]]);
    note(target, say("not_force"), "warn");
  } catch (error) { note(target, `${say("bad_proof")}: ${error.message}`, "bad"); }
});
translate();
