// One question with two answers, over the page.
import { $ } from "./dom.js";

for (const answer of ["no", "yes"]) $(`ask-${answer}`).addEventListener("click", () => $("ask").close(answer));

/** Ask, and say whether the answer was yes; Escape is no. */
export function ask(title, text, yes, no) {
  Object.entries({ title, text, yes, no }).forEach(([part, words]) => ($(`ask-${part}`).textContent = words));
  $("ask").returnValue = "no";
  $("ask").showModal();
  return new Promise((done) => ($("ask").onclose = () => done($("ask").returnValue === "yes")));
}
