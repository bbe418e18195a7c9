/* What the page can do where scripts run: figures that answer, and tables that sort.

The words are in page.html, the colors in page.css. Names come from somebody's file, so they are
only ever set as text. */

"use strict";

const LANGUAGE = document.documentElement.lang;
const SVG = "http://www.w3.org/2000/svg";
const COLORS = 6; // series that page.css can tell apart
const ROW = 20; // height of a bar
const FEW = 8; // points that need no zoom

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

function shorten(text, room) {
  let end = text.length;
  const cut = () => (end < text.length ? `${text.slice(0, end)}…` : text);
  while (end > 1 && measure(cut()) > room) end -= 1;
  return cut();
}

/* Draw a figure from its data (apps/report/charts.py) in place of its picture. */
function enliven(figure) {
  const { kind, x, number, noun, series } = JSON.parse(figure.dataset.chart);
  const box = document.getElementById("chart").content.firstElementChild.cloneNode(true);
  const part = (name) => box.querySelector(`.${name}`);
  const plot = part("plot");
  const bars = kind === "bars";
  const hidden = new Set();
  let [from, to] = [0, x.length - 1]; // the points that are shown
  let at = null; // the point whose values are shown
  let pressed = null; // where the pointer began to drag
  let scene; // of the last drawing: nearest(event), mark(i) and beside(i)

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
    const range = x.map((_, i) => i).slice(from, to + 1);
    const values = shown().flatMap((one) => [one.values, one.low ?? [], one.high ?? []]);
    const seen = [0, ...range.flatMap((i) => values.map((list) => list[i]).filter(known))];
    const [low, high] = [Math.min(...seen), Math.max(...seen)];
    const svg = shape("svg", { width, "aria-hidden": true });
    plot.querySelector("svg")?.remove();
    plot.prepend(svg);
    scene = (bars ? drawBars : drawLines)(svg, width, range, low, high);
    part("in").disabled = to - from < 4;
    part("out").disabled = part("all").disabled = range.length === x.length;
    plot.setAttribute("aria-valuemin", from);
    plot.setAttribute("aria-valuemax", to);
    point(at);
  }

  function drawLines(svg, width, range, low, high) {
    const scale = ticks(low, high);
    const height = Math.round(Math.max(200, Math.min(260, width / 2.4)));
    svg.setAttribute("height", height);
    const left = longest(scale.map(write)) + 12;
    const [right, top, bottom] = [width - 16, 10, height - 28];
    const step = (right - left) / Math.max(1, to - from);
    const across = (i) => left + (i - from) * step;
    const up = (y) => bottom - ((bottom - top) * (y - scale[0])) / (scale.at(-1) - scale[0]);
    const path = (i, y) => `${across(i).toFixed(1)},${up(y).toFixed(1)}`;
    for (const y of scale) {
      svg.append(shape("path", { class: "grid", d: `M${left},${up(y)}H${right}` }));
      svg.append(shape("text", { x: left - 8, y: up(y) + 4, "text-anchor": "end" }, write(y)));
    }
    const room = longest(x) + 14;
    for (const i of range.filter((_, k) => k % Math.ceil(room / step) === 0)) {
      const middle = Math.max(room / 2 - 7, Math.min(across(i), width - room / 2 + 7));
      svg.append(shape("text", { x: middle, y: height - 8, "text-anchor": "middle" }, x[i]));
    }
    for (const one of shown()) {
      if (one.low) {
        const inside = range.filter((i) => known(one.low[i]));
        const there = inside.map((i) => path(i, one.low[i]));
        const back = inside.map((i) => path(i, one.high[i])).reverse();
        const points = [...there, ...back].join(" ");
        svg.append(shape("polygon", { class: `band ${color(one)}`, points }));
      }
      const inside = range.filter((i) => known(one.values[i]));
      const joined = (i) => i > from && known(one.values[i - 1]);
      const d = inside.map((i) => `${joined(i) ? "L" : "M"}${path(i, one.values[i])}h0`);
      svg.append(shape("path", { class: `line ${color(one)}`, d: d.join("") }));
    }
    const brush = (i, k) => {
      const x = Math.min(across(i), across(k));
      const size = { width: Math.abs(across(i) - across(k)), height: bottom - top };
      return shape("rect", { class: "brush", x, y: top, ...size });
    };
    const dot = (one, i) =>
      shape("circle", { class: color(one), cx: across(i), cy: up(one.values[i]), r: 5 });
    return {
      nearest: (event) => {
        return from + Math.round((event.clientX - svg.getBoundingClientRect().left - left) / step);
      },
      mark: (i) => [
        brush(i, pressed ?? i),
        shape("path", { class: "cursor", d: `M${across(i)},${top}V${bottom}` }),
        ...shown().filter((one) => known(one.values[i])).map((one) => dot(one, i)),
      ],
      beside: (i) => [across(i), top],
    };
  }

  function drawBars(svg, width, range, low, high) {
    const group = ROW * shown().length + 8;
    svg.setAttribute("height", group * range.length);
    const left = Math.min(longest(x) + 10, width * 0.4);
    const ends = shown().flatMap((one) => one.values.filter(known).map(write));
    const right = width - longest(ends) - 8;
    const across = (y) => left + ((right - left) * (y - low)) / (high - low || 1);
    for (const i of range) {
      const label = { x: left - 8, y: group * (i + 0.5) + 4, "text-anchor": "end" };
      svg.append(shape("text", label, shorten(x[i], left - 8)));
      shown().filter((one) => known(one.values[i])).forEach((one, k) => {
        const value = one.values[i];
        const [y, begin, end] = [group * i + 4 + ROW * k, across(0), across(value)];
        const size = { width: Math.abs(end - begin), height: ROW - 4 };
        const bar = { class: `bar ${color(one)}`, x: Math.min(begin, end), y: y + 2, ...size };
        const beside = { x: Math.max(begin, end) + 6, y: y + ROW / 2 + 4 };
        svg.append(shape("rect", bar), shape("text", beside, write(value)));
      });
    }
    return {
      nearest: (event) => Math.floor((event.clientY - svg.getBoundingClientRect().top) / group),
      mark: (i) => [shape("rect", { class: "brush", x: 0, y: group * i, width, height: group })],
      beside: (i) => [width / 2, group * (i + 1)],
    };
  }

  /* Show the values at a point, to the eye and to a screen reader; null shows none. */
  function point(i) {
    at = i === null ? null : Math.max(from, Math.min(to, i));
    const read = at ?? to; // what a screen reader reads before a point is chosen
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
    const [across, down] = scene.beside(at);
    const room = plot.clientWidth - tip.offsetWidth;
    const beside = across > plot.clientWidth / 2 ? across - tip.offsetWidth - 12 : across + 12;
    tip.style.left = `${Math.max(0, Math.min(room, beside))}px`;
    tip.style.top = `${down}px`;
  }

  function zoom(first, last) {
    [from, to] = [Math.max(0, first), Math.min(x.length - 1, last)];
    draw();
  }

  const near = (factor) => { // zoom around the point, or at the end
    const half = ((to - from) * factor) / 2;
    const middle = Math.max(half, Math.min(x.length - 1 - half, at ?? to));
    zoom(Math.round(middle - half), Math.round(middle + half));
  };
  const all = () => zoom(0, x.length - 1);
  part("in").addEventListener("click", () => near(0.5));
  part("out").addEventListener("click", () => near(2));
  part("all").addEventListener("click", all);
  part("zoom").hidden = bars || x.length < FEW;

  plot.addEventListener("pointermove", (event) => point(scene.nearest(event)));
  plot.addEventListener("pointerdown", (event) => {
    if (bars) return;
    plot.setPointerCapture(event.pointerId);
    point(scene.nearest(event));
    pressed = at;
  });
  plot.addEventListener("pointerup", (event) => {
    const ends = [pressed, at].sort((a, b) => a - b);
    const dragged = pressed !== null && ends[1] - ends[0] >= 2;
    pressed = null;
    if (dragged) zoom(...ends);
    else point(at);
  });
  plot.addEventListener("pointercancel", () => { pressed = null; point(null); });
  plot.addEventListener("pointerleave", () => { if (pressed === null) point(null); });
  plot.addEventListener("dblclick", all);
  plot.addEventListener("focus", () => { if (plot.matches(":focus-visible")) point(at ?? to); });
  plot.addEventListener("blur", () => point(null));
  const keys = {
    ArrowLeft: (i) => i - 1, ArrowRight: (i) => i + 1, Home: () => from, End: () => to,
    ArrowUp: (i) => i + (bars ? -1 : 1), ArrowDown: (i) => i + (bars ? 1 : -1),
  };
  plot.addEventListener("keydown", (event) => {
    if (event.key === "Escape") all();
    else if (!keys[event.key]) return;
    else point(keys[event.key](at ?? to));
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
