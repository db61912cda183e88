// A family: its figures, its table, and what has no value with the reason.
import {metricsOf} from "./data.js";
import {element, newId, plural} from "./dom.js";
import {familyFigures, redraw} from "./figures.js";
import {familyTable} from "./table.js";

/** Cases that did not end ok, by reason; each reason once. */
function misfits(data, family) {
  const lists = {failed: new Map(), skipped: new Map()};
  for (const row of family.rows) {
    for (const record of data.records) {
      const tcase = row.by[record.index];
      if (!tcase || tcase.status === "ok") continue;
      const list = lists[tcase.status === "skipped" ? "skipped" : "failed"];
      const where = data.records.length > 1 ? `${record.label}: ` : "";
      const reason = `${where}${tcase.status === "skipped" || tcase.status === "failed" ? "" : `${tcase.status}: `}${tcase.reason ?? "no reason was given"}`;
      if (!list.has(reason)) list.set(reason, []);
      list.get(reason).push(row.id);
    }
  }
  const make = (list, name, open) => {
    if (!list.size) return null;
    const cases = [...list.values()].reduce((sum, ids) => sum + ids.length, 0);
    return element("details", {class: `misfits ${name}`, open}, element("summary", {}, `${name === "failed" ? "Failed" : "Skipped"}: ${plural(cases, "case")}`),
      element("dl", {}, [...list].map(([reason, ids]) => element("div", {}, element("dt", {}, reason), element("dd", {}, ids.map((id) => [element("code", {}, id), " "]))))));
  };
  return [make(lists.failed, "failed", true), make(lists.skipped, "skipped", false)];
}

export function family(data, one) {
  const id = `family-${one.name.replace(/[^a-z0-9]+/gi, "-")}`;
  const names = metricsOf(one.rows);
  const figures = element("div", {class: "figures"});
  const table = element("div");
  const choose = element("select", {id: newId("metric"), onchange: () => { fill(); redraw(); }}, element("option", {value: ""}, "what tells most"),
    names.map((name) => element("option", {value: name}, name)));
  function fill() {
    const metric = choose.value || null;
    figures.replaceChildren(...familyFigures(data, one, metric));
    table.replaceChildren(names.length ? familyTable(data, one, metric) : "");
  }
  fill();
  return element("section", {class: "family", id, "aria-labelledby": `${id}-title`},
    element("div", {class: "family-head"}, element("h2", {id: `${id}-title`}, one.name),
      names.length > 1 ? element("p", {class: "choose"}, element("label", {for: choose.id}, "Metric "), choose) : null),
    figures, table, misfits(data, one));
}

export function navigation(data) {
  return element("nav", {class: "families", "aria-label": "Families"}, element("ul", {}, data.families.map((one) =>
    element("li", {}, element("a", {href: `#family-${one.name.replace(/[^a-z0-9]+/gi, "-")}`}, one.name)))));
}
