// Forms of many rows (assessments, contests): their styles, and a question before typed facts are left unsaved.
import "./assessment.css";

const form = document.querySelector<HTMLFormElement>("form#facts, form#sheet");
if (form) {
  let typed = form.dataset.unsaved === "yes";
  form.addEventListener("input", () => {
    typed = true;
  });
  form.addEventListener("submit", () => {
    typed = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (typed) event.preventDefault();
  });
}
