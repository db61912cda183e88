// Trends of a history: each case's runs, the band of its noise, and where it changed.
import * as charts from "./charts.js";
import {element, plural} from "./dom.js";
import {figure} from "./figures.js";
import * as format from "./format.js";

/** "+12.1 %" */
function step({from, to}) {
  if (!(from > 0 && to > 0)) return "changed";
  return `${to >= from ? "+" : "−"}${format.count(Math.round(1000 * Math.abs(to / from - 1)) / 10)} %`;
}

/** A trend is about small steps: its axis need not begin at zero. */
function scaleOf(points, band, unit) {
  const all = points.flatMap((point) => [point.value, point.lo, point.hi]).concat(band ? [band.lo, band.hi] : []).filter(Number.isFinite);
  if (charts.isLog(all, unit)) return {log: true, unit, domain: [Math.min(...all) / 1.1, Math.max(...all) * 1.1]};
  const margin = (Math.max(...all) - Math.min(...all)) * 0.12 || Math.abs(all[0]) * 0.05 || 1;
  return {log: false, unit, domain: [Math.min(...all) - margin, Math.max(...all) + margin]};
}

function one(series) {
  const points = series.points.map((point) => ({...point, value: point.p50, unit: series.unit,
    title: `${point.started}${point.commit ? `, ${point.commit.slice(0, 12)}` : ""}: ${point.p50 === null ? point.reason ?? "no value" : format.value(point.p50, series.unit)}`}));
  const known = points.filter((point) => Number.isFinite(point.value));
  if (!known.length) return element("p", {}, element("code", {}, series.case), ` has no value of ${series.metric} in ${plural(points.length, "run")}.`);
  const gaps = points.length - known.length;
  const band = Number.isFinite(series.band?.lo) && Number.isFinite(series.band?.hi) ? series.band : null;
  const changes = (series.changes ?? []).map((change) => ({...change, says: step(change)}));
  const told = changes.length ? changes.map((change) => `${change.says} at ${series.points[change.index].started.slice(0, 10)}${Number.isFinite(change.p) ? ` (p = ${change.p.toPrecision(2)})` : ""}`).join(", ") : series.reason ? `not judged: ${series.reason}` : "no change";
  const scale = scaleOf(known, band, series.unit);
  const alt = `${series.case} over ${plural(points.length, "run")}: ${told}; newest ${format.value(known.at(-1).value, series.unit)}, ${series.evidence}.${gaps ? ` ${plural(gaps, "run")} without a value.` : ""}`;
  const about = [series.metric, series.executed_by && series.executed_by !== "hardware" ? `${series.arch} under ${series.executed_by}` : series.arch, told, band ? "shaded: where the next run is expected" : null,
    gaps ? "×: a run without a value" : null].filter(Boolean).join("; ");
  return figure({title: series.case, about, evidence: [series.evidence],
    panels: [{draw: (width) => charts.trend({points, band, changes, scale, width, alt, evidence: series.evidence})}]});
}

export function history(data) {
  if (!data.trends.length) return null;
  return element("section", {id: "history", "aria-labelledby": "history-title"}, element("h2", {id: "history-title"}, "History"),
    element("div", {class: "figures"}, data.trends.map(one)));
}
