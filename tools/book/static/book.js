// In a Chinese book Sphinx 9 asks for a stemmer of this name, and brings the English one.
window.ChineseStemmer = function () { return new EnglishStemmer(); };

// Chinese has no spaces: a search is split into the longest words that the index has. Beside them,
// single letters and characters only keep it from finding anything.
if (document.documentElement.lang.startsWith("zh")) {
  window.splitQuery = (query) => {
    const parts = query.match(/\p{Script=Han}+|((?!\p{Script=Han})[\p{Letter}\p{Number}_])+/gu) ?? [];
    const words = parts.flatMap(chineseWords), longer = words.filter((word) => word.length > 1);
    return longer.length ? longer : words;
  };
}
function chineseWords(text) {
  const known = (word) => word in Search._index.terms || word in Search._index.titleterms;
  if (!/\p{Script=Han}/u.test(text)) return text;
  const words = [];
  for (let rest = text, word; rest; rest = rest.slice(word.length)) {
    word = rest;
    while (word.length > 1 && !known(word)) word = word.slice(0, -1);
    if (word.length > 1) words.push(word);
  }
  return words.length ? words : text; // perhaps a part of a word
}

// A link to the glossary shows the definition while the pointer or the focus is on it.
document.addEventListener("DOMContentLoaded", () => {
  // The search names the terms of the glossary; entries of its index would show as "Glossary".
  if (typeof Search !== "undefined") Search._index.indexentries = {};
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
  // A printed page has everything.
  window.addEventListener("beforeprint", () => {
    for (const fold of document.querySelectorAll("details.further")) fold.open = true;
  });
  // The theme gives the folds of its menu no name.
  for (const fold of document.querySelectorAll(".bd-sidebar-primary summary")) {
    fold.setAttribute("aria-label", fold.closest("li").querySelector("a").textContent.trim());
  }
  // Of two buttons for the same menu, the theme hears the first one and shows the other.
  for (const menu of [".primary-toggle", ".secondary-toggle"]) {
    const [first, ...others] = document.querySelectorAll(menu);
    for (const button of others) button.addEventListener("click", () => first.click());
  }
  const contents = document.getElementById("pst-secondary-sidebar-modal");
  contents?.addEventListener("click", (event) => { if (event.target.closest("a")) setTimeout(() => contents.close()); });
  document.querySelector(".citation-list")?.removeAttribute("role");  // its parts are no list items
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
});
