// Trends of a history: each case's runs, the band of its noise, and where it changed.
import * as charts from "./charts.js";
import {element, plural} from "./dom.js";
import {figure} from "./figures.js";
import * as format from "./format.js";

function one(series) {
  const points = series.points.map((point) => ({...point, value: point.p50, unit: series.unit,
    title: `${point.started}${point.commit ? `, ${point.commit.slice(0, 12)}` : ""}: ${format.value(point.p50, series.unit)}`}));
  const band = Number.isFinite(series.band?.lo) && Number.isFinite(series.band?.hi) ? series.band : null;
  const changes = (series.changes ?? []).map((change) => ({...change,
    says: change.from > 0 && change.to > 0 ? `${change.to >= change.from ? "+" : "−"}${format.count(Math.round(1000 * Math.abs(change.to / change.from - 1)) / 10)} %` : "changed"}));
  const scale = charts.valueScale([...points, ...(band ? [{value: band.lo, unit: series.unit}, {value: band.hi, unit: series.unit}] : [])]);
  if (!scale.log) { // a trend is about small steps: the axis need not begin at zero
    const all = points.flatMap((point) => [point.value, point.lo, point.hi]).concat(band ? [band.lo, band.hi] : []).filter(Number.isFinite);
    const margin = (Math.max(...all) - Math.min(...all)) * 0.12 || Math.abs(all[0]) * 0.05 || 1;
    scale.domain = [Math.min(...all) - margin, Math.max(...all) + margin];
  }
  const told = changes.length ? changes.map((change) => `${change.says} at ${series.points[change.index].started.slice(0, 10)}${Number.isFinite(change.p) ? ` (p = ${change.p.toPrecision(2)})` : ""}`).join(", ") : "no change point";
  const alt = `${series.case} over ${plural(points.length, "run")}: ${told}; last ${format.value(points.at(-1).value, series.unit)}, ${series.evidence}.`;
  return figure({title: series.case, about: `${series.metric}, ${series.arch}; ${told}; shaded: the band of noise`, evidence: [series.evidence],
    panels: [{draw: (width) => charts.trend({points, band, changes, scale, width, alt, evidence: series.evidence})}]});
}

export function history(data) {
  if (!data.trends.length) return null;
  return element("section", {id: "history", "aria-labelledby": "history-title"}, element("h2", {id: "history-title"}, "History"),
    element("div", {class: "figures"}, data.trends.map(one)));
}
