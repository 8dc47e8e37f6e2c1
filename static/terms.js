// While terms are typed the panel beside the form is the only thing that is replaced, so that no
// cursor jumps; the fields it speaks of are marked here.

const mark = () => {
  const form = document.getElementById("terms-form");
  if (!form) return;
  for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
  for (const link of form.querySelectorAll("#terms-panel a[data-field]")) {
    const field = form.elements.namedItem(link.dataset.field);
    if (field instanceof HTMLElement) field.setAttribute("aria-invalid", "true");
  }
};

document.addEventListener("htmx:afterSettle", mark);
