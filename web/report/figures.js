// From cases to figures: which parameter runs along the axis is found from what there is; known.js says what people expect of the catalogue.
import {caseName, compareValues, tellingMetric, valueOf} from "./data.js";
import * as charts from "./charts.js";
import {element, listed, newId, plural} from "./dom.js";
import {badge} from "./evidence.js";
import * as format from "./format.js";
import {axesOf, metricTitle, paramTitle, togetherOf} from "./known.js";

const LINES_MAX = 6;   // in a panel: more cannot be told apart
const ROWS_MAX = 14;   // in a figure of rows: more fill a screen
const PANELS_MAX = 12;

/** Figures that are drawn again when the page's width changes. */
let drawn = [];
export function redraw() {
  drawn = drawn.filter(({made}) => made.isConnected);
  for (const {draw} of drawn) draw();
}

/** A figure with a caption, its evidence, what the lines are, and panels: {title, draw(width)}. */
export function figure({title, about, evidence, keys = [], panels, wide = false, single = false}) {
  const holders = panels.map((panel) => element("div", {class: "panel"}, panel.title ? element("p", {class: "panel-title"}, panel.title,
    panel.evidence ? [" ", badge(panel.evidence)] : null) : null, element("div", {class: "plot-box"})));
  const made = element("figure", {class: `fig${wide || panels.length > 1 ? " wide" : ""}`},
    element("figcaption", {}, element("span", {class: "fig-title"}, title), about ? element("span", {class: "fig-about"}, about) : null,
      element("span", {class: "badges"}, [...evidence].map(badge))),
    keys.length > 1 || (single && keys.length) ? element("ul", {class: "keys"}, keys.map((key, index) => keyItem(key, index))) : null,
    element("div", {class: `panels${panels.length > 1 ? " several" : ""}`}, holders));
  const widths = panels.map(() => 0);
  drawn.push({made, draw: () => {
    panels.forEach((panel, index) => {
      const box = holders[index].lastElementChild;
      const width = Math.floor(box.clientWidth);
      if (!width || width === widths[index]) return;
      widths[index] = width;
      box.replaceChildren(panel.draw(width));
    });
  }});
  return made;
}

function keyItem(text, index) {
  const {colour, dash} = charts.seriesStyle(index);
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 28 10");
  svg.setAttribute("class", "swatch");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "line");
  for (const [name, value] of Object.entries({x1: 0, x2: 28, y1: 5, y2: 5, stroke: colour, "stroke-width": 2.5, "stroke-dasharray": dash})) line.setAttribute(name, value);
  svg.append(line);
  return element("li", {}, svg, text);
}

/** The numeric value of a parameter that files write as text, too: "08" stays a word. */
function paramOf(row, name) {
  return name === "variant" ? row.variant : name === "kernel" ? row.kernel : row.params[name];
}

function distinct(rows, name) {
  return [...new Set(rows.map((row) => paramOf(row, name)).filter((value) => value !== undefined))].sort(compareValues);
}

/** Which parameter runs along the axis: what is expected, else the numeric one with most values, three at least. */
function chooseAxis(rows, axes) {
  if (axes.x && distinct(rows, axes.x).length >= 2) return axes.x;
  const names = new Set(rows.flatMap((row) => Object.keys(row.params)));
  const numeric = [...names].map((name) => [name, distinct(rows, name)])
    .filter(([, values]) => values.filter((value) => typeof value === "number").length >= 3);
  numeric.sort((a, b) => b[1].length - a[1].length);
  return numeric[0]?.[0] ?? null;
}

function product(rows, dimensions) {
  const groups = new Map();
  for (const row of rows) {
    const name = dimensions.map((dimension) => [dimension, paramOf(row, dimension)]).filter(([, value]) => value !== undefined)
      .map(([dimension, value]) => (dimension === "variant" || dimension === "kernel" ? value : `${dimension}=${value}`)).join(" ");
    if (!groups.has(name)) groups.set(name, []);
    groups.get(name).push(row);
  }
  return groups;
}

/** Records whose values may stand on one axis: all that are of hardware or exact; each emulation by itself. */
function recordGroups(data, rows, metric) {
  const groups = new Map();
  for (const record of data.records) {
    const found = rows.map((row) => valueOf(row.by[record.index], metric)).find((value) => value);
    if (!found) continue;
    const key = found.evidence === "emulated" || found.evidence === "modelled" ? `${found.evidence} ${record.index}` : found.evidence;
    if (!groups.has(key)) groups.set(key, {evidence: found.evidence, records: []});
    groups.get(key).records.push(record);
  }
  return [...groups.values()];
}

function describe(row, record, found, name) {
  const interval = Number.isFinite(found.lo) && found.hi > found.lo ? `, ${found.interval === "range" ? "range" : "95 % interval"} ${format.value(found.lo, found.unit)} to ${format.value(found.hi, found.unit)}` : "";
  const tail = [["P95", found.p95], ["P99", found.p99]].filter(([, at]) => Array.isArray(at)).map(([which, at]) => `, ${which} ${format.value(at[0], found.unit)}`).join("");
  return `${name}, ${record.label}: ${format.value(found.value, found.unit)}${interval}${tail} (${found.evidence})`;
}

function point(row, record, metric, extra) {
  const found = valueOf(row.by[record.index], metric);
  if (!found) return null;
  return {...found, p95: found.p95?.[0], p99: found.p99?.[0], title: describe(row, record, found, caseName(row)), ...extra};
}

function span(points, unit) {
  const values = points.map((one) => one.value);
  return `from ${format.value(Math.min(...values), unit)} to ${format.value(Math.max(...values), unit)}`;
}

function chunks(list, size) {
  const made = [];
  for (let at = 0; at < list.length; at += size) made.push(list.slice(at, at + size));
  return made;
}

/** Lines over a parameter: a panel for each of what neither the axis nor the lines tell, and for each group of records. */
function lineFigure(data, family, title, rows, metric, x, axes) {
  const others = ["kernel", "variant", ...new Set(rows.flatMap((row) => Object.keys(row.params)))]
    .filter((name) => name !== x && distinct(rows, name).length > 1);
  const panelled = (axes.panels ?? []).filter((name) => others.includes(name));
  let inLines = others.filter((name) => !panelled.includes(name));
  if (!axes.panels && product(rows, inLines).size > LINES_MAX) { // what has fewest values makes panels
    const words = inLines.filter((name) => name !== "variant" && name !== "kernel").sort((a, b) => distinct(rows, a).length - distinct(rows, b).length);
    while (words.length && product(rows, inLines).size > LINES_MAX) {
      const name = words.shift();
      panelled.push(name);
      inLines = inLines.filter((other) => other !== name);
    }
  }
  const xs = distinct(rows, x);
  const numeric = xs.every((value) => typeof value === "number") && (xs.length > 8 || xs[0] > 0 || xs.at(-1) / xs.length < 4);
  const groups = recordGroups(data, rows, metric);
  const overlay = inLines.length === 0;
  const named = [...product(rows, inLines).keys()];
  const panels = [];
  for (const group of groups) {
    const views = overlay || group.records.length === 1 ? [group.records] : group.records.map((record) => [record]);
    const all = group.records.flatMap((record) => rows.map((row) => point(row, record, metric, {})).filter(Boolean));
    const scale = charts.valueScale(all);
    for (const [panelName, inPanel] of product(rows, panelled)) {
      for (const records of views) {
        const lines = overlay ? records.map((record) => ({name: record.label, rows: inPanel, record}))
          : named.map((name) => ({name, rows: product(inPanel, inLines).get(name) ?? [], record: records[0]}));
        const full = lines.map((line, index) => ({...line, index: overlay ? line.record.index : index % 8})).filter((line) => line.rows.some((row) => valueOf(row.by[line.record.index], metric)));
        const parts = chunks(full, overlay ? 6 : 8);
        parts.forEach((part, number) => {
          const points = part.flatMap((line) => line.rows.map((row) => point(row, line.record, metric, {x: numeric ? row.params[x] : paramOf(row, x), series: line.index})).filter((one) => one && one.x !== undefined))
            .sort((a, b) => compareValues(a.x, b.x));
          if (!points.length) return;
          const where = [data.records.length > 1 && !(overlay && records.length > 1) ? records.map((record) => record.label).join(", ") : "", panelName, parts.length > 1 ? `${number + 1} of ${parts.length}` : ""].filter(Boolean).join(", ");
          const alt = `${title}${where ? `, ${where}` : ""}: ${metricTitle(metric)} by ${paramTitle(family, x)}, ${span(points, points[0].unit)}, ${group.evidence}. ${listed(part.map((line) => line.name || "one line"))}. The table below has the values.`;
          panels.push({title: where, evidence: groups.length > 1 ? group.evidence : null, keys: part.map((line) => ({name: line.name, index: line.index})),
            draw: (width) => charts.lines({points, xs, numeric, xLabel: paramTitle(family, x), scale, width, alt, rules: cacheRules(x, records)})});
        });
      }
    }
  }
  const shown = panels.slice(0, PANELS_MAX);
  const keys = [];
  for (const panel of shown) for (const key of panel.keys) keys[key.index] = key.name;
  return shown.length ? figure({title, about: `${metricTitle(metric)} by ${paramTitle(family, x)}${panels.length > shown.length ? `; ${plural(panels.length - shown.length, "more panel")} left out, see the table` : ""}`,
    evidence: new Set(groups.map((group) => group.evidence)), keys: overlay ? (data.records.length > 1 ? keys : []) : keys, panels: shown}) : null;
}

/** Where a working set leaves a cache: of a ladder by bytes. */
function cacheRules(x, records) {
  if (x !== "bytes" || records.length !== 1) return [];
  return (records[0].machine.topology?.caches ?? []).map((cache) => ({x: cache.bytes, label: `L${cache.level}`}));
}

/** Rows in parts that fit a screen: by parameters, where several variants have the same; else as they come. */
function rowParts(rows, nameOf) {
  const names = [...new Set(rows.map(nameOf))];
  if (names.length <= ROWS_MAX) return [{title: "", rows, nameOf}];
  const params = [...new Set(rows.flatMap((row) => Object.keys(row.params)))].filter((name) => distinct(rows, name).length > 1);
  const groups = product(rows, params);
  const largest = Math.max(...[...groups.values()].map((group) => group.length));
  if (params.length && largest <= ROWS_MAX && groups.size * 2 <= names.length) {
    return [...groups].map(([title, group]) => ({title, rows: group, nameOf: (row) => nameOf({...row, params: {}})}));
  }
  const parts = chunks(names, ROWS_MAX);
  return parts.map((part, index) => ({title: `${index + 1} of ${parts.length}`, rows: rows.filter((row) => part.includes(nameOf(row))), nameOf}));
}

/** Cases one below the other. */
function rowFigure(data, title, rows, metric, nameOf) {
  const groups = recordGroups(data, rows, metric);
  const panels = [];
  for (const group of groups) {
    const pointsOf = (part) => group.records.flatMap((record) => part.rows.map((row) => point(row, record, metric, {name: part.nameOf(row), series: record.index})).filter(Boolean));
    const scale = charts.valueScale(pointsOf({rows, nameOf}).flatMap((one) => [one, ...[one.p99].filter(Number.isFinite).map((value) => ({value, unit: one.unit}))]));
    for (const part of rowParts(rows, nameOf)) {
      const mine = pointsOf(part);
      const names = [...new Set(mine.map((one) => one.name))];
      if (!names.length) continue;
      const where = [groups.length > 1 ? group.records.map((record) => record.label).join(", ") : "", part.title].filter(Boolean).join(", ");
      const alt = `${title}${where ? `, ${where}` : ""}: ${metricTitle(metric)} of ${plural(names.length, "case")}, ${span(mine, mine[0].unit)}, ${group.evidence}. The table below has the values.`;
      panels.push({title: where, evidence: groups.length > 1 ? group.evidence : null,
        draw: (width) => charts.rows({points: mine, names, scale, width, alt, byRecord: group.records.length > 1 ? data.records.length : 0})});
    }
  }
  if (!panels.length) return null;
  const shown = panels.slice(0, PANELS_MAX);
  const overlay = groups.some((group) => group.records.length > 1);
  const more = panels.length > shown.length ? `; ${plural(panels.length - shown.length, "more panel")} left out, see the table` : "";
  return figure({title, about: `${metricTitle(metric)}${groups.some((group) => group.evidence === "measured") ? "; small dots: P95, P99" : ""}${more}`, evidence: new Set(groups.map((group) => group.evidence)),
    keys: overlay ? data.records.map((record) => record.label) : [], panels: shown});
}

/** Curves of ops that were timed one by one. */
function curvesOf(data, rows) {
  const curves = [];
  for (const row of rows) {
    for (const record of data.records) {
      const tcase = row.by[record.index];
      const found = valueOf(tcase, "time");
      if (!found || !Array.isArray(tcase.distribution)) continue;
      const params = Object.entries(row.params).map(([key, value]) => `${key}=${value}`).join(" ");
      const marks = [[0.5, [found.value, found.lo, found.hi]], [0.95, found.p95], [0.99, found.p99]].filter(([, at]) => Array.isArray(at) && Number.isFinite(at[0]))
        .map(([share, [value, lo, hi]]) => ({share, value, lo, hi, title: `${row.id}, ${record.label}: P${100 * share} ${format.value(value, found.unit)}`}));
      curves.push({record: data.records.length > 1 ? record.label : "", kernel: row.kernel, variant: row.variant, params, evidence: found.evidence, quantiles: tcase.distribution, marks});
    }
  }
  return curves;
}

/** What can be held against each other: cases of the same parameters, else those of a kernel. */
function groupCurves(curves) {
  const alike = new Map();
  for (const curve of curves) {
    const peers = curves.filter((other) => other.params === curve.params && other.evidence === curve.evidence && other.record === curve.record);
    const byParams = curve.params !== "" && peers.length > 1;
    const name = `${byParams ? curve.params : curve.kernel}${new Set(curves.map((other) => other.evidence)).size > 1 ? ` (${curve.evidence})` : ""}`;
    if (!alike.has(name)) alike.set(name, []);
    alike.get(name).push({...curve, name: [curve.record, byParams ? curve.kernel : "", curve.variant, byParams ? "" : curve.params].filter(Boolean).join(" ")});
  }
  const groups = [];
  for (const [name, list] of alike) {
    list.sort((one, other) => one.quantiles[50] - other.quantiles[50]);
    const parts = chunks(list, LINES_MAX);
    parts.forEach((part, index) => groups.push({name: parts.length > 1 ? `${name}, ${index + 1} of ${parts.length}` : name, curves: part.map((curve, series) => ({...curve, series}))}));
  }
  return groups.sort((one, other) => other.curves.length - one.curves.length);
}

function distributionFigure(group) {
  const {curves} = group;
  const values = curves.flatMap((curve) => [curve.quantiles[1], curve.quantiles[99], ...curve.marks.flatMap((mark) => [mark.value, mark.lo, mark.hi].filter(Number.isFinite))]);
  const log = charts.isLog(values);
  const scale = {log, unit: "ns/op", domain: log ? [Math.min(...values.filter((value) => value > 0)) / 1.1, Math.max(...values) * 1.1] : [0, Math.max(...values) * 1.05]};
  const evidence = new Set(curves.map((curve) => curve.evidence));
  const alt = `How long single ops took, ${group.name}. ${curves.map((curve) => `${curve.name}: ${curve.marks.map((mark) => `P${100 * mark.share} ${format.time(mark.value)}`).join(", ")}`).join("; ")}. ${[...evidence].join(", ")}.`;
  return figure({title: "How long single ops took", about: "share of ops that took no longer; marks: P50, P95, P99 with intervals; the scale is stretched towards its top", evidence,
    keys: curves.map((curve) => curve.name), single: true, panels: [{draw: (width) => charts.distribution({curves, scale, width: Math.min(width, 760), alt})}]});
}

/** Of a family's ops that were timed one by one: how many took no longer than so much. One figure, and a choice of what it shows. */
export function distributions(data, rows) {
  const groups = groupCurves(curvesOf(data, rows));
  if (!groups.length) return null;
  const holder = element("div", {class: "fig wide"}, distributionFigure(groups[0]));
  if (groups.length > 1) {
    const choose = element("select", {id: newId("cases"), onchange: () => {
      holder.replaceChildren(pick, distributionFigure(groups[choose.selectedIndex]));
      redraw();
    }}, groups.map((group) => element("option", {}, `${group.name} (${plural(group.curves.length, "curve")})`)));
    const pick = element("p", {class: "pick"}, element("label", {for: choose.id}, "Single ops of "), choose);
    holder.prepend(pick);
  }
  return holder;
}

/** Pairs of CPUs by what they share, as a table with a heat: a shade is a hint, the number is the value. */
export function heatMaps(data, kernel, rows, metric) {
  const placed = rows.filter((row) => row.params.place !== undefined);
  const places = distinct(placed, "place");
  if (placed.length < 2 || places.length < 2) return [];
  return data.records.flatMap((record) => {
    const cells = placed.map((row) => ({row, found: valueOf(row.by[record.index], metric), cpus: row.by[record.index]?.cpus})).filter((cell) => cell.found);
    if (cells.length < 2) return [];
    const name = (row) => [row.variant, ...Object.entries(row.params).filter(([key]) => key !== "place").map(([key, value]) => `${key}=${value}`)].join(" ");
    const names = [...new Set(cells.map((cell) => name(cell.row)))];
    const values = cells.map((cell) => Math.log(Math.max(cell.found.value, 1e-9)));
    const [least, most] = [Math.min(...values), Math.max(...values)];
    const used = places.filter((place) => cells.some((cell) => cell.row.params.place === place));
    const pair = (place) => cells.find((cell) => cell.row.params.place === place && cell.cpus)?.cpus;
    const title = `${kernel} by pair of CPUs${data.records.length > 1 ? `, ${record.label}` : ""}`;
    const table = element("table", {class: "heat"}, element("caption", {class: "away"}, title),
      element("thead", {}, element("tr", {}, element("th", {scope: "col"}, "case"), used.map((place) => element("th", {scope: "col"}, place, pair(place) ? element("span", {class: "cpus"}, `CPUs ${pair(place).join(", ")}`) : null)))),
      element("tbody", {}, names.map((one) => element("tr", {}, element("th", {scope: "row"}, one), used.map((place) => {
        const cell = cells.find((other) => other.row.params.place === place && name(other.row) === one);
        if (!cell) return element("td", {class: "none"}, "–");
        const heat = most > least ? Math.round(6 * (Math.log(Math.max(cell.found.value, 1e-9)) - least) / (most - least)) : 0;
        return element("td", {class: `heat-${heat}`}, format.value(cell.found.value, cell.found.unit));
      })))));
    return [element("figure", {class: "fig"}, element("figcaption", {}, element("span", {class: "fig-title"}, title), element("span", {class: "fig-about"}, `${metricTitle(metric)}; darker is slower`),
      element("span", {class: "badges"}, [...new Set(cells.map((cell) => cell.found.evidence))].map(badge))), element("div", {class: "scroll", tabindex: "0", role: "region", "aria-label": title}, table))];
  });
}

/** All figures of a family. Kernels of one or two cases share one. */
export function familyFigures(data, family, chosen) {
  const made = [];
  const small = [];
  const together = togetherOf(family.name);
  const groups = together ? [[together.title, family.rows]] : [...family.kernels];
  for (const [name, all] of groups) {
    const metric = chosen ?? tellingMetric(all);
    const rows = all.filter((row) => row.by.some((tcase) => valueOf(tcase, metric)));
    if (!metric || !rows.length) continue;
    const axes = axesOf(family.name, name);
    const x = rows.length >= 3 || axes.x ? chooseAxis(rows, axes) : null;
    const onAxis = x ? rows.filter((row) => row.params[x] !== undefined) : [];
    if (x && onAxis.length >= 2 && distinct(onAxis, x).length >= 2) {
      made.push(lineFigure(data, family.name, name, onAxis, metric, x, axes));
      small.push(...rows.filter((row) => row.params[x] === undefined).map((row) => ({row, metric})));
    } else if (rows.length >= 3) {
      made.push(rowFigure(data, name, rows, metric, together ? (row) => `${row.kernel} ${caseName(row)}` : caseName));
    } else {
      small.push(...rows.map((row) => ({row, metric})));
    }
    made.push(...heatMaps(data, name, rows, metric));
  }
  for (const metric of new Set(small.map((one) => one.metric))) {
    const rows = small.filter((one) => one.metric === metric).map((one) => one.row);
    made.push(rowFigure(data, made.length ? "Single cases" : family.name, rows, metric, (row) => `${row.kernel} ${caseName(row)}`));
  }
  if (!chosen) made.push(distributions(data, family.rows));
  return made.filter(Boolean);
}
