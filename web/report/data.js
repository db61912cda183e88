// The page's data, arranged: records with labels, cases side by side, the metrics they have.

/** How a number was obtained: never told by colour alone. `symbol` is Plot's. */
export const EVIDENCE = {
  measured: {symbol: "circle", filled: true, about: "read on real hardware: a clock or a PMU counter"},
  counted: {symbol: "square", filled: true, about: "counted exactly while the case ran under an instrumented emulator"},
  modelled: {symbol: "diamond", filled: true, about: "computed by a stated model, fed with an exact trace"},
  emulated: {symbol: "triangle", filled: false, about: "a time read under an emulator: it says nothing of the processor"},
};

/** Where sizes are named by the level of memory that they fit, and places by what two CPUs share: nearest first. */
const ORDER = ["l1", "l2", "llc", "dram", "single", "same-cpu", "same-core", "same-l2", "same-llc", "same-node", "cross-node"];

/** Numbers by value, known words by distance, other words by name; words behind numbers (offset=page). */
export function compareValues(a, b) {
  const numbers = (typeof a === "number") - (typeof b === "number");
  if (numbers) return -numbers;
  if (typeof a === "number") return a - b;
  const known = ORDER.indexOf(a) - ORDER.indexOf(b);
  if (ORDER.includes(a) && ORDER.includes(b)) return known;
  return String(a).localeCompare(String(b), "en", {numeric: true});
}

/** "insert/putall" n=1000 … as people say it: "putall swar n=1000". */
export function caseName(row) {
  return [row.variant, ...Object.entries(row.params).map(([name, value]) => `${name}=${value}`)].join(" ");
}

function labels(records) {
  const arches = records.map((record) => record.machine.arch ?? "unknown");
  const again = new Map();
  return arches.map((arch) => {
    if (arches.indexOf(arch) === arches.lastIndexOf(arch)) return arch;
    again.set(arch, (again.get(arch) ?? 0) + 1);
    return `${arch} (${again.get(arch)})`;
  });
}

/** What a case says of a metric, or null. `evidence` travels with the value, always. */
export function valueOf(tcase, name) {
  const metric = tcase?.metrics?.[name];
  if (!metric) return null;
  const unit = metric.unit ?? "";
  if (metric.exact !== undefined) {
    return {value: metric.exact, lo: metric.exact, hi: metric.exact, unit, evidence: metric.evidence, interval: "exact", reason: metric.reason};
  }
  if (!Array.isArray(metric.p50)) return null; // too few samples: missing() says how many it takes
  const [value, lo, hi] = metric.p50;
  return {value, lo, hi, unit, evidence: metric.evidence, interval: metric.interval, p95: metric.p95, p99: metric.p99,
    n: metric.n, rounds: metric.rounds, reason: metric.reason};
}

/** Why a metric that the case has is without a value: "n<6"; empty: it has one, or the case has no such metric. */
export function missing(tcase, name) {
  const metric = tcase?.metrics?.[name];
  if (!metric || metric.exact !== undefined || Array.isArray(metric.p50)) return "";
  return metric.p50?.needs ? `n<${metric.p50.needs}` : metric.reason ?? "no value";
}

/** The metric that tells most of some rows: time where it was measured, an item's where ops handle several; else counts. */
export function tellingMetric(rows) {
  const count = new Map();
  let measured = false;
  for (const row of rows) {
    for (const tcase of row.by) {
      for (const [name, metric] of Object.entries(tcase?.metrics ?? {})) {
        count.set(name, (count.get(name) ?? 0) + 1);
        if (name === "time" && metric.evidence === "measured") measured = true;
      }
    }
  }
  const times = count.get("time") ?? 0;
  if (measured || (times && !count.has("instructions"))) return (count.get("time_per_item") ?? 0) >= 0.8 * times ? "time_per_item" : "time";
  for (const name of ["instructions", "size", "time"]) if (count.has(name)) return name;
  return [...count].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null;
}

export function metricsOf(rows) {
  const names = new Set();
  for (const row of rows) for (const tcase of row.by) for (const name of Object.keys(tcase?.metrics ?? {})) names.add(name);
  const first = ["time", "time_per_item", "instructions", "cycles"];
  return [...names].sort((a, b) => (first.indexOf(a) + 1 || 9) - (first.indexOf(b) + 1 || 9) || a.localeCompare(b, "en", {numeric: true}));
}

/** Cases of all records side by side, by family and kernel, in the order of the first record. */
export function arrange(document) {
  const names = labels(document.records);
  const records = document.records.map((record, index) => ({...record, index, label: names[index],
    emulated: record.machine.executed_by?.kind === "emulator"}));
  const rows = new Map();
  for (const record of records) {
    for (const tcase of record.cases) {
      if (!rows.has(tcase.id)) {
        rows.set(tcase.id, {id: tcase.id, family: tcase.family ?? "?", kernel: tcase.kernel ?? "?", variant: tcase.variant ?? "",
          params: tcase.params ?? {}, by: records.map(() => undefined)});
      }
      rows.get(tcase.id).by[record.index] = tcase;
    }
  }
  const families = new Map();
  for (const row of rows.values()) {
    if (!families.has(row.family)) families.set(row.family, {name: row.family, rows: [], kernels: new Map()});
    const family = families.get(row.family);
    family.rows.push(row);
    if (!family.kernels.has(row.kernel)) family.kernels.set(row.kernel, []);
    family.kernels.get(row.kernel).push(row);
  }
  return {records, rows, families: [...families.values()].sort((a, b) => a.name.localeCompare(b.name)),
    differences: document.differences, trends: document.trends};
}
