/* <form data-autosubmit> is sent as soon as the page is there: the hand-over of an answer by form POST.
   Its own button stays visible for browsers without script. Going back must not send it again. */

const [entry] = performance.getEntriesByType("navigation");

if (entry?.type !== "back_forward") {
  const form = document.querySelector("form[data-autosubmit]");
  if (form) form.requestSubmit();
}

/* <form data-submit-on-change> is sent when one of its choices changes (filters). */
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-submit-on-change]");
  if (form) form.requestSubmit();
});
