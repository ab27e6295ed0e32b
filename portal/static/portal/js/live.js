/* <div data-live="/fragment-url" data-live-every="1000"> asks for its own successor and swaps itself for it.
   It stops when the answer's element no longer carries data-live (the journey is over), and pauses while the page is
   hidden. The server decides when it is over; without script the page is reloaded by hand.

   Where the whole page says more once a stage is over, the element names the stage in data-stage: when an answer names
   another one, the page is fetched anew, unless somebody has begun to fill in a form on it.

   An answer is swapped only when it differs, so that focus, selection and screen readers are left alone. A field
   somebody is typing in is never replaced. */

const SLOWEST = 30_000;
const QUICKEST = 1_000; // live areas update at most once a second

function parse(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content.firstElementChild;
}

/* What the server said, without the form token, which is masked anew in every answer. */
function saying(element) {
  const copy = element.cloneNode(true);
  for (const token of copy.querySelectorAll("input[name='csrfmiddlewaretoken']")) token.remove();
  return copy.outerHTML;
}

function isBeingUsed(element) {
  const active = document.activeElement;
  return element.contains(active) && active.matches("input:not([type='hidden']), textarea, select");
}

/* The option that a choice began with: the one marked, else the first. */
function asMade(select) {
  return Math.max(0, [...select.options].findIndex((option) => option.defaultSelected));
}

function hasBegunAForm() {
  return [...document.querySelectorAll("input, textarea, select")].some((field) => {
    if (field.type === "hidden" || field.type === "search") return false;
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    if (field.tagName === "SELECT") return field.selectedIndex !== asMade(field);
    return field.value !== field.defaultValue;
  });
}

function isAnotherStage(element, successor) {
  const [before, after] = [element.dataset.stage, successor.dataset.stage];
  return before !== undefined && after !== undefined && before !== after;
}

function keepOpen(element, successor) {
  for (const fold of element.querySelectorAll("details[id]")) {
    const next = successor.querySelector(`#${CSS.escape(fold.id)}`);
    if (next) next.open = fold.open;
  }
}

function swap(element, successor) {
  const focused = element.contains(document.activeElement) ? document.activeElement.id : "";
  keepOpen(element, successor);
  element.replaceWith(successor);
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  successor.dispatchEvent(new CustomEvent("portal:swapped", { bubbles: true }));
}

async function fetchSuccessor(url) {
  const answer = await fetch(url, {
    headers: { Accept: "text/html" },
    credentials: "same-origin",
    cache: "no-store",
    redirect: "error", // logged out meanwhile: never swap a log-in page into the middle of this one
  });
  if (!answer.ok) throw new Error(String(answer.status));
  return parse(await answer.text());
}

async function ask(element, said, failures) {
  let successor;
  try {
    successor = await fetchSuccessor(element.dataset.live);
  } catch {
    plan(element, said, failures + 1);
    return;
  }
  if (!element.isConnected) return;
  if (!successor || isBeingUsed(element)) {
    plan(element, said, 0);
    return;
  }
  if (isAnotherStage(element, successor) && !hasBegunAForm()) {
    location.replace(location.pathname + location.search); // never the form again that led here
    return;
  }
  const says = saying(successor);
  if (says !== said) swap(element, successor);
  plan(says === said ? element : successor, says, 0);
}

function whenVisible(action) {
  if (!document.hidden) action();
  else document.addEventListener("visibilitychange", action, { once: true });
}

function plan(element, said, failures) {
  if (!element.dataset.live) return;
  const every = Math.max(QUICKEST, Number(element.dataset.liveEvery) || QUICKEST);
  const wait = Math.min(SLOWEST, every * 2 ** failures);
  setTimeout(() => whenVisible(() => ask(element, said, failures)), wait);
}

for (const element of document.querySelectorAll("[data-live]")) plan(element, saying(element), 0);
