// The findings, before everything else: what differs most, in words and one figure, and how sure that is.
import {valueOf, tellingMetric} from "./data.js";
import * as charts from "./charts.js";
import {element, listed, plural} from "./dom.js";
import {figure} from "./figures.js";
import * as format from "./format.js";

const SHOWN = 12;
const LEAST_RATIO = 0.005; // of the logarithm: what would be told as “1 ×”
const LEAST = 0.1; // ns: a median below is what is left of a cost that hides behind others

/** The biggest of each kernel, so that one kernel's many cases do not fill the list. */
function biggest(rows) {
  const seen = new Set();
  return [...rows].filter((row) => row.ratio?.[0] > 0 && Math.abs(Math.log(row.ratio[0])) > LEAST_RATIO).sort((a, b) => Math.abs(Math.log(b.ratio[0])) - Math.abs(Math.log(a.ratio[0])))
    .filter((row) => {
      const kernel = row.case.split("/").slice(0, 2).join("/");
      return !seen.has(kernel) && seen.add(kernel);
    });
}

function ratioFigure(title, about, rows, first, other, words) {
  const points = rows.slice(0, SHOWN).map((row) => {
    const [ratio, lo, hi] = row.ratio;
    const told = format.ratios(row.ratio);
    return {name: row.case, ratio, lo, hi, evidence: row.evidence, says: `${format.times(ratio)} ${words[ratio >= 1 ? 2 : 3]}`,
      title: `${row.case}: ${other.label} ${format.value(row.values[1], row.unit)}, ${first.label} ${format.value(row.values[0], row.unit)}, ${told[0]}${hi > lo ? `, 95 % interval ${told[1]} to ${told[2]}` : ", exact"}`};
  });
  const alt = `${title}. ${points.slice(0, 5).map((point) => point.title).join("; ")}.`;
  return figure({title, about, evidence: new Set(points.map((point) => point.evidence)), wide: true,
    panels: [{draw: (width) => charts.ratios({points, width: Math.min(width, 860), alt, less: `← ${other.label} ${words[1]}`, more: `${other.label} ${words[0]} →`})}]});
}

/** "syscall/getppid/raw takes 2.4 × as long on arm64 (…)". */
function biggestInWords(row, first, other) {
  const [ratio, lo, hi] = row.ratio;
  const longer = ratio >= 1;
  const [slow, fast] = longer ? [other, first] : [first, other];
  const values = longer ? [row.values[1], row.values[0]] : row.values;
  const told = format.ratios(longer ? [ratio, lo, hi] : [1 / ratio, 1 / hi, 1 / lo]);
  return element("p", {class: "biggest"}, "The largest difference: ", element("code", {}, row.case), " takes ", element("strong", {}, `${told[0]} as long on ${slow.label}`),
    ` (${format.value(values[0], row.unit)}) as on ${fast.label} (${format.value(values[1], row.unit)}); with 95 % confidence between ${told[1]} and ${told[2]}.`);
}

function timesInWords(difference, first, other) {
  const {tally, rows} = difference.time;
  const judged = rows.filter((row) => row.ratio);
  const said = rows.filter((row) => ["slower", "faster"].includes(row.verdict) && row.ratio);
  if (!judged.length) return notCompared(difference, first, other);
  const parts = element("p", {class: "headline"}, `${other.label} is `, element("strong", {}, `slower in ${tally.worse}`), ` and `, element("strong", {}, `faster in ${tally.better}`),
    ` of ${plural(tally.worse + tally.better + tally.same + tally.inconclusive, "timed case")} than ${first.label}; ${tally.same} ${tally.same === 1 ? "takes" : "take"} the same time, ${tally.inconclusive} cannot be told apart yet.`);
  const top = biggest(said);
  const least = Math.min(...judged.map((row) => Math.min(...row.rounds)));
  const sure = element("p", {class: "sure"}, element("strong", {}, "How sure? "),
    `“slower” and “faster” are said only where the whole 95 % interval lies beyond ${format.count(100 * difference.threshold)} % and the case's own noise, and where the difference outlasts the number of cases (false discovery rate 1 %). `,
    `Behind each time stand ${least} or more rounds a side, each a fresh process.${least < 5 ? " That is few: intervals are wide, and what is inconclusive may be told apart with more (--rounds 5)." : ""}`);
  return [parts, top.length ? biggestInWords(top[0], first, other) : null, sure,
    top.length ? ratioFigure(`What differs most: time, ${other.label} ÷ ${first.label}`, "the largest of each kernel, with its 95 % interval", top, first, other, ["takes longer", "is faster", "as long", "faster"]) : null];
}

function notCompared(difference, first, other) {
  const emulated = [first, other].filter((record) => record.emulated);
  const why = emulated.length ? `the times of ${listed(emulated.map((record) => record.label))} were read under an emulator and say nothing of a processor`
    : difference.time.reason ?? "the two have no timed case in common";
  return [element("p", {class: "headline"}, element("strong", {}, "Times are not compared: "), `${why}.`),
    emulated.length ? element("p", {class: "sure"}, "To compare times, measure on hardware of both kinds (make run on each) and report both records. To compare what the processors execute, count on both (make count-all). What follows is exact all the same.") : null];
}

function countsInWords(difference, first, other, timed) {
  const {tally, rows, reason} = difference.counts;
  if (reason || !tally) return timed ? null : element("p", {class: "sure"}, "There is nothing counted exactly in both records either; make count writes such records.");
  const compared = tally.same + tally.worse + tally.better;
  if (!compared) return timed ? null : element("p", {class: "sure"}, "There is nothing counted exactly in both records either; make count writes such records.");
  const name = ["instructions", "size", "loads"].find((metric) => rows.some((row) => row.metric === metric && row.ratio?.[0] > 0)) ?? rows.find((row) => row.ratio)?.metric;
  const mine = biggest(rows.filter((row) => row.metric === name));
  if (!tally.worse && !tally.better) return element("p", {class: timed ? "sure" : "headline"}, element("strong", {}, `All ${compared} exact counts are equal`), " (instructions, loads, sizes …): they need no interval.");
  const sentence = element("p", {class: timed ? "sure" : "headline"}, element("strong", {}, `${tally.worse + tally.better} of ${plural(compared, "exact count")} differ`),
    ` (instructions, loads, sizes …): ${other.label} has more in ${tally.worse}, fewer in ${tally.better}, as many in ${tally.same}. `, "A count is exact: it needs no interval, and it is not a time.");
  if (!mine.length) return sentence;
  const row = mine[0];
  return [sentence, element("p", {class: "biggest"}, `The largest difference in ${name}: `, element("code", {}, row.case), ` has ${format.value(row.values[1], row.unit)} on ${other.label} and ${format.value(row.values[0], row.unit)} on ${first.label}: `,
    element("strong", {}, `${format.times(row.ratio[0])} ${row.ratio[0] >= 1 ? "as many" : "fewer"}, exactly`), "."),
  ratioFigure(`What differs most: ${name}, ${other.label} ÷ ${first.label}`, "the largest of each kernel; exact", mine, first, other, ["has more", "has fewer", "as many", "fewer"])];
}

function headsOf(difference) {
  const heads = (difference.time.heads ?? difference.counts.heads ?? []).filter((head) => head.what !== "machine");
  if (!heads.length) return null;
  return element("details", {class: "heads"}, element("summary", {}, `In what the two records differ: ${listed(heads.map((head) => head.what))}`),
    element("div", {class: "scroll", tabindex: "0", role: "region", "aria-label": "In what the two records differ"}, element("table", {}, element("thead", {}, element("tr", {}, ["", "first", "other"].map((head) => element("th", {scope: "col"}, head || element("span", {class: "away"}, "what"))))),
      element("tbody", {}, heads.map((head) => element("tr", {}, element("th", {scope: "row"}, head.what), element("td", {}, head.first ?? "–"), element("td", {}, head.other ?? "–")))))));
}

function pair(data, difference) {
  const first = data.records[0];
  const other = data.records[difference.other];
  const times = timesInWords(difference, first, other);
  const timed = difference.time.rows.some((row) => row.ratio);
  return element("section", {class: "finding"}, element("h3", {}, `${other.label} ÷ ${first.label}`), times, countsInWords(difference, first, other, timed), headsOf(difference));
}

/** One record alone: what things cost here. */
function alone(data) {
  const [record] = data.records;
  const ok = record.cases.filter((tcase) => tcase.status === "ok").length;
  const bad = record.cases.filter((tcase) => !["ok", "skipped"].includes(tcase.status)).length;
  const skipped = record.cases.length - ok - bad;
  const timed = record.cases.some((tcase) => valueOf(tcase, "time"));
  const points = data.families.flatMap((family) => family.rows.map((row) => {
    const metric = timed ? "time" : tellingMetric(family.rows);
    const found = valueOf(row.by[0], metric);
    return found && found.value > 0 ? {...found, value: timed ? Math.max(found.value, LEAST) : found.value, name: family.name, title: `${row.id}: ${format.value(found.value, found.unit)} (${found.evidence})`} : null;
  }).filter(Boolean)).filter((point) => timed ? point.unit.startsWith("ns") : true);
  const names = [...new Set(points.map((point) => point.name))];
  const sorted = [...points].sort((a, b) => a.value - b.value);
  const first = element("p", {class: "headline"}, element("strong", {}, `${plural(ok, "case")} ${ok === 1 ? "was" : "were"} ${record.emulated ? "run under an emulator" : "measured"} on ${record.label}`),
    `${bad ? `; ${bad} failed` : ""}${skipped ? `; ${skipped} could not run here and ${skipped === 1 ? "is" : "are"} listed with the reason` : ""}. `,
    points.length && timed ? `Times reach from ${sorted[0].value <= LEAST ? `under ${format.time(LEAST)}` : format.time(sorted[0].value)} to ${format.time(sorted.at(-1).value)} an op.` : "");
  const alt = names.length ? `What things cost: ${names.map((name) => {
    const mine = points.filter((point) => point.name === name).map((point) => point.value);
    return `${name} ${format.value(Math.min(...mine), points[0].unit)} to ${format.value(Math.max(...mine), points[0].unit)}`;
  }).join("; ")}.` : "";
  return element("section", {class: "finding"}, first,
    record.emulated ? element("p", {class: "sure"}, element("strong", {}, "How sure? "), "Times here were read under an emulator: they say what emulation costs, nothing of a processor. Counts are exact.")
      : element("p", {class: "sure"}, element("strong", {}, "How sure? "), `Each value is a median with its 95 % interval across ${plural(record.run.rounds, "round")}, each a fresh process. Give a second record to see what differs.`),
    names.length ? figure({title: `What things cost on ${record.label}`, about: `${timed ? `median time an op${sorted[0].value <= LEAST ? `; at the edge: under ${format.time(LEAST)}` : ""}` : "counts"}, a mark a case`, evidence: new Set(points.map((point) => point.evidence)), wide: true,
      panels: [{draw: (width) => charts.strip({points, names, scale: charts.valueScale(points.map((point) => ({...point, value: timed ? Math.max(point.value, LEAST) : point.value, lo: null}))), width: Math.min(width, 860), alt})}]}) : null);
}

export function lead(data) {
  const title = data.records.length > 1 ? "What differs most, and how sure that is" : "What was found";
  return element("section", {id: "lead", "aria-labelledby": "lead-title"}, element("h2", {id: "lead-title"}, title),
    data.records.length > 1 ? data.differences.map((difference) => pair(data, difference)) : alone(data));
}
