// In a Chinese book Sphinx 9 asks for a stemmer of this name, and brings the English one.
window.ChineseStemmer = function () { return new EnglishStemmer(); };

// A link to the glossary shows the definition while the pointer or the focus is on it.
document.addEventListener("DOMContentLoaded", () => {
  const box = document.createElement("div");
  box.id = "definition";
  box.setAttribute("role", "tooltip");
  box.hidden = true;
  document.body.append(box);
  const show = (link) => {
    box.textContent = link.dataset.definition;
    box.hidden = false;
    const at = link.getBoundingClientRect();
    const left = Math.min(at.left, document.documentElement.clientWidth - box.offsetWidth - 8);
    box.style.left = `${Math.max(8, left) + window.scrollX}px`;
    box.style.top = `${at.bottom + 4 + window.scrollY}px`;
  };
  const hide = () => { box.hidden = true; };
  for (const link of document.querySelectorAll("a.term[title]")) {
    link.dataset.definition = link.title;
    link.removeAttribute("title");
    link.setAttribute("aria-describedby", "definition");
    link.addEventListener("mouseenter", () => show(link));
    link.addEventListener("focus", () => show(link));
    link.addEventListener("mouseleave", hide);
    link.addEventListener("blur", hide);
  }
  document.fonts.addEventListener("loadingdone", () => {
    requestAnimationFrame(() => document.documentElement.classList.add("fonts-ready"));
  });
  // The theme gives the folds of its menu no name.
  for (const fold of document.querySelectorAll(".bd-sidebar-primary summary")) {
    fold.setAttribute("aria-label", fold.closest("li").querySelector("a").textContent.trim());
  }
  // What scrolls in its own box must be reached without a mouse.
  for (const table of document.querySelectorAll(".bd-article-container table")) {
    if (table.scrollWidth > table.clientWidth) table.tabIndex = 0;
  }
  document.querySelector(".citation-list")?.removeAttribute("role");  // its parts are no list items
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
});
