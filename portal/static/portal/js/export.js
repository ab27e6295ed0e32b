/* <form data-export data-count="…">: a long file is received here piece by piece, so that its progress can be shown.
   Without script, or for a short file, the browser downloads it as usual. */

const LONG = 2_000;

function tell(box, words, done, total) {
  box.hidden = false;
  box.querySelector("progress").value = done;
  box.querySelector("p").textContent = words.replace("{done}", done.toLocaleString()).replace("{total}", total.toLocaleString());
}

function lines(bytes) {
  let found = 0;
  for (const byte of bytes) if (byte === 10) found += 1;
  return found;
}

async function receive(answer, heard) {
  const pieces = [];
  const reader = answer.body.getReader();
  let count = 0;
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    pieces.push(piece.value);
    count += lines(piece.value);
    heard(count);
  }
  return new Blob(pieces, { type: answer.headers.get("Content-Type") });
}

function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

async function hand(form, submitter, box) {
  const asked = new FormData(form, submitter);
  const answer = await fetch(form.action, { method: "POST", body: asked, credentials: "same-origin", redirect: "error" });
  if (!answer.ok) throw new Error(String(answer.status));
  const total = Number(answer.headers.get("X-Total-Events"));
  box.querySelector("progress").max = Math.max(1, total);
  let told = 0;
  const blob = await receive(answer, (count) => {
    if (performance.now() - told < 1000) return;
    told = performance.now();
    tell(box, box.dataset.words, Math.min(count, total), total);
  });
  save(blob, /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition"))[1]);
  tell(box, box.dataset.doneWords, total, total);
}

for (const form of document.querySelectorAll("form[data-export]")) {
  form.addEventListener("submit", (event) => {
    if (Number(form.dataset.count) < LONG) return;
    event.preventDefault();
    const box = form.querySelector("[data-export-progress]");
    hand(form, event.submitter, box).catch(() => tell(box, box.dataset.failedWords, 0, 0));
  });
}
