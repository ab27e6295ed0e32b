/* <form data-autosave> is sent every 30 seconds while something in it differs from what was sent last, and when the
   page is put away. The answer moves the hidden fields on, so that a team-mate's change is told from one's own.
   Without script the buttons of the form do the same. Files go with their own button only. */

const EVERY = 30_000;
const form = document.querySelector("form[data-autosave]");
const voice = document.querySelector("#autosave");

/* What a person typed, without the fields that only the machine moves. */
function typed() {
  const data = new FormData(form);
  for (const name of ["csrfmiddlewaretoken", "seen_version", "base", "paper", "paper_for"]) data.delete(name);
  return new URLSearchParams(data).toString();
}

function say(words, meaning) {
  voice.textContent = words;
  voice.dataset.meaning = meaning;
}

let sent = form ? typed() : "";
let running = false;
let timer;

async function save() {
  const now = typed();
  if (running || now === sent) return;
  running = true;
  try {
    await send(now);
  } catch {
    say(form.dataset.autosaveFailed, "warning"); // away from the network: tried again in 30 seconds
  } finally {
    running = false;
  }
}

async function send(now) {
  const body = new FormData(form);
  body.delete("paper");
  const answer = await fetch(form.action, {
    method: "POST",
    body,
    headers: { "X-Autosave": "1" },
    credentials: "same-origin",
    redirect: "error",
    keepalive: true,
  });
  if (answer.status === 409) {
    clearInterval(timer); // both values are shown when the person saves
    say((await answer.json()).words, "warning");
    return;
  }
  if (!answer.ok) throw new Error(answer.statusText);
  take(await answer.json(), now);
}

function take(answer, now) {
  sent = now;
  form.elements.seen_version.value = answer.version;
  form.elements.base.value = answer.base;
  if (new URL(form.action).pathname !== answer.url) {
    form.action = answer.url;
    history.replaceState(null, "", answer.url);
  }
  say(answer.words, "ok");
}

if (form) {
  timer = setInterval(save, EVERY);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") save();
  });
}
