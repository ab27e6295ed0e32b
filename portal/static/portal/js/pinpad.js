/* The keys under a PIN field: <div class="pin-pad" data-for="id"> with <button type="button" data-key="7"> and
   <button type="button" data-erase>. The field itself works without them; they only appear with script. */

function ready(root) {
  for (const pad of root.querySelectorAll(".pin-pad:not([data-ready])")) {
    if (document.getElementById(pad.dataset.for)) pad.setAttribute("data-ready", "");
  }
}

document.addEventListener("click", (event) => {
  const key = event.target.closest(".pin-pad button");
  if (!key) return;
  const field = document.getElementById(key.closest(".pin-pad").dataset.for);
  if (!field) return;
  if ("erase" in key.dataset) field.value = field.value.slice(0, -1);
  else if (field.maxLength < 0 || field.value.length < field.maxLength) field.value += key.dataset.key;
  field.dispatchEvent(new Event("input", { bubbles: true }));
});

document.addEventListener("portal:swapped", (event) => ready(event.target));
ready(document);
