// Polish for pages that already work without it: menus, the search key, fewer double submissions.

const closeMenus = (except) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (menu !== except) menu.open = false;
  }
};

document.addEventListener("click", (event) => {
  closeMenus(event.target.closest("details.menu"));
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const open = document.querySelector("details.menu[open]");
    closeMenus(null);
    open?.querySelector("summary").focus();
  }
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
    const search = document.querySelector("[data-search-key]");
    if (search) {
      event.preventDefault();
      search.focus();
    }
  }
});

// A reader who comes back to a form with errors starts at their summary.
document.querySelector(".error-summary")?.focus();

// An address names only what was asked for: a search leaves its empty fields out.
document.addEventListener("formdata", (event) => {
  if (event.target.method !== "get") return;
  for (const [name, value] of [...event.formData]) {
    if (value === "") event.formData.delete(name);
  }
});

// One press is one submission; the button comes back when the page is shown again or waits long.
const release = (button) => {
  button.disabled = false;
  delete button.dataset.busy;
};

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.hasAttribute("hx-post")) return;
  setTimeout(() => {
    for (const button of form.querySelectorAll("button:enabled")) {
      button.dataset.busy = "";
      button.disabled = true;
      setTimeout(release, 8000, button);
    }
  });
});

window.addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("button[data-busy]")) release(button);
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

// After a fragment arrives, readers of the screen are taken to what changed.
document.addEventListener("htmx:afterSettle", (event) => {
  event.detail.elt.querySelector?.("[data-focus], .error-summary")?.focus();
});
