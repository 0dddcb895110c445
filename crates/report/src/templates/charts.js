"use strict";
// Shows the values of a year (or of an age) over the static drawings; without it everything else still works.
for (const drawing of document.querySelectorAll(".chart-figure .drawing")) {
  const store = drawing.parentElement.querySelector('script[type="application/json"]');
  const readout = drawing.querySelector(".readout");
  if (!store || !readout) continue;
  const values = JSON.parse(store.textContent);
  for (const svg of drawing.querySelectorAll("svg.chart")) attach(svg, drawing, readout, values);
}

function attach(svg, drawing, readout, values) {
  const area = svg.querySelector(".reading");
  if (!area) return;
  const alongX = area.dataset.axis === "x";
  const last = values.rows.length - 1;
  const [x, y, width, height] = ["x", "y", "width", "height"].map((name) => Number(area.getAttribute(name)));
  const line = document.createElementNS("http://www.w3.org/2000/svg", "line");
  line.setAttribute("stroke", "#1c2430");
  line.setAttribute("stroke-width", "1");
  line.setAttribute("visibility", "hidden");
  svg.insertBefore(line, area);
  let at = 0;

  function show(index) {
    at = Math.max(0, Math.min(last, index));
    const share = alongX ? at / Math.max(1, last) : (at + 0.5) / (last + 1);
    const ends = alongX
      ? { x1: x + width * share, x2: x + width * share, y1: y, y2: y + height }
      : { x1: x, x2: x + width, y1: y + height * (1 - share), y2: y + height * (1 - share) };
    for (const name in ends) line.setAttribute(name, ends[name].toFixed(2));
    line.setAttribute("visibility", "visible");
    write(values.rows[at]);
    place(ends);
  }

  function write([label, texts]) {
    readout.replaceChildren(element("b", `${label} `, values.unit));
    texts.forEach((text, position) => {
      const row = document.createElement("div");
      row.append(element("span", values.names[position]), element("span", text));
      readout.append(row);
    });
    readout.hidden = false;
  }

  function place(ends) {
    const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
    const room = drawing.clientWidth;
    let left = (alongX ? ends.x1 : x + width / 2) * scale + 12;
    if (room < left + readout.offsetWidth) left -= readout.offsetWidth + 24;
    const top = alongX ? y * scale : ends.y1 * scale + 10;
    readout.style.left = `${Math.max(0, left)}px`;
    readout.style.top = `${top}px`;
  }

  function hide() {
    line.setAttribute("visibility", "hidden");
    readout.hidden = true;
  }

  function point(event) {
    const box = area.getBoundingClientRect();
    const share = alongX ? (event.clientX - box.left) / box.width : (box.bottom - event.clientY) / box.height;
    show(alongX ? Math.round(share * last) : Math.floor(share * (last + 1)));
  }

  area.addEventListener("pointermove", point);
  area.addEventListener("pointerdown", point);
  area.addEventListener("pointerleave", hide);
  svg.setAttribute("tabindex", "0");
  svg.addEventListener("focus", () => svg.matches(":focus-visible") && show(at));
  svg.addEventListener("blur", hide);
  svg.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, Home: -Infinity, End: Infinity }[event.key];
    if (event.key === "Escape") hide();
    if (step === undefined) return;
    event.preventDefault();
    show(at + step);
  });
}

function element(name, text, unit) {
  const made = document.createElement(name);
  made.textContent = text;
  if (unit) {
    const small = document.createElement("small");
    small.textContent = unit;
    made.append(small);
  }
  return made;
}

// The list of assumptions and sources belongs on paper too.
addEventListener("beforeprint", () => {
  for (const list of document.querySelectorAll("details.list")) list.open = true;
});
