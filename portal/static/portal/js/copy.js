/* Copy buttons: <button data-copy="#id"> copies the text of the element, data-copy-text="…" the text itself.
   The words of success stand in data-copied-words; without script or clipboard the buttons stay hidden. */

const SHOWN_FOR = 2000;

function textFor(button) {
  if (button.dataset.copyText !== undefined) return button.dataset.copyText;
  const source = document.querySelector(button.dataset.copy);
  if (!source) return null;
  return "value" in source ? source.value : source.textContent;
}

function show(button, words) {
  const label = button.querySelector("[data-copy-words]") ?? button;
  const before = label.textContent;
  label.textContent = words;
  button.setAttribute("data-copied", "");
  setTimeout(() => {
    label.textContent = before;
    button.removeAttribute("data-copied");
  }, SHOWN_FOR);
}

function ready(root) {
  if (!navigator.clipboard) return;
  for (const button of root.querySelectorAll("[data-copy]:not([data-ready])")) button.setAttribute("data-ready", "");
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button || button.hasAttribute("data-copied")) return;
  const text = textFor(button);
  if (text === null) return;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    return; // Refused by the browser: the text is still there to be selected by hand.
  }
  show(button, button.dataset.copiedWords ?? button.textContent);
});

document.addEventListener("portal:swapped", (event) => ready(event.target));
ready(document);
