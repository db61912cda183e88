// A family's cases as a table: sorted by a click or a key on a column's head, narrowed by words.
import {missing, valueOf, tellingMetric} from "./data.js";
import {element, newId, plural} from "./dom.js";
import {sign} from "./evidence.js";
import * as format from "./format.js";

const VERDICTS = {slower: "▲ slower", faster: "▼ faster", more: "▲ more", fewer: "▼ fewer", same: "= same", inconclusive: "? inconclusive"};

function quantile(at, unit) {
  if (Array.isArray(at)) return format.value(at[0], unit);
  return at?.needs ? `n<${at.needs}` : "–";
}

/** A case's name, which may be broken at its slashes. */
function parts(name) {
  return name.split(/(?<=\/)/).flatMap((part, index) => (index ? [element("wbr"), part] : [part]));
}

function interval(found) {
  if (found.interval === "exact") return "exact";
  if (!Number.isFinite(found.lo) || !Number.isFinite(found.hi)) return "–";
  return `${format.value(found.lo, found.unit)} – ${format.value(found.hi, found.unit)}${found.interval === "range" ? " (range)" : ""}`;
}

/** Columns: {head, number, cell(row) → {text|nodes, key}}. */
function columnsOf(data, metricOf, verdicts) {
  const columns = [{head: "case", cell: (row) => ({nodes: element("code", {}, parts(row.id.slice(row.family.length + 1))), key: row.id})}];
  const single = data.records.length === 1;
  for (const record of data.records) {
    const get = (row) => valueOf(row.by[record.index], metricOf(row));
    columns.push({head: single ? "P50" : record.label, number: true, cell: (row) => {
      const found = get(row);
      if (!found) return {text: missing(row.by[record.index], metricOf(row)) || "–", key: null};
      return {nodes: [sign(found.evidence), " ", format.value(found.value, found.unit), single ? null : element("span", {class: "interval"}, interval(found))], key: found.value};
    }});
    if (!single) continue;
    columns.push({head: "95 % interval", number: true, cell: (row) => ({text: get(row) ? interval(get(row)) : "–", key: get(row) ? (get(row).hi - get(row).lo) / (get(row).value || 1) : null})});
    for (const which of ["p95", "p99"]) {
      columns.push({head: which.toUpperCase(), number: true, cell: (row) => ({text: get(row) ? quantile(get(row)[which], get(row).unit) : "–", key: get(row)?.[which]?.[0] ?? null})});
    }
    columns.push({head: "evidence", cell: (row) => ({text: get(row)?.evidence ?? "–", key: get(row)?.evidence ?? ""})});
    columns.push({head: "notes", cell: (row) => ({text: notes(row.by[record.index], get(row)), key: notes(row.by[record.index], get(row))})});
  }
  for (const [label, find] of verdicts) {
    columns.push({head: label, number: true, cell: (row) => {
      const told = find(row, metricOf(row));
      if (!told) return {text: "–", key: null};
      if (!told.ratio) return {nodes: element("span", {class: "interval"}, told.remark ?? VERDICTS[told.verdict] ?? "–"), key: null};
      const [ratio, lo, hi] = told.ratio;
      const texts = format.ratios(told.ratio);
      return {nodes: [texts[0], element("span", {class: `verdict ${told.verdict}`}, ` ${VERDICTS[told.verdict] ?? told.verdict}`),
        element("span", {class: "interval"}, hi > lo ? `${texts[1]} – ${texts[2]}` : "exact")], key: ratio};
    }});
  }
  return columns;
}

function notes(tcase, found) {
  const warnings = tcase?.warnings ?? [];
  const texts = [tcase?.implementation, found?.rounds && found.rounds < 3 ? plural(found.rounds, "round") : null, found?.reason, ...warnings.slice(0, 2),
    warnings.length > 2 ? `and ${plural(warnings.length - 2, "more warning")} in the record` : null];
  return texts.filter(Boolean).join("; ");
}

/** The ratio of a case to the first record's, as the comparison has it. */
export function verdictColumns(data) {
  return data.differences.map((difference) => {
    const index = new Map();
    for (const row of [...(difference.time.rows ?? []), ...(difference.counts.rows ?? [])]) index.set(`${row.case} ${row.metric}`, row);
    const label = `${data.records[difference.other].label} ÷ ${data.records[0].label}`;
    return [label, (row, metric) => index.get(`${row.id} ${metric === "time_per_item" ? "time" : metric}`) ?? equalCount(row, metric, difference)];
  });
}

/** Counts that are equal are not listed one by one. */
function equalCount(row, metric, difference) {
  const [a, b] = [row.by[0], row.by[difference.other]].map((tcase) => valueOf(tcase, metric));
  if (!a || !b || a.interval !== "exact" || b.interval !== "exact" || a.evidence !== b.evidence || a.value !== b.value) return null;
  return {verdict: "same", ratio: [1, 1, 1]};
}

/** `metric`: a name, or null for what tells most of each kernel. */
export function familyTable(data, family, metric) {
  const telling = new Map([...family.kernels].map(([kernel, rows]) => [kernel, tellingMetric(rows)]));
  const metricOf = (row) => metric ?? telling.get(row.kernel);
  const rows = family.rows.filter((row) => row.by.some((tcase) => tcase?.metrics?.[metricOf(row)]));
  const columns = columnsOf(data, metricOf, verdictColumns(data));
  const body = element("tbody");
  const told = element("p", {class: "told", role: "status"});
  const search = element("input", {type: "search", id: newId("search"), autocomplete: "off", spellcheck: "false"});
  const lines = rows.map((row) => {
    const cells = columns.map((column) => column.cell(row));
    const line = element("tr", {}, cells.map((cell, index) => element(index === 0 ? "th" : "td",
      {scope: index === 0 ? "row" : null, class: columns[index].number ? "number" : null}, cell.nodes ?? cell.text)));
    return {line, keys: cells.map((cell) => cell.key), text: `${row.id} ${line.textContent}`.toLowerCase()};
  });
  let sorted = {column: -1, down: false};
  const heads = columns.map((column, index) => {
    const button = element("button", {type: "button", onclick: () => sortBy(index)}, column.head, element("span", {class: "arrow", "aria-hidden": "true"}, "↕"));
    return element("th", {scope: "col", "aria-sort": "none", class: column.number ? "number" : null}, button);
  });
  function show() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const found = lines.filter((line) => words.every((word) => line.text.includes(word)));
    body.replaceChildren(...found.map((line) => line.line));
    told.textContent = found.length === lines.length ? plural(lines.length, "case") : `${found.length} of ${plural(lines.length, "case")}`;
  }
  function sortBy(column) {
    sorted = {column, down: sorted.column === column ? !sorted.down : false};
    lines.sort((a, b) => {
      const [x, y] = [a.keys[column], b.keys[column]];
      if (x === null || y === null) return (x === null) - (y === null); // what has no value stands last, either way
      const order = typeof x === "number" ? x - y : String(x).localeCompare(String(y), "en", {numeric: true});
      return sorted.down ? -order : order;
    });
    heads.forEach((head, index) => {
      head.setAttribute("aria-sort", index !== column ? "none" : sorted.down ? "descending" : "ascending");
      head.querySelector(".arrow").textContent = index !== column ? "↕" : sorted.down ? "↓" : "↑";
    });
    show();
  }
  search.addEventListener("input", show);
  show();
  return element("div", {class: "table"},
    element("div", {class: "tools"}, element("label", {for: search.id}, "Search "), search, told),
    element("div", {class: "scroll tall", tabindex: "0", role: "region", "aria-label": `Cases of ${family.name}`},
      element("table", {}, element("caption", {class: "away"}, `Cases of ${family.name}`), element("thead", {}, element("tr", {}, heads)), body)));
}
