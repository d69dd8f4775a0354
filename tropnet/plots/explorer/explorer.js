"use strict";

const data = JSON.parse(document.getElementById("data").textContent);

// ---- Exact numbers: fractions of BigInts.

function gcd(a, b) {
  a = a < 0n ? -a : a;
  b = b < 0n ? -b : b;
  while (b) [a, b] = [b, a % b];
  return a;
}

function fraction(top, bottom = 1n) {
  if (bottom < 0n) [top, bottom] = [-top, -bottom];
  const g = gcd(top, bottom) || 1n;
  return { top: top / g, bottom: bottom / g };
}

function parsed(text) {
  const [top, bottom] = text.split("/");
  return { top: BigInt(top), bottom: BigInt(bottom || 1) };
}

function decimal(text) {
  const [whole, part = ""] = text.split(".");
  return fraction(BigInt(whole + part), 10n ** BigInt(part.length));
}

const plus = (p, q) => fraction(p.top * q.bottom + q.top * p.bottom, p.bottom * q.bottom);
const times = (p, q) => fraction(p.top * q.top, p.bottom * q.bottom);
const minus = (p, q) => plus(p, { top: -q.top, bottom: q.bottom });
const written = (p) => (p.bottom === 1n ? `${p.top}` : `${p.top}/${p.bottom}`);

function approximately(p) {
  const scaled = (p.top * 10n ** 6n) / p.bottom;
  return Number(scaled) / 1e6;
}

// ---- The networks.

for (const panel of data.panels) {
  panel.exactLines = panel.lines.map((line) => line.map(BigInt));
  panel.exactPieces = panel.pieces.map(({ gradient, constant }) => ({
    gradient: gradient.map((row) => row.map(parsed)),
    constant: constant.map(parsed),
  }));
}

function isInside(panel, region, x, y) {
  const scale = x.bottom * y.bottom;
  return region.sides.every((side) => {
    const [a, b, c] = panel.exactLines[Math.abs(side) - 1];
    const value = a * x.top * y.bottom + b * y.top * x.bottom - c * scale;
    return side > 0 ? value >= 0n : value <= 0n;
  });
}

function mayBeInside(panel, region, x, y) {
  return region.sides.every((side) => {
    const [a, b, c] = panel.roundedLines[Math.abs(side) - 1];
    const value = a * x + b * y - c;
    return (side > 0 ? value : -value) >= -1e-9 * (1 + Math.abs(x) + Math.abs(y));
  });
}

// Floats only choose which regions to try first.
function regionAt(panel, x, y) {
  const [u, v] = [approximately(x), approximately(y)];
  const likely = panel.regions.filter((region) => mayBeInside(panel, region, u, v));
  const found = likely.find((region) => isInside(panel, region, x, y));
  return found || panel.regions.find((region) => isInside(panel, region, x, y));
}

function valuesAt(panel, region, x, y) {
  const { gradient, constant } = panel.exactPieces[region.piece];
  return gradient.map(([a, b], k) => plus(plus(times(a, x), times(b, y)), constant[k]));
}

// ---- What is shown.

const shown = {
  point: null, // decimals, as texts
  view: { ...data.view },
  monomial: null, // [which polynomial, number]
  weights: true,
  walls: false,
  branches: false,
  bends: false,
  difference: true,
  neurons: data.panels.map((panel) => panel.neurons.map(() => true)),
  layers: data.panels.map((panel) => panel.architecture.slice(1, -1).map(() => false)),
};

const FILLS = ["#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7", "#999999"];
const LINES = ["#000000", "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00"];
const DASHES = [[], [7, 4], [2, 3], [9, 3, 2, 3], [12, 4], [4, 4]];
const layerColour = (layer) => LINES[layer % LINES.length];
const layerDash = (layer) => DASHES[layer % DASHES.length];

// ---- Drawing.

const canvases = [];

function frame(canvas) {
  const { x, y, radius } = shown.view;
  const size = canvas.clientWidth;
  const scale = size / (2 * radius);
  return {
    size,
    scale,
    toScreen: (u, v) => [(u - x) * scale + size / 2, size / 2 - (v - y) * scale],
    toPlane: (i, j) => [(i - size / 2) / scale + x, (size / 2 - j) / scale + y],
  };
}

// The part of the visible square on one side of each line (Sutherland and Hodgman).
function clipped(lines) {
  const { x, y, radius } = shown.view;
  const r = 1.02 * radius;
  let ring = [[x - r, y - r], [x + r, y - r], [x + r, y + r], [x - r, y + r]];
  for (const [a, b, c] of lines) {
    const value = ([u, v]) => a * u + b * v - c;
    const next = [];
    ring.forEach((here, k) => {
      const there = ring[(k + 1) % ring.length];
      const [p, q] = [value(here), value(there)];
      if (p >= 0) next.push(here);
      if (p > 0 !== q > 0 && p !== q) {
        const t = p / (p - q);
        next.push([here[0] + t * (there[0] - here[0]), here[1] + t * (there[1] - here[1])]);
      }
    });
    ring = next;
    if (!ring.length) break;
  }
  return ring;
}

function linesOf(panel, region) {
  return region.sides.map((side) => {
    const [a, b, c] = panel.roundedLines[Math.abs(side) - 1];
    return side > 0 ? [a, b, c] : [-a, -b, -c];
  });
}

// The visible part of {point + t * direction} (Liang and Barsky); null if there is none.
function visible([px, py, dx, dy, least, most]) {
  const { x, y, radius } = shown.view;
  const r = 1.05 * radius;
  let [low, high] = [least === null ? -Infinity : least, most === null ? Infinity : most];
  for (const [p, d, centre] of [[px, dx, x], [py, dy, y]]) {
    if (d === 0) {
      if (Math.abs(p - centre) > r) return null;
      continue;
    }
    const ends = [(centre - r - p) / d, (centre + r - p) / d].sort((s, t) => s - t);
    low = Math.max(low, ends[0]);
    high = Math.min(high, ends[1]);
  }
  if (low > high) return null;
  return [[px + low * dx, py + low * dy], [px + high * dx, py + high * dy]];
}

function polygon(context, { toScreen }, ring) {
  context.beginPath();
  ring.forEach((corner, k) => {
    const [i, j] = toScreen(...corner);
    if (k) context.lineTo(i, j);
    else context.moveTo(i, j);
  });
  context.closePath();
}

function segment(context, { toScreen }, edge) {
  const ends = visible(edge);
  if (!ends) return null;
  const [from, to] = ends.map((end) => toScreen(...end));
  context.beginPath();
  context.moveTo(...from);
  context.lineTo(...to);
  context.stroke();
  return [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2, Math.hypot(from[0] - to[0], from[1] - to[1])];
}

function draw() {
  canvases.forEach((canvas, k) => drawPanel(canvas, data.panels[k], k));
}

function drawPanel(canvas, panel, k) {
  const context = canvas.getContext("2d");
  const { size, ...to } = frame(canvas);
  const density = window.devicePixelRatio || 1;
  canvas.width = canvas.height = Math.round(size * density);
  context.setTransform(density, 0, 0, density, 0, 0);
  context.clearRect(0, 0, size, size);
  context.lineJoin = "round";
  for (const region of panel.regions) {
    const ring = clipped(linesOf(panel, region));
    if (ring.length < 3) continue;
    polygon(context, to, ring);
    const colour = panel.pieces[region.piece].colour;
    context.fillStyle = FILLS[colour % FILLS.length];
    context.globalAlpha = 0.45;
    context.fill();
    context.globalAlpha = 1;
  }
  if (shown.difference && data.difference) drawDifference(context, to, size);
  if (shown.monomial !== null && k === 0) drawDomain(context, to);
  if (shown.walls) {
    context.strokeStyle = "white";
    context.lineWidth = 1;
    panel.walls.forEach((wall) => segment(context, to, wall.edge));
  }
  drawBreaks(context, to, panel);
  panel.neurons.forEach(({ layer, walls }, number) => {
    if (!shown.layers[k][layer - 1] || !shown.neurons[k][number]) return;
    context.strokeStyle = layerColour(layer - 1);
    context.setLineDash(layerDash(layer - 1));
    context.lineWidth = 2;
    walls.forEach((wall) => segment(context, to, panel.walls[wall].edge));
    context.setLineDash([]);
  });
  if (shown.branches && panel.branches) {
    context.lineWidth = 3;
    panel.branches.forEach((edges, number) => {
      context.strokeStyle = LINES[(number + 1) % LINES.length];
      edges.forEach((edge) => segment(context, to, edge));
    });
  }
  if (shown.bends && panel.bends) {
    for (const bend of panel.bends) {
      const [i, j] = to.toScreen(bend.x, bend.y);
      context.beginPath();
      context.arc(i, j, 5, 0, 7);
      context.fillStyle = LINES[(bend.branch + 1) % LINES.length];
      context.fill();
      context.strokeStyle = "black";
      context.lineWidth = 1;
      context.stroke();
    }
  }
  drawScale(context, to, size);
  if (shown.point) {
    const [i, j] = to.toScreen(...shown.point.map(Number));
    context.strokeStyle = "black";
    context.lineWidth = 1.5;
    context.beginPath();
    context.arc(i, j, 6, 0, 7);
    context.moveTo(i - 10, j);
    context.lineTo(i + 10, j);
    context.moveTo(i, j - 10);
    context.lineTo(i, j + 10);
    context.stroke();
  }
}

function drawBreaks(context, to, panel) {
  const largest = Math.max(...panel.walls.map((wall) => wall.size), 0);
  const labels = [];
  for (const wall of panel.walls) {
    if (!wall.size) continue;
    context.strokeStyle = wall.concave ? "#B2182B" : "#10305A";
    context.setLineDash(wall.concave ? [8, 3] : []);
    context.lineWidth = 1 + 3 * Math.sqrt(wall.size / largest);
    const middle = segment(context, to, wall.edge);
    if (shown.weights && middle && middle[2] > 60 && wall.weight.length < 12) {
      labels.push([wall.weight, ...middle]);
    }
  }
  context.setLineDash([]);
  if (labels.length > 60) return;
  context.font = "13px system-ui, sans-serif";
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (const [text, i, j] of labels) {
    const width = context.measureText(text).width;
    context.fillStyle = "white";
    context.fillRect(i - width / 2 - 3, j - 9, width + 6, 18);
    context.fillStyle = "black";
    context.fillText(text, i, j);
  }
}

function drawDifference(context, to, size) {
  context.save();
  context.beginPath();
  for (const lines of data.difference.cells) {
    const ring = clipped(lines);
    ring.forEach((corner, n) => {
      const [i, j] = to.toScreen(...corner);
      if (n) context.lineTo(i, j);
      else context.moveTo(i, j);
    });
    if (ring.length) context.closePath();
  }
  context.clip();
  context.strokeStyle = "rgba(178, 24, 43, 0.7)";
  context.lineWidth = 1;
  for (let i = -size; i < size; i += 9) {
    context.beginPath();
    context.moveTo(i, 0);
    context.lineTo(i + size, size);
    context.stroke();
  }
  context.restore();
}

function drawDomain(context, to) {
  const [which, number] = shown.monomial;
  const monomials = data.duality[which].rounded;
  const [a, b, c] = monomials[number];
  const others = monomials.filter((_, k) => k !== number);
  const ring = clipped(others.map(([p, q, r]) => [a - p, b - q, r - c]));
  if (ring.length < 3) return;
  polygon(context, to, ring);
  context.fillStyle = "rgba(0, 0, 0, 0.35)";
  context.fill();
}

function drawScale(context, { toScreen, scale }, size) {
  const steps = [1, 2, 5];
  let step = 10 ** Math.floor(Math.log10(size / scale / 8));
  step *= steps.find((s) => step * s * scale > size / 10) || 10;
  const { x, y, radius } = shown.view;
  context.fillStyle = "#222";
  context.font = "12px system-ui, sans-serif";
  const digits = Math.max(0, -Math.floor(Math.log10(step)));
  for (let n = Math.ceil((x - radius) / step); n * step < x + radius; n++) {
    const [i] = toScreen(n * step, 0);
    context.textAlign = "center";
    context.textBaseline = "bottom";
    context.fillText((n * step).toFixed(digits), i, size - 3);
    context.fillRect(i, size - 3, 1, 3);
  }
  for (let n = Math.ceil((y - radius) / step); n * step < y + radius; n++) {
    const [, j] = toScreen(0, n * step);
    context.textAlign = "left";
    context.textBaseline = "middle";
    context.fillText((n * step).toFixed(digits), 5, j);
    context.fillRect(0, j, 3, 1);
  }
}

// ---- Reading a point.

function digitsOfView() {
  return Math.min(12, Math.max(0, Math.ceil(2 - Math.log10(shown.view.radius))));
}

function readAt(x, y) {
  const digits = digitsOfView();
  shown.point = [x.toFixed(digits), y.toFixed(digits)];
  tell();
  draw();
}

function paragraph(text, id) {
  const p = document.createElement("p");
  p.textContent = text;
  if (id) p.id = id;
  return p;
}

function tell() {
  const reading = document.getElementById("reading");
  const [x, y] = shown.point.map(decimal);
  const lines = [paragraph(`(${data.axes.join(", ")}) = (${written(x)}, ${written(y)})`, "point")];
  const found = data.panels.map((panel, k) => {
    const region = regionAt(panel, x, y);
    const values = valuesAt(panel, region, x, y);
    const name = data.panels.length > 1 ? `${panel.name}: ` : "";
    lines.push(paragraph(`${name}pattern ${region.pattern.join(" | ") || "()"}`, `pattern${k}`));
    panel.pieces[region.piece].texts.forEach((text, n) => {
      const output = values.length > 1 ? `f${n + 1}` : "f";
      lines.push(paragraph(`${name}${output} = ${text}`, `piece${k}-${n}`));
      const about = values[n].bottom === 1n ? "" : ` ≈ ${approximately(values[n])}`;
      lines.push(paragraph(`${name}value ${written(values[n])}${about}`, `value${k}-${n}`));
    });
    const near = nearestWall(panel);
    if (near) lines.push(paragraph(`${name}weight ${near.weight} on ${near.equation}`, `weight${k}`));
    return values;
  });
  if (found.length > 1) {
    const differences = found[0].map((value, n) => written(minus(value, found[1][n])));
    lines.push(paragraph(`difference ${differences.join(", ")}`, "difference"));
  }
  reading.replaceChildren(...lines);
  if (data.duality) markMonomials(x, y);
}

// The break within a few pixels of the point, if there is one.
function nearestWall(panel) {
  const [x, y] = shown.point.map(Number);
  const reach = shown.view.radius / 60;
  let [best, found] = [reach, null];
  for (const wall of panel.walls) {
    if (!wall.size) continue;
    const [px, py, dx, dy, least, most] = wall.edge;
    let t = ((x - px) * dx + (y - py) * dy) / (dx * dx + dy * dy);
    t = Math.min(most === null ? Infinity : most, Math.max(least === null ? -Infinity : least, t));
    const distance = Math.hypot(x - px - t * dx, y - py - t * dy);
    if (distance < best) [best, found] = [distance, wall];
  }
  return found;
}

// ---- Newton polygons.

const SVG = "http://www.w3.org/2000/svg";

function element(name, attributes, parent) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  parent.append(made);
  return made;
}

function largest(which, x, y) {
  let [best, found] = [null, []];
  data.duality[which].monomials.forEach(([a, b, c], number) => {
    const value = plus(plus(times(parsed(a), x), times(parsed(b), y)), parsed(c));
    const ahead = best === null ? 1n : minus(value, best).top;
    if (ahead > 0n) [best, found] = [value, [number]];
    else if (ahead === 0n) found.push(number);
  });
  return found;
}

function markMonomials(x, y) {
  for (const which of ["g", "h"]) {
    const found = largest(which, x, y);
    document.querySelectorAll(`#polygon-${which} circle`).forEach((circle, number) => {
      const hit = found.includes(number);
      circle.setAttribute("fill", hit ? "#D55E00" : "#222");
      circle.setAttribute("r", hit ? 7 : 4);
    });
  }
}

function drawPolygons() {
  document.getElementById("duality").hidden = false;
  for (const which of ["g", "h"]) {
    const { rounded, cells, edges } = data.duality[which];
    const svg = element("svg", { id: `polygon-${which}`, viewBox: "-20 -20 240 260", role: "img" },
      document.getElementById("polygons"));
    svg.setAttribute("aria-label", `Newton polygon of ${which}`);
    const columns = [0, 1].map((k) => rounded.map((monomial) => monomial[k]));
    const low = columns.map((column) => Math.min(...column));
    const extent = Math.max(...columns.map((column, k) => Math.max(...column) - low[k])) || 1;
    const at = ([a, b]) => [(200 * (a - low[0])) / extent, 200 - (200 * (b - low[1])) / extent];
    cells.forEach((cell, k) => {
      const points = cell.map((number) => at(rounded[number]).join(",")).join(" ");
      element("polygon", { points, fill: FILLS[k % FILLS.length], "fill-opacity": 0.4 }, svg);
    });
    for (const [from, to] of edges) {
      const [[x1, y1], [x2, y2]] = [at(rounded[from]), at(rounded[to])];
      element("line", { x1, y1, x2, y2, stroke: "#222", "stroke-width": 1.5 }, svg);
    }
    rounded.forEach((monomial, number) => {
      const [cx, cy] = at(monomial);
      const circle = element("circle", { cx, cy, r: 4, fill: "#222", tabindex: 0, role: "button" }, svg);
      const name = `${which}: ${data.duality[which].texts[number]}`;
      circle.setAttribute("aria-label", name);
      element("title", {}, circle).textContent = name;
      const choose = () => {
        const same = shown.monomial && shown.monomial[0] === which && shown.monomial[1] === number;
        shown.monomial = same ? null : [which, number];
        draw();
      };
      circle.addEventListener("click", choose);
      circle.addEventListener("keydown", (event) => {
        if (event.key === "Enter" || event.key === " ") {
          event.preventDefault();
          choose();
        }
      });
    });
    element("text", { x: 0, y: 230, "font-size": 16 }, svg).textContent = which;
  }
}

// ---- Controls.

function box(parent, id, text, checked, change, colour, dashed) {
  const label = document.createElement("label");
  const input = document.createElement("input");
  Object.assign(input, { type: "checkbox", id, checked });
  input.addEventListener("change", () => {
    change(input.checked);
    draw();
  });
  label.append(input, ` ${text} `);
  if (colour) {
    const key = document.createElement("span");
    key.className = "key";
    key.style.borderTopColor = colour;
    key.style.borderTopStyle = dashed ? "dashed" : "solid";
    label.append(key);
  }
  parent.append(label);
  return input;
}

function group(title) {
  const set = document.createElement("fieldset");
  const legend = document.createElement("legend");
  legend.textContent = title;
  set.append(legend);
  document.getElementById("switches").append(set);
  return set;
}

function makeSwitches() {
  const breaks = group("Breaks (width: weight)");
  box(breaks, "weights", "weights", true, (on) => (shown.weights = on));
  box(breaks, "convex", "convex", true, () => {}, "#10305A").disabled = true;
  box(breaks, "concave", "concave", true, () => {}, "#B2182B", true).disabled = true;
  box(breaks, "walls", "walls of regions", false, (on) => (shown.walls = on));
  if (data.panels.some((panel) => panel.branches)) {
    box(breaks, "branches", "branches", false, (on) => (shown.branches = on));
    box(breaks, "bends", "bends", false, (on) => (shown.bends = on));
  }
  if (data.difference) {
    box(breaks, "hatch", "where they differ (hatched)", true, (on) => (shown.difference = on));
  }
  data.panels.forEach((panel, k) => {
    panel.architecture.slice(1, -1).forEach((width, layer) => {
      const name = data.panels.length > 1 ? `${panel.name}, layer ${layer + 1}` : `Layer ${layer + 1}`;
      const set = group(`${name}: where neurons vanish`);
      box(set, `layer${k}-${layer + 1}`, "all", false, (on) => (shown.layers[k][layer] = on),
        layerColour(layer), layer > 0);
      panel.neurons.forEach((neuron, number) => {
        if (neuron.layer !== layer + 1) return;
        box(set, `neuron${k}-${layer + 1}-${neuron.position}`, String(neuron.position), true,
          (on) => (shown.neurons[k][number] = on));
      });
    });
  });
}

function zoom(factor, x, y) {
  const view = shown.view;
  view.x = x + (view.x - x) * factor;
  view.y = y + (view.y - y) * factor;
  view.radius = Math.min(1e9, Math.max(1e-9, view.radius * factor));
  draw();
}

function listen(canvas) {
  let grip = null;
  const planeOf = (event) => frame(canvas).toPlane(event.offsetX, event.offsetY);
  canvas.addEventListener("pointerdown", (event) => {
    grip = planeOf(event);
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    const [x, y] = planeOf(event);
    if (!grip) return readAt(x, y);
    shown.view.x += grip[0] - x;
    shown.view.y += grip[1] - y;
    return draw();
  });
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => (grip = null));
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    zoom(event.deltaY > 0 ? 1.2 : 1 / 1.2, ...planeOf(event));
  }, { passive: false });
  canvas.addEventListener("keydown", (event) => {
    const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
    const view = shown.view;
    if (event.key in ways) {
      const [dx, dy] = ways[event.key].map((way) => (way * view.radius) / 20);
      if (event.shiftKey) {
        view.x += dx;
        view.y += dy;
        draw();
      } else {
        const [x, y] = shown.point ? shown.point.map(Number) : [view.x, view.y];
        readAt(x + dx, y + dy);
      }
    } else if (event.key === "+" || event.key === "=") zoom(1 / 1.2, view.x, view.y);
    else if (event.key === "-") zoom(1.2, view.x, view.y);
    else if (event.key === "0") {
      shown.view = { ...data.view };
      draw();
    } else return;
    event.preventDefault();
  });
}

function start() {
  for (const panel of data.panels) {
    const figure = document.createElement("figure");
    const caption = document.createElement("figcaption");
    caption.textContent = `${panel.name} (${panel.architecture.join("-")}): ${panel.regions.length} regions, ` +
      `${panel.pieces.length} affine pieces`;
    const canvas = document.createElement("canvas");
    canvas.tabIndex = 0;
    canvas.setAttribute("aria-label", `regions of ${panel.name}`);
    figure.append(caption, canvas);
    document.getElementById("panels").append(figure);
    canvases.push(canvas);
    listen(canvas);
  }
  for (const fact of data.facts) {
    const item = document.createElement("li");
    item.textContent = fact;
    document.getElementById("facts").append(item);
  }
  makeSwitches();
  if (data.duality) drawPolygons();
  window.addEventListener("resize", draw);
  draw();
  document.body.dataset.ready = "yes";
}

start();
