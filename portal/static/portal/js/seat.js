/* Every form that is sent says for which seat its page was made, so that a form left open in another window
   cannot do to one organisation what was meant for another. */

const seat = document.body.dataset.seat;

if (seat) {
  document.addEventListener("formdata", (event) => {
    if (event.target.method === "post") event.formData.set("made_for_seat", seat);
  }, true);
}
