/* The browser checks the signed list by itself: fetches the published keys, the signed head and the document's bytes,
   verifies ES256 (RFC 7518 section 3.4) by WebCrypto, and compares the document's SHA-256 with the signed digest.
   Without script, or where WebCrypto is not offered (no secure context), the server's own words stay. */

const place = document.querySelector("[data-verify-list]");

function bytesOf(base64url) {
  const text = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(text, (sign) => sign.charCodeAt(0));
}

async function keyOf(kid, address) {
  const { keys } = await (await fetch(address)).json();
  const jwk = keys.find((key) => key.kid === kid && key.purpose === "list");
  if (!jwk) throw new Error("unknown key");
  const { kty, crv, x, y } = jwk;
  return crypto.subtle.importKey("jwk", { kty, crv, x, y }, { name: "ECDSA", namedCurve: "P-256" }, false, ["verify"]);
}

async function verified(jws, address) {
  const [head, payload, signature] = jws.split(".");
  const header = JSON.parse(new TextDecoder().decode(bytesOf(head)));
  if (header.alg !== "ES256" || header.typ !== "jpki-whitelist+jwt") throw new Error("another kind");
  const signed = new TextEncoder().encode(`${head}.${payload}`);
  const how = { name: "ECDSA", hash: "SHA-256" };
  const isGood = await crypto.subtle.verify(how, await keyOf(header.kid, address), bytesOf(signature), signed);
  if (!isGood) throw new Error("bad signature");
  return JSON.parse(new TextDecoder().decode(bytesOf(payload)));
}

async function digestOf(address) {
  const hashed = await crypto.subtle.digest("SHA-256", await (await fetch(address)).arrayBuffer());
  return Array.from(new Uint8Array(hashed), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function check(given) {
  const jws = await (await fetch(given.head)).text();
  const claims = await verified(jws.trim(), given.keys);
  return claims.digest === (await digestOf(given.document)) && claims.digest === given.digest;
}

function show(name) {
  for (const part of place.querySelectorAll("[data-result]")) part.hidden = part.dataset.result !== name;
  place.dataset.verified = name;
}

if (place && globalThis.crypto?.subtle) {
  show("checking");
  check(place.dataset)
    .then((isGood) => show(isGood ? "ok" : "error"))
    .catch(() => show("error"));
}
