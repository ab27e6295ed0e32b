/* Findings beside a URL field: asked of the server 600 ms after the last key, and put in place of #findings.
   Without script the same findings come with the next send of the form. */

const WAIT = 600;
const field = document.querySelector("[data-checks-url] input[name=url]");
const form = field?.closest("form");

let timer;
let asked = 0;

async function show() {
  const number = ++asked;
  const query = new URLSearchParams({ url: field.value, world: form.dataset.world, fragment: "1" });
  if ("mayAccept" in form.dataset) query.set("may_accept", "1");
  let answer;
  try {
    answer = await fetch(`${form.dataset.checksUrl}?${query}`, { credentials: "same-origin", redirect: "error" });
  } catch {
    return; // away from the network: the check when sending still stands
  }
  if (!answer.ok || number !== asked) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("#findings");
  const place = document.querySelector("#findings");
  if (fresh && place) place.replaceWith(document.importNode(fresh, true));
  announce();
}

function announce() {
  const heading = document.querySelector("#findings .section-head .meta");
  const voice = document.querySelector("#findings-voice");
  if (voice) voice.textContent = heading ? heading.textContent.replace(/\s+/g, " ").trim() : "";
}

if (field) {
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(show, WAIT);
  });
  /* A "use this form" button mends the field in place instead of sending the page round. */
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=mend]");
    if (!button) return;
    event.preventDefault();
    field.value = button.value;
    field.focus();
    show();
  });
}
