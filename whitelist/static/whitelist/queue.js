/* Keys of the queue: j and k move, Enter or o opens, c takes up, ? shows the list. Off where the person switched them
   off, and never while something is being typed. */

const rows = [...document.querySelectorAll("tr[data-case]")];
const keys = document.querySelector("#queue-keys");
const isOn = document.querySelector("#queue-keys-on");
const STORE = "queue-keys-off";
let here = -1;

isOn.checked = localStorage.getItem(STORE) === null;
isOn.addEventListener("change", () => {
  if (isOn.checked) localStorage.removeItem(STORE);
  else localStorage.setItem(STORE, "1");
});

function move(step) {
  if (!rows.length) return;
  rows[here]?.removeAttribute("data-here");
  here = Math.min(Math.max(here + step, 0), rows.length - 1);
  rows[here].setAttribute("data-here", "");
  rows[here].querySelector("th a").focus();
}

const acts = {
  j: () => move(1),
  k: () => move(-1),
  o: () => rows[here]?.querySelector("th a").click(),
  c: () => rows[here]?.querySelector("form button")?.click(),
  "?": () => {
    keys.open = !keys.open;
    keys.querySelector("summary").focus();
  },
};

document.addEventListener("keydown", (event) => {
  const isTyping = event.target.closest("input:not([type=checkbox]), select, textarea");
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey || !(event.key in acts)) return;
  if (!isOn.checked && event.key !== "?") return;
  event.preventDefault();
  acts[event.key]();
});
