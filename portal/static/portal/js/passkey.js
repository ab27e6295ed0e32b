/* Passkeys (Web Authentication Level 2). A form with data-passkey="create" or "get" asks the authenticator when it is
   sent, puts the answer into its hidden field and sends itself. The options stand in the JSON element that
   data-passkey-options names, or come from the address data-passkey-from. Without script, or without passkeys in this
   browser, the button stays hidden and the words beside it say what is needed. */

const ENCODED = /* members that are bytes, written base64url in JSON */ ["challenge", "id"];

function bytes(text) {
  const padded = text.replaceAll("-", "+").replaceAll("_", "/");
  return Uint8Array.from(atob(padded), (character) => character.charCodeAt(0));
}

function base64url(buffer) {
  const text = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function decoded(value) {
  if (Array.isArray(value)) return value.map(decoded);
  if (value === null || typeof value !== "object") return value;
  const pairs = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(
    pairs.map(([name, member]) => [
      name,
      ENCODED.includes(name) && typeof member === "string" ? bytes(member) : decoded(member),
    ]),
  );
}

function creationOptions(options) {
  const { rp, ...rest } = options.publicKey;
  const selection = { ...rest.authenticatorSelection, residentKey: "required", requireResidentKey: true };
  return { publicKey: { ...decoded(rest), rp, authenticatorSelection: selection } };
}

function requestOptions(options) {
  return { publicKey: decoded(options.publicKey) };
}

const RESPONSE_PARTS = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];

function asJson(credential) {
  const parts = RESPONSE_PARTS.filter((name) => credential.response[name]);
  const response = Object.fromEntries(parts.map((name) => [name, base64url(credential.response[name])]));
  if (credential.response.getTransports) response.transports = credential.response.getTransports();
  return JSON.stringify({
    type: credential.type,
    id: credential.id,
    rawId: base64url(credential.rawId),
    authenticatorAttachment: credential.authenticatorAttachment ?? null,
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
  });
}

async function optionsOf(form) {
  if (!form.dataset.passkeyFrom) return JSON.parse(document.querySelector(form.dataset.passkeyOptions).textContent);
  const answer = await fetch(form.dataset.passkeyFrom, {
    headers: { Accept: "application/json" },
    credentials: "same-origin",
    cache: "no-store",
  });
  if (!answer.ok) throw new Error(String(answer.status));
  return (await answer.json()).request_options;
}

async function credentialFor(form) {
  const options = await optionsOf(form);
  if (form.dataset.passkey === "create") return navigator.credentials.create(creationOptions(options));
  return navigator.credentials.get(requestOptions(options));
}

/* SecurityError: the page's host is not the one passkeys are bound to, 127.0.0.1 instead of localhost for example. */
function complain(form, error) {
  const kind = error.name === "SecurityError" ? "host" : "failed";
  for (const words of form.querySelectorAll("[data-passkey-says]")) words.hidden = words.dataset.passkeySays !== kind;
}

function prepare(form) {
  const field = form.querySelector("[data-passkey-field], input[name$='credential']");
  field.value = ""; // an answer serves once, and an empty JSON field is written "null"
  for (const button of document.querySelectorAll("[data-passkey-button]")) {
    if (button.form === form) button.hidden = false;
  }
  form.addEventListener("submit", async (event) => {
    if (field.value) return;
    event.preventDefault();
    try {
      field.value = asJson(await credentialFor(form));
    } catch (error) {
      complain(form, error);
      return;
    }
    form.submit();
  });
}

if (window.PublicKeyCredential && navigator.credentials) {
  for (const form of document.querySelectorAll("form[data-passkey]")) prepare(form);
  for (const words of document.querySelectorAll("[data-passkey-says='unsupported']")) words.hidden = true;
}
