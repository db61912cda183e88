// The kinds of charts, by Observable Plot. Each takes a width in CSS pixels and gives an SVG element.
import * as Plot from "@observablehq/plot";
import {EVIDENCE} from "./data.js";
import * as format from "./format.js";

const FONT = 12;
const GRID = "var(--grid)";
const DASHES = ["", "7 3", "2 3", "9 3 2 3", "", "7 3", "2 3", "9 3 2 3"];

/** Colour and dashes of the i-th series: neither is needed to tell two apart. */
export function seriesStyle(index) {
  return {colour: `var(--s${index % 8})`, dash: DASHES[index % 8]};
}

/** Plot puts a <style> into every figure, which the page's policy refuses; report.css has the same rules. */
function drawn(options, alt) {
  const svg = Plot.plot({className: "plot", style: {fontSize: `${FONT}px`}, ...options});
  for (const style of svg.querySelectorAll("style")) style.remove();
  for (const group of svg.querySelectorAll("[aria-label], [aria-description]")) { // of marks; the figure's own label says it all
    group.removeAttribute("aria-label");
    group.removeAttribute("aria-description");
  }
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", alt);
  svg.removeAttribute("font-family");
  return svg;
}

/** Dots whose shape tells the evidence: one layer each, as hollow ones are filled with the page's colour. */
function dots(points, options) {
  return Object.keys(EVIDENCE).filter((name) => points.some((point) => point.evidence === name)).map((name) => {
    const {symbol, filled} = EVIDENCE[name];
    const colour = options.colour ?? (() => `var(--ev-${name})`);
    return Plot.dot(points.filter((point) => point.evidence === name), {
      r: 4, symbol, x: options.x, y: options.y, title: options.title, strokeWidth: 1.6,
      stroke: colour, fill: filled ? colour : "var(--paper)"});
  });
}

function hasInterval(point) {
  return Number.isFinite(point.lo) && Number.isFinite(point.hi) && point.hi > point.lo;
}

/** Logarithmic where the values span so much and none is below what a logarithm has. Counts keep their zero longer: they are added up by eye. */
export function isLog(values, unit = "ns") {
  const least = Math.min(...values);
  return least > 0 && Math.max(...values) / least >= (unit.startsWith("ns") ? 12 : 60);
}

function domainOf(points, log) {
  const all = points.flatMap((point) => [point.value, hasInterval(point) ? point.lo : point.value, hasInterval(point) ? point.hi : point.value]);
  const low = Math.min(...all.filter((value) => !log || value > 0));
  const high = Math.max(...all);
  if (log) return [low / 1.15, high * 1.15];
  return [Math.min(0, low), high > 0 ? high * 1.06 : 1];
}

/** What all panels of a figure share, so that they can be compared by eye. */
export function valueScale(points) {
  const log = isLog(points.map((point) => point.value), points[0]?.unit);
  return {log, domain: domainOf(points, log), unit: points[0]?.unit ?? ""};
}

const tickText = (unit) => (number) => (unit.startsWith("ns") ? format.time(number) : format.short(number));

/** The axes of a logarithmic scale: D3 leaves out labels of ticks that we chose. Empty for other scales, which Plot labels. */
function logX(log, ticks, text) {
  return log ? [Plot.text(ticks, {x: (tick) => tick, frameAnchor: "bottom", dy: 15, text})] : [];
}
function logY(log, ticks, text) {
  return log ? [Plot.text(ticks, {y: (tick) => tick, frameAnchor: "left", dx: -8, textAnchor: "end", text})] : [];
}

/** Left margin that the longest tick takes. */
function marginFor(scale) {
  const texts = (scale.log ? format.logTicks(...scale.domain) : [scale.domain[1]]).map(tickText(scale.unit));
  return 14 + 7 * Math.max(3, ...texts.map((text) => text.length));
}

/** Lines over a parameter, a line a series, with interval bars. `points`: {x, value, lo, hi, series (index), evidence, title}. */
export function lines({points, xs, numeric, xLabel, scale, width, alt, rules = []}) {
  const colour = (point) => seriesStyle(point.series).colour;
  const shown = points.filter((point) => !scale.log || point.value > 0);
  const series = [...new Set(shown.map((point) => point.series))];
  const overLog = numeric && Math.min(...xs) > 0 && Math.max(...xs) / Math.min(...xs) > 30;
  const room = Math.max(2, Math.floor((width - marginFor(scale)) / 52));
  const step = Math.ceil(xs.length / room);
  const x = !numeric ? {type: "point", domain: xs, padding: 0.3, tickFormat: (word) => (xs.indexOf(word) % step === 0 ? String(word) : "")}
    : overLog ? {type: "log", axis: null, domain: [Math.min(...xs) / 1.1, Math.max(...xs) * 1.1], ticks: xs.length <= room ? xs : format.logTicks(Math.min(...xs), Math.max(...xs), room), tickFormat: format.short}
    : {type: "linear", domain: [Math.min(...xs), Math.max(...xs)], inset: 8, ticks: xs.filter((_, index) => index % step === 0), tickFormat: format.short};
  return drawn({
    width, height: 230, marginLeft: marginFor(scale), marginTop: 12, marginRight: 22, marginBottom: 48,
    x: {...x, label: xLabel, labelOffset: 36, labelAnchor: "center", labelArrow: "none", tickSize: 4},
    y: {type: scale.log ? "log" : "linear", domain: scale.domain, label: null, tickSize: 0, axis: scale.log ? null : "left", ticks: 5, tickFormat: tickText(scale.unit)},
    marks: [
      ...logY(scale.log, scale.log ? format.logTicks(...scale.domain, 7) : [], tickText(scale.unit)),
      ...logX(overLog, x.ticks, format.short),
      overLog ? Plot.text([xLabel], {frameAnchor: "bottom", dy: 36, text: (words) => words}) : null,
      Plot.gridY({stroke: GRID, strokeOpacity: 1, ticks: scale.log ? format.logTicks(...scale.domain, 7) : 5}),
      ...(numeric ? rules : []).map((rule) => Plot.ruleX([rule.x], {stroke: "var(--soft)", strokeDasharray: "2 3"})),
      ...(rules.length && numeric ? [Plot.text(rules, {x: "x", text: "label", frameAnchor: "top", dx: 3, textAnchor: "start", fill: "var(--soft)"})] : []),
      ...series.map((index) => Plot.line(shown.filter((point) => point.series === index), {x: "x", y: "value",
        stroke: seriesStyle(index).colour, strokeDasharray: seriesStyle(index).dash || undefined, strokeWidth: 1.7})),
      Plot.ruleX(shown.filter(hasInterval), {x: "x", y1: (point) => Math.max(point.lo, scale.log ? scale.domain[0] : -Infinity), y2: "hi", stroke: colour, strokeWidth: 1.3}),
      ...dots(shown, {x: "x", y: "value", title: "title", colour}),
    ].filter(Boolean),
  }, alt);
}

/** Rows with a mark, its interval, and lighter strokes for the tail; the name above its row, so that it has all of the width. */
export function rows({points, names, scale, width, alt, byRecord}) {
  const step = byRecord ? 32 + 9 * byRecord : 38;
  const height = step * names.length + 34;
  const colour = byRecord ? (point) => seriesStyle(point.series).colour : undefined;
  const shown = points.filter((point) => !scale.log || point.value > 0);
  const tails = shown.flatMap((point) => [point.p95, point.p99].filter(Number.isFinite).map((at) => ({...point, at})));
  const ticks = scale.log ? format.logTicks(...scale.domain, Math.max(3, Math.floor(width / 75))) : Math.max(3, Math.floor(width / 90));
  const y = (point) => names.indexOf(point.name) + (byRecord ? (25 + 9 * point.series) / step : 0.68);
  return drawn({
    width, height, marginLeft: 16, marginRight: 22, marginTop: 4, marginBottom: 28,
    x: {type: scale.log ? "log" : "linear", domain: scale.domain, label: null, axis: scale.log ? null : "bottom", ticks, tickFormat: tickText(scale.unit), tickSize: 0},
    y: {type: "linear", domain: [names.length, 0], axis: null},
    marks: [
      Plot.gridX({stroke: GRID, strokeOpacity: 1, ticks}),
      ...logX(scale.log, ticks, tickText(scale.unit)),
      byRecord ? Plot.ruleY(names.slice(1), {y: (name) => names.indexOf(name), stroke: GRID}) : Plot.ruleY(names, {y: (name) => names.indexOf(name) + 0.68, stroke: GRID}),
      Plot.text(names, {y: (name) => names.indexOf(name) + 11 / step, frameAnchor: "left", text: (name) => clip(name, width), fill: "var(--ink)", textAnchor: "start",
        stroke: "var(--paper)", strokeWidth: 4}),
      Plot.dot(tails, {x: "at", y, r: 1.6, fill: colour ?? "var(--soft)", fillOpacity: 0.9}),
      Plot.ruleY(shown.filter(hasInterval), {y, x1: (point) => Math.max(point.lo, scale.log ? scale.domain[0] : -Infinity), x2: "hi", stroke: colour ?? ((point) => `var(--ev-${point.evidence})`), strokeWidth: 2.4}),
      ...dots(shown, {x: "value", y, title: "title", colour}),
    ].filter(Boolean),
  }, alt);
}

function clip(name, width) {
  const room = Math.floor((width - 30) / 6.9);
  return name.length > room ? `${name.slice(0, room - 1)}…` : name;
}

const RATIOS = [1 / 1000, 1 / 500, 1 / 200, 1 / 100, 1 / 50, 1 / 20, 1 / 10, 1 / 5, 1 / 3, 1 / 2, 1, 2, 3, 5, 10, 20, 50, 100, 200, 500, 1000];

/** Ratios around 1 with their intervals; the figure beside the name says it in digits. */
export function ratios({points, width, alt, less, more}) {
  const reach = Math.max(2, ...points.flatMap((point) => [point.ratio, 1 / point.ratio, hasRatioInterval(point) ? point.hi : 1, hasRatioInterval(point) ? 1 / point.lo : 1])) * 1.15;
  const low = Math.min(0.8, ...points.flatMap((point) => [point.ratio, hasRatioInterval(point) ? point.lo : 1])) / 1.15;
  const high = Math.max(1.25, ...points.flatMap((point) => [point.ratio, hasRatioInterval(point) ? point.hi : 1])) * 1.15;
  const domain = [Math.max(low, 1 / reach), Math.min(high, reach)];
  const within = RATIOS.filter((tick) => tick >= domain[0] && tick <= domain[1]);
  const few = within.length > width / 55 ? within.filter((tick) => [1, 2, 10, 100, 1000].some((kept) => Math.abs(tick - kept) < 1e-9 || Math.abs(1 / tick - kept) < 1e-9)) : within;
  const y = (point) => points.indexOf(point) + 0.68;
  return drawn({
    width, height: 40 * points.length + 58, marginLeft: 8, marginRight: 16, marginTop: 22, marginBottom: 30,
    x: {type: "log", domain, label: null, axis: null},
    y: {type: "linear", domain: [points.length, 0], axis: null},
    marks: [
      Plot.gridX({stroke: GRID, strokeOpacity: 1, ticks: few}),
      ...logX(true, few, (tick) => (tick < 1 ? `1/${Math.round(1 / tick)}` : `${Math.round(tick)} ×`)),
      Plot.ruleX([1], {stroke: "var(--ink)", strokeWidth: 1.2}),
      Plot.text([less], {frameAnchor: "top-left", dy: -16, text: (words) => words, fill: "var(--soft)"}),
      Plot.text([more], {frameAnchor: "top-right", dx: 8, dy: -16, text: (words) => words, fill: "var(--soft)"}),
      Plot.ruleY(points, {y, x1: () => 1, x2: "ratio", stroke: "var(--grid)", strokeWidth: 5}),
      Plot.ruleY(points.filter(hasRatioInterval), {y, x1: "lo", x2: "hi", stroke: (point) => `var(--ev-${point.evidence})`, strokeWidth: 2.4}),
      Plot.text(points, {y: (point) => y(point) - 0.42, frameAnchor: "left", textAnchor: "start", text: (point) => clip(point.name, width - 7.2 * point.says.length), fill: "var(--ink)", stroke: "var(--paper)", strokeWidth: 4}),
      Plot.text(points, {y: (point) => y(point) - 0.42, frameAnchor: "right", dx: 8, textAnchor: "end", text: "says", fill: "var(--ink)", fontWeight: 650, stroke: "var(--paper)", strokeWidth: 4}),
      ...dots(points, {x: "ratio", y, title: "title"}),
    ],
  }, alt);
}

function hasRatioInterval(point) {
  return Number.isFinite(point.lo) && Number.isFinite(point.hi) && point.hi > point.lo;
}

const TAIL = [0, 0.5, 0.9, 0.95, 0.99];
/** A share of ops as a height: the tail, which is what one looks for, gets as much room as the bulk. */
const height = (share) => -Math.log10(1 - share);

/** How many ops took no longer than so much; P50, P95 and P99 with their intervals on the curves. */
export function distribution({curves, scale, width, alt}) {
  const points = curves.flatMap((curve) => curve.quantiles.slice(0, 100).map((value, index) => ({x: value, y: height(index / 100), series: curve.series})));
  const marks = curves.flatMap((curve) => curve.marks.map((mark) => ({...mark, y: height(mark.share), series: curve.series, evidence: curve.evidence})));
  const colour = (point) => seriesStyle(point.series).colour;
  const ticks = scale.log ? format.logTicks(...scale.domain, Math.max(3, Math.floor(width / 80))) : Math.max(3, Math.floor(width / 100));
  return drawn({
    width, height: 220, marginLeft: 44, marginRight: 16, marginTop: 12, marginBottom: 28,
    x: {type: scale.log ? "log" : "linear", domain: scale.domain, label: null, axis: scale.log ? null : "bottom", ticks, tickFormat: tickText(scale.unit), clamp: true, tickSize: 0},
    y: {type: "linear", domain: [0, 2.05], ticks: TAIL.map(height), tickFormat: (at) => `${Math.round(100 * (1 - 10 ** -at))} %`, label: null, tickSize: 0},
    marks: [
      Plot.gridY(TAIL.map(height), {stroke: GRID, strokeOpacity: 1}),
      Plot.gridX({stroke: GRID, strokeOpacity: 1, ticks}),
      ...logX(scale.log, ticks, tickText(scale.unit)),
      ...curves.map((curve) => Plot.line(points.filter((point) => point.series === curve.series), {x: "x", y: "y", stroke: seriesStyle(curve.series).colour,
        strokeDasharray: seriesStyle(curve.series).dash || undefined, strokeWidth: 1.6})),
      Plot.ruleY(marks.filter((mark) => hasInterval(mark)), {x1: (mark) => Math.max(mark.lo, scale.log ? scale.domain[0] : mark.lo), x2: "hi", y: "y", stroke: colour, strokeWidth: 2.4}),
      ...dots(marks, {x: "value", y: "y", title: "title", colour}),
    ],
  }, alt);
}

/** All cases as marks over one axis, a row a family: what things cost here. */
export function strip({points, names, scale, width, alt}) {
  const ticks = scale.log ? format.logTicks(...scale.domain, Math.max(3, Math.floor(width / 75))) : 5;
  const layers = Object.keys(EVIDENCE).map((name) => points.filter((point) => point.evidence === name)).filter((layer) => layer.length);
  return drawn({
    width, height: 44 * names.length + 36, marginLeft: 8, marginRight: 16, marginTop: 4, marginBottom: 28,
    x: {type: scale.log ? "log" : "linear", domain: scale.domain, label: null, axis: scale.log ? null : "bottom", ticks, tickFormat: tickText(scale.unit), tickSize: 0},
    y: {type: "linear", domain: [names.length, 0], axis: null},
    marks: [
      Plot.gridX({stroke: GRID, strokeOpacity: 1, ticks}),
      ...logX(scale.log, ticks, tickText(scale.unit)),
      Plot.ruleY(names, {y: (name) => names.indexOf(name) + 0.66, stroke: GRID}),
      Plot.text(names, {y: (name) => names.indexOf(name) + 0.22, frameAnchor: "left", textAnchor: "start", text: (name) => name, fill: "var(--ink)", stroke: "var(--paper)", strokeWidth: 4}),
      ...layers.map((layer) => Plot.dot(layer, {x: "value", y: (point) => names.indexOf(point.name) + 0.66, r: 4, symbol: EVIDENCE[layer[0].evidence].symbol, title: "title",
        stroke: `var(--ev-${layer[0].evidence})`, fill: EVIDENCE[layer[0].evidence].filled ? `var(--ev-${layer[0].evidence})` : "var(--paper)", fillOpacity: 0.55, strokeWidth: 1.2})),
    ],
  }, alt);
}

/** A history: values with intervals, the band of its noise, and where it changed. */
export function trend({points, band, changes, scale, width, alt, evidence}) {
  const xs = points.map((point, index) => index);
  const step = Math.ceil(xs.length / Math.max(2, Math.floor(width / 100)));
  const marked = points.map((point, index) => ({...point, x: index, evidence}));
  return drawn({
    width, height: 220, marginLeft: marginFor(scale), marginRight: 16, marginTop: 26, marginBottom: 30,
    x: {type: "linear", domain: [-0.5, xs.length - 0.5], label: null, ticks: xs.filter((at) => at % step === 0), tickFormat: (at) => (points[at]?.started ?? "").slice(0, 10), tickSize: 4},
    y: {type: scale.log ? "log" : "linear", domain: scale.domain, label: null, axis: scale.log ? null : "left", ticks: 5, tickFormat: tickText(scale.unit), tickSize: 0},
    marks: [
      ...logY(scale.log, scale.log ? format.logTicks(...scale.domain) : [], tickText(scale.unit)),
      band ? Plot.rect([band], {y1: "lo", y2: "hi", x1: () => -0.5, x2: () => xs.length - 0.5, fill: "var(--band)"}) : null,
      Plot.gridY({stroke: GRID, strokeOpacity: 1, ticks: scale.log ? format.logTicks(...scale.domain) : 5}),
      Plot.ruleX(changes, {x: (change) => change.index - 0.5, stroke: "var(--alarm)", strokeWidth: 1.6, strokeDasharray: "4 3"}),
      Plot.text(changes, {x: (change) => change.index - 0.5, frameAnchor: "top", dy: -18, text: "says", fill: "var(--alarm)", fontWeight: 650}),
      Plot.text(marked.filter((point) => !Number.isFinite(point.value)), {x: "x", frameAnchor: "bottom", dy: -4, text: () => "×", title: "title", fill: "var(--alarm)", fontWeight: 700, fontSize: 14}),
      Plot.line(marked, {x: "x", y: (point) => point.value ?? NaN, stroke: `var(--ev-${evidence})`, strokeWidth: 1.4, strokeOpacity: 0.6}),
      Plot.ruleX(marked.filter(hasInterval), {x: "x", y1: "lo", y2: "hi", stroke: `var(--ev-${evidence})`, strokeWidth: 1.3}),
      ...dots(marked.filter((point) => Number.isFinite(point.value)), {x: "x", y: "value", title: "title"}),
    ].filter(Boolean),
  }, alt);
}
