// A party's private key in a file, opened on its own device; it never leaves it.
const openKeyFile = async (text, passphrase) => {
  const file = JSON.parse(text), vkey = await parseKey(file.vkey);
  need(file.form === "goodoffices/key@v1" && {log: 1, witness: 4, statement: 1}[file.kind] === vkey.kind, "key file");
  let seed;
  if (file.sealed) {
    need(Number.isSafeInteger(file.iterations) && file.iterations >= 600000 && file.iterations <= 60000000, "key file: rounds");
    const base = await crypto.subtle.importKey("raw", utf8.encode(passphrase), "PBKDF2", false, ["deriveKey"]);
    const key = await crypto.subtle.deriveKey(
      {name: "PBKDF2", hash: "SHA-256", salt: unb64(file.salt), iterations: file.iterations},
      base, {name: "AES-GCM", length: 256}, false, ["decrypt"]);
    try {
      seed = new Uint8Array(await crypto.subtle.decrypt(
        {name: "AES-GCM", iv: unb64(file.nonce), additionalData: utf8.encode(file.vkey)}, key, unb64(file.sealed)));
    } catch { throw new Fault(say("passphrase") + "?"); }
  } else seed = unb64(file.seed);
  need(seed.length === 32, "key file: seed");
  const pkcs8 = join(unhex("302e020100300506032b657004220420"), seed);
  const handle = await crypto.subtle.importKey("pkcs8", pkcs8, "Ed25519", false, ["sign"]);
  seed.fill(0); pkcs8.fill(0);
  const sign = async (message) => new Uint8Array(await crypto.subtle.sign("Ed25519", handle, message));
  await checkSignature("", {blob: vkey.kind === 1 ? await sign(utf8.encode(""))
    : join(new Uint8Array(8), await sign(cosigned("", 0)))}, vkey);  // the private half is that of the public one
  return {vkey, kind: file.kind, sign};
};
const lineOf = (vkey, blob) => `\u2014 ${vkey.name} ${b64(join(unhex(vkey.id), blob))}\n`;
