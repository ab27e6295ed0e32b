/* How many ticks an approval still needs, beside the button and in the bar; without script the page says it after
   sending. */

const needed = [...document.querySelectorAll("[data-needed]")];
const places = [...document.querySelectorAll(".still-needed")];

function count() {
  const left = needed.filter((box) => !box.checked).length;
  const approves = document.querySelector("#decision-approve")?.checked;
  for (const place of places) place.textContent = approves && left ? place.dataset.words.replace("{n}", left) : "";
}

document.addEventListener("change", count);
count();
