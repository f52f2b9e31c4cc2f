"use strict";
// Draws only the rows in view: 5,000 samples scroll as smoothly as fifty.
const ROW_HEIGHT = 52, SPARE_ROWS = 6;
const state = { data: null, shown: [], chip: "All", open: null };
const $ = (id) => document.getElementById(id);

function element(tag, className, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

async function load() {
  const packed = $("data").textContent;
  const bytes = packed ? Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0)) : await sent();
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}

// Framed by the console, the page holds no data of its own: the console sends it.
function sent() {
  return new Promise((resolve) => {
    addEventListener("message", (event) => { if (event.source === parent) resolve(event.data); }, { once: true });
    parent.postMessage("ready", "*");
  });
}

const outcome = (cell) => cell.length ? cell.filter((one) => one.passed).length * 2 > cell.length : null;
const fails = (sample) => sample.cells.some((cell) => cell.some((one) => !one.passed));
const differs = (sample) => new Set(sample.cells.map(outcome).filter((one) => one !== null)).size > 1;
const CHIPS = { All: () => true, Failures: fails, Different: differs };

function drawHeader() {
  const { data } = state;
  document.title = data.title;
  $("title").textContent = data.title;
  $("runs").replaceChildren(...data.runs.map((run) => {
    const share = run.total ? run.passed / run.total : 0;
    const fill = element("i");
    fill.style.width = `${share * 100}%`;
    const prompts = Object.entries(run.prompts).map(([name, version]) => `${name}/${version}`).join(", ");
    return element("div", "run",
      element("b", "", run.name),
      element("span", "share", `${(share * 100).toFixed(1)}%`),
      element("span", "soft", ` ${run.passed} of ${run.total}`),
      element("div", "bar", fill),
      element("small", "", [...new Set([run.solver, run.model, prompts])].filter(Boolean).join(" · ")),
      element("small", "", `code ${run.code} · ${run.started.slice(0, 16).replace("T", " ")} UTC${run.cost ? ` · $${run.cost}` : ""}`));
  }));
  $("chips").replaceChildren(...Object.entries(CHIPS).map(([name, test]) => {
    const chip = element("button", "chip", `${name} ${data.samples.filter(test).length}`);
    chip.dataset.chip = name;
    chip.onclick = () => { state.chip = name; choose(); };
    return chip;
  }));
  const tags = [...new Set(data.samples.flatMap((sample) => sample.tags))].sort();
  $("tag").replaceChildren(new Option("every tag", ""), ...tags.map((tag) => new Option(tag, tag)));
  $("head").append(element("div", "", "sample"), ...data.runs.map((run) => element("div", "", run.name)));
  document.documentElement.style.setProperty("--runs", data.runs.length);
}

function choose() {
  const words = $("search").value.toLowerCase(), tag = $("tag").value;
  state.shown = state.data.samples.filter((sample) =>
    CHIPS[state.chip](sample)
    && (!tag || sample.tags.includes(tag))
    && (!words || text(sample).includes(words)));
  for (const chip of $("chips").children) {
    chip.setAttribute("aria-pressed", String(chip.dataset.chip === state.chip));
  }
  $("count").textContent = `${state.shown.length} shown`;
  $("spacer").style.height = `${state.shown.length * ROW_HEIGHT}px`;
  $("list").scrollTop = 0;
  drawRows(true);
}

function text(sample) {
  const reasons = sample.cells.flat().map((one) => one.reason);
  return [sample.key, sample.question, ...reasons].join("\n").toLowerCase();
}

// Rows that stay in view stay in the page: a redrawn one would lose the keyboard's place.
function drawRows(anew = false) {
  const list = $("list"), rows = $("window");
  const first = Math.max(0, Math.floor(list.scrollTop / ROW_HEIGHT) - SPARE_ROWS);
  const last = Math.min(state.shown.length, Math.ceil((list.scrollTop + list.clientHeight) / ROW_HEIGHT) + SPARE_ROWS);
  for (const row of [...rows.children]) {
    if (anew || row.dataset.at < first || row.dataset.at >= last) row.remove();
  }
  let next = rows.firstElementChild;
  for (let at = first; at < last; at++) {
    if (next && Number(next.dataset.at) === at) next = next.nextElementSibling;
    else rows.insertBefore(drawRow(state.shown[at], at), next);
  }
}

function drawRow(sample, at) {
  const row = element("div", "row",
    element("div", "name", element("div", "", sample.question), element("div", "soft", sample.key)),
    ...sample.cells.map((cell, column) => drawCell(sample, cell, column)));
  row.dataset.at = at;
  row.style.top = `${at * ROW_HEIGHT}px`;
  return row;
}

function drawCell(sample, cell, column) {
  if (!cell.length) return element("button", "cell none");
  const passed = outcome(cell), worst = cell.find((one) => !one.passed) ?? cell[0];
  const count = cell.length > 1 ? ` ${cell.filter((one) => one.passed).length}/${cell.length}` : "";
  const isOpen = state.open?.sample === sample && state.open.column === column;
  const made = element("button", `cell ${passed ? "good" : "bad"}${isOpen ? " open" : ""}`,
    `${passed ? "✓" : "✗"}${count} `, element("small", "", worst.reason || `${worst.ms} ms`));
  made.title = worst.reason;
  made.setAttribute("aria-label", `${sample.key}, ${state.data.runs[column].name}: ${passed ? "passed" : "failed"}`);
  made.onclick = () => openPanel(sample, column);
  return made;
}

function openPanel(sample, column) {
  state.open = { sample, column };
  const cell = sample.cells[column], close = element("button", "", "Close");
  close.onclick = closePanel;
  const body = cell.flatMap((one, repeat) => [
    cell.length > 1 ? element("h2", "", `Repeat ${repeat + 1}`) : null,
    ...one.steps.flatMap((step, number) => drawStep(step, number, one, sample, column)),
  ]);
  $("panel").replaceChildren(
    element("div", "top", element("div", "", element("h2", "", sample.question),
      element("div", "soft", `${sample.key} · ${state.data.runs[column].name} · ${sample.tags.join(", ")}`)), close),
    ...body.filter(Boolean));
  $("panel").hidden = false;
  $("panel").scrollTop = 0;
  close.focus();
  drawRows(true);
}

function closePanel() {
  const { sample, column } = state.open ?? {};
  $("panel").hidden = true;
  state.open = null;
  drawRows(true);
  const row = $("window").querySelector(`[data-at="${state.shown.indexOf(sample)}"]`);
  (row?.querySelectorAll(".cell")[column] ?? $("list")).focus();
}

function drawStep(step, number, result, sample, column) {
  const found = [];
  if (result.steps.length > 1) found.push(element("h2", "", `Turn ${number + 1}: ${step.question}`));
  found.push(element("p", "", ...(step.scores ?? []).map(([name, passed, detail]) =>
    element("span", `score ${passed ? "good" : "bad"}`, `${passed ? "✓" : "✗"} ${name}${detail ? `: ${detail}` : ""}`))));
  if (step.error) found.push(element("pre", "", step.error));
  if (step.sql || step.gold) found.push(...drawSql(step, number, sample, column));
  if (step.expected || step.actual) {
    found.push(element("h2", "", step.expected ? "Result: gold − answer +" : "Result"), drawResults(step));
  }
  if (step.text) found.push(element("h2", "", `Prose (${step.status})`), element("div", "prose", ...emphasized(step.text)));
  if (step.options) found.push(element("p", "soft", `options: ${step.options.join(" | ")}`));
  if (step.chart) found.push(element("p", "soft", `chart: ${step.chart}`));
  for (const attempt of step.attempts ?? []) {
    found.push(folded(`Attempt that was ${attempt.status}: ${(attempt.reasons ?? []).join(" ")}`, attempt.sql));
  }
  for (const call of step.calls ?? []) {
    found.push(folded(`Prompt ${call.name} (${call.tokens.join(" in, ")} out)`, call.rendered));
    found.push(folded("Reply", call.reply));
  }
  if (step.timings) found.push(element("h2", "", "Timeline"), ...drawTimeline(step.timings));
  return found;
}

// Of the prose's Markdown only the bold figures matter here.
const emphasized = (text) => text.split("**").map((part, at) => at % 2 ? element("b", "", part) : part);

function drawSql(step, number, sample, column) {
  const found = [element("h2", "", step.gold ? "SQL: gold − answer +" : "SQL"),
    step.gold ? drawDiff(step.gold, step.sql ?? "") : element("pre", "", step.sql)];
  sample.cells.forEach((cell, other) => {
    const theirs = cell[0]?.steps[number]?.sql;
    if (other !== column && theirs && step.sql && theirs !== step.sql) {
      found.push(element("h2", "", `SQL: ${state.data.runs[other].name} − this +`), drawDiff(theirs, step.sql));
    }
  });
  return found;
}

function folded(title, content) {
  return element("details", "", element("summary", "", title), element("pre", "", content ?? ""));
}

function drawDiff(before, after) {
  return element("pre", "", ...diff(before.split("\n"), after.split("\n")).map(([kind, line]) =>
    element("span", kind, `${{ cut: "− ", add: "+ ", same: "  " }[kind]}${line}`)));
}

// The longest common subsequence, line by line; statements are short.
function diff(left, right) {
  const common = Array.from({ length: left.length + 1 }, () => new Array(right.length + 1).fill(0));
  for (let i = left.length - 1; i >= 0; i--) {
    for (let j = right.length - 1; j >= 0; j--) {
      common[i][j] = left[i] === right[j] ? common[i + 1][j + 1] + 1 : Math.max(common[i + 1][j], common[i][j + 1]);
    }
  }
  const found = [];
  let i = 0, j = 0;
  while (i < left.length || j < right.length) {
    if (i < left.length && j < right.length && left[i] === right[j]) { found.push(["same", left[i]]); i++; j++; }
    else if (i < left.length && (j === right.length || common[i + 1][j] >= common[i][j + 1])) found.push(["cut", left[i++]]);
    else found.push(["add", right[j++]]);
  }
  return found;
}

// Rows of both sides; columns may stand in another order, so a row is known by its sorted cells.
function drawResults({ expected, actual }) {
  const left = (expected?.rows ?? []).map((row) => ["cut", row]);
  const right = (actual?.rows ?? []).map((row) => [expected ? "add" : "same", row]);
  const key = (row) => row.map(shown).sort().join("\u0000");
  const known = new Map();
  for (const entry of left) known.set(key(entry[1]), [...(known.get(key(entry[1])) ?? []), entry]);
  for (const entry of right) {
    const same = known.get(key(entry[1]))?.pop();
    if (same) { same[0] = "same"; entry[0] = "twin"; }
  }
  const rows = [...left, ...right.filter(([kind]) => kind !== "twin")].map(([kind, row]) =>
    element("tr", kind, element("td", "", { cut: "−", add: "+", same: "" }[kind]),
      ...row.map((cell) => element("td", "", shown(cell)))));
  const head = actual?.columns ? [element("tr", "", element("th", ""), ...actual.columns.map((name) => element("th", "", name)))] : [];
  return element("div", "results", element("p", "soft", counted(expected, actual)),
    rows.length ? element("table", "", ...head, ...rows) : null);
}

function counted(expected, actual) {
  const sides = Object.entries({ gold: expected, answer: actual }).filter(([, side]) => side)
    .map(([name, side]) => `${name} ${side.row_count} ${side.row_count === 1 ? "row" : "rows"}`).join(", ");
  if (!expected?.rows && !actual?.rows) return `${sides}; what stands in them is shown by vtion evals report`;
  return Math.max(expected?.row_count ?? 0, actual?.row_count ?? 0) > 20 ? `${sides}; the first 20 of each` : sides;
}

const shown = (cell) => cell === null ? "NULL" : typeof cell === "number" ? String(Number(cell.toPrecision(7))) : String(cell);

function drawTimeline(timings) {
  const longest = Math.max(...Object.values(timings), 1);
  return Object.entries(timings).map(([name, ms]) => {
    const bar = element("i");
    bar.style.width = `${(ms / longest) * 100}%`;
    return element("div", "time", element("span", "", name), bar, element("span", "", `${ms.toFixed(1)} ms`));
  });
}

function step(by) {
  if (!state.open) return;
  const place = state.shown.indexOf(state.open.sample) + by;
  if (place < 0 || place >= state.shown.length) return;
  $("list").scrollTop = Math.max(0, place * ROW_HEIGHT - 2 * ROW_HEIGHT);
  const sample = state.shown[place];
  const column = sample.cells[state.open.column].length ? state.open.column : sample.cells.findIndex((cell) => cell.length);
  openPanel(sample, column);
}

document.addEventListener("keydown", (event) => {
  if (event.target.matches("input, select")) return;
  if (event.key === "Escape") closePanel();
  if (event.key === "j") step(1);
  if (event.key === "k") step(-1);
});

// In a frame the page around it has the landmark.
if (parent === window) $("main").setAttribute("role", "main");

load().then((data) => {
  state.data = data;
  drawHeader();
  choose();
  $("list").addEventListener("scroll", () => drawRows(), { passive: true });
  addEventListener("resize", () => drawRows());
  $("search").oninput = choose;
  $("tag").onchange = choose;
  document.body.dataset.ready = "true";
});
