/* What the page can do where scripts run: figures that answer, and tables that sort.

The words are in page.html, the colors in page.css. Names come from somebody's file, so they are
only ever set as text. */

"use strict";

const LANGUAGE = document.documentElement.lang;
const SVG = "http://www.w3.org/2000/svg";
const COLORS = 6; // series that page.css can tell apart

function shape(name, attributes, text = "") {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.textContent = text;
  return made;
}

function element(name, className, text = "") {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

/* Return about five round numbers that enclose two others. */
function ticks(low, high) {
  const least = (high - low || 1) / 4;
  const power = 10 ** Math.floor(Math.log10(least));
  const step = [1, 2, 2.5, 5, 10].find((one) => one * power >= least) * power;
  const first = Math.floor(low / step);
  const last = Math.max(Math.ceil(high / step), first + 1);
  return Array.from({ length: last - first + 1 }, (_, k) => (first + k) * step);
}

/* Return the pixels that a label takes. */
const pen = document.createElement("canvas").getContext("2d");
pen.font = `12.5px ${getComputedStyle(document.body).fontFamily}`; // as in page.css
const measure = (text) => pen.measureText(text).width;
const longest = (texts) => Math.max(0, ...texts.map(measure));

/* Draw the lines of a figure from its data (apps/report/charts.py) in place of its picture. */
function enliven(figure) {
  const { x, number, noun, series } = JSON.parse(figure.dataset.chart);
  const box = document.getElementById("chart").content.firstElementChild.cloneNode(true);
  const part = (name) => box.querySelector(`.${name}`);
  const plot = part("plot");
  const hidden = new Set();
  const last = x.length - 1;
  let at = null; // the point whose values are shown
  let scene; // of the last drawing: nearest(event), mark(i) and across(i)

  const known = (value) => value !== null && value !== undefined;
  const shown = () => series.filter((one) => !hidden.has(one));
  const color = (one) => `s${series.indexOf(one) % COLORS}`;
  const write = (value) => {
    const maximumFractionDigits = Math.abs(value) < 1000 ? 2 : 0;
    const digits = Math.abs(value).toLocaleString(LANGUAGE, { maximumFractionDigits });
    return (value < 0 ? "-" : "") + number.replace("{}", () => digits);
  };
  const answer = (one, i) => {
    const bounds = known(one.low?.[i]) && `(${write(one.low[i])} – ${write(one.high[i])})`;
    const counted = noun !== one.name && noun; // not "orders: 7 orders"
    return [`${one.name}:`, write(one.values[i]), counted, bounds].filter(Boolean).join(" ");
  };

  function draw() {
    const width = plot.clientWidth;
    if (!width) return; // folded; it is drawn when it is opened
    const height = Math.round(Math.max(200, Math.min(260, width / 2.4)));
    const svg = shape("svg", { width, height, "aria-hidden": true });
    plot.querySelector("svg")?.remove();
    plot.prepend(svg);
    const values = shown().flatMap((one) => [one.values, one.low ?? [], one.high ?? []]);
    const seen = [0, ...values.flat().filter(known)];
    const scale = ticks(Math.min(...seen), Math.max(...seen));
    const left = longest(scale.map(write)) + 12;
    const [right, top, bottom] = [width - 16, 10, height - 28];
    const step = (right - left) / Math.max(1, last);
    const across = (i) => left + i * step;
    const up = (y) => bottom - ((bottom - top) * (y - scale[0])) / (scale.at(-1) - scale[0]);
    const path = (i, y) => `${across(i).toFixed(1)},${up(y).toFixed(1)}`;
    for (const y of scale) {
      svg.append(shape("path", { class: "grid", d: `M${left},${up(y)}H${right}` }));
      svg.append(shape("text", { x: left - 8, y: up(y) + 4, "text-anchor": "end" }, write(y)));
    }
    const room = longest(x) + 14;
    for (let i = 0; i <= last; i += Math.ceil(room / step)) {
      const middle = Math.max(room / 2 - 7, Math.min(across(i), width - room / 2 + 7));
      svg.append(shape("text", { x: middle, y: height - 8, "text-anchor": "middle" }, x[i]));
    }
    const places = (list) => x.map((_, i) => i).filter((i) => known(list[i]));
    for (const one of shown()) {
      if (one.low) {
        const there = places(one.low).map((i) => path(i, one.low[i]));
        const back = places(one.high).map((i) => path(i, one.high[i])).reverse();
        const points = [...there, ...back].join(" ");
        svg.append(shape("polygon", { class: `band ${color(one)}`, points }));
      }
      const joined = (i) => known(one.values[i - 1]);
      const begin = (i) => `${joined(i) ? "L" : "M"}${path(i, one.values[i])}h0`;
      const d = places(one.values).map(begin).join("");
      svg.append(shape("path", { class: `line ${color(one)}`, d }));
    }
    const dot = (one, i) =>
      shape("circle", { class: color(one), cx: across(i), cy: up(one.values[i]), r: 5 });
    scene = {
      nearest: (event) =>
        Math.round((event.clientX - svg.getBoundingClientRect().left - left) / step),
      mark: (i) => [
        shape("path", { class: "cursor", d: `M${across(i)},${top}V${bottom}` }),
        ...shown().filter((one) => known(one.values[i])).map((one) => dot(one, i)),
      ],
      across,
    };
    point(at);
  }

  /* Show the values at a point, to the eye and to a screen reader; null shows none. */
  function point(i) {
    at = i === null ? null : Math.max(0, Math.min(last, i));
    const read = at ?? last; // what a screen reader reads before a point is chosen
    const answers = shown()
      .filter((one) => known(one.values[read]))
      .map((one) => [one, answer(one, read)]);
    plot.setAttribute("aria-valuenow", read);
    plot.setAttribute("aria-valuetext", [x[read], ...answers.map(([, said]) => said)].join("; "));
    plot.querySelector(".marks")?.remove();
    const tip = part("tip");
    tip.hidden = at === null;
    if (tip.hidden) return;
    const marks = shape("g", { class: "marks" });
    marks.append(...scene.mark(at));
    plot.querySelector("svg").append(marks);
    tip.replaceChildren(element("strong", "", x[at]));
    for (const [one, said] of answers) tip.append(element("span", `key ${color(one)}`, said));
    const across = scene.across(at);
    const room = plot.clientWidth - tip.offsetWidth;
    const beside = across > plot.clientWidth / 2 ? across - tip.offsetWidth - 12 : across + 12;
    tip.style.left = `${Math.max(0, Math.min(room, beside))}px`;
  }

  plot.setAttribute("aria-valuemin", 0);
  plot.setAttribute("aria-valuemax", last);
  const follow = (event) => point(scene.nearest(event));
  plot.addEventListener("pointermove", follow);
  plot.addEventListener("pointerdown", follow);
  plot.addEventListener("pointerleave", () => point(null));
  plot.addEventListener("focus", () => { if (plot.matches(":focus-visible")) point(at ?? last); });
  plot.addEventListener("blur", () => point(null));
  const keys = {
    ArrowLeft: (i) => i - 1, ArrowRight: (i) => i + 1, Home: () => 0, End: () => last,
    ArrowUp: (i) => i + 1, ArrowDown: (i) => i - 1,
  };
  plot.addEventListener("keydown", (event) => {
    if (!keys[event.key]) return;
    point(keys[event.key](at ?? last));
    event.preventDefault();
  });

  part("legend").hidden = series.length < 2;
  for (const one of series) {
    const button = element("button", `key ${color(one)}`, one.name);
    button.type = "button";
    button.setAttribute("aria-pressed", true);
    button.addEventListener("click", () => {
      if (!hidden.delete(one)) hidden.add(one);
      button.setAttribute("aria-pressed", !hidden.has(one));
      draw();
    });
    part("legend").append(button);
  }

  figure.classList.add("live");
  figure.prepend(box);
  part("title").textContent = figure.dataset.title;
  part("axis").textContent = figure.dataset.axis;
  new ResizeObserver(draw).observe(plot);
}

/* Let a click on the head of a column sort a table: numbers from the largest, names from A. */
function letSort(table) {
  const heads = [...table.tHead.rows[0].cells];
  const compare = new Intl.Collator(LANGUAGE, { numeric: true }).compare;
  heads.forEach((head, column) => {
    const isNumber = head.classList.contains("number");
    const text = (row) => row.cells[column].textContent.trim();
    const value = (row) => parseFloat(text(row).replace("−", "-").replace(/[^\d.-]/g, ""));
    const isBlank = (row) => (isNumber ? isNaN(value(row)) : ["", "–"].includes(text(row)));
    const order = isNumber ? (a, b) => value(a) - value(b) : (a, b) => compare(text(a), text(b));
    const button = element("button", "");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const now = head.getAttribute("aria-sort") ?? (isNumber ? "ascending" : "descending");
      const sign = now === "ascending" ? -1 : 1;
      const rows = [...table.tBodies[0].rows];
      rows.sort((a, b) => isBlank(a) - isBlank(b) || sign * order(a, b) || 0);
      table.tBodies[0].append(...rows);
      heads.forEach((one) => one.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", sign > 0 ? "ascending" : "descending");
    });
  });
}

document.querySelectorAll("figure[data-chart]").forEach(enliven);
document.querySelectorAll("table.sortable").forEach(letSort);
