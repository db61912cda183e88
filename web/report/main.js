// The page: reads the data beside it and lays them out. It asks no network.
import {arrange} from "./data.js";
import {element} from "./dom.js";
import {legend} from "./evidence.js";
import {family, navigation} from "./families.js";
import {redraw} from "./figures.js";
import {history} from "./history.js";
import {lead} from "./lead.js";
import {machines} from "./machines.js";
import {wireTheme} from "./theme.js";

const data = arrange(JSON.parse(document.getElementById("data").textContent));
const page = document.getElementById("page");
document.title = `Transept report: ${data.records.map((record) => record.label).join(", ")}`;
page.append(
  element("h1", {}, data.records.map((record) => record.label).join(" and "), element("span", {class: "when"}, ` ${[...new Set(data.records.map((record) => record.run.started?.slice(0, 10)).filter(Boolean))].join(", ")}`)),
  machines(data), lead(data),
  element("section", {class: "how", "aria-labelledby": "how-title"}, element("h2", {id: "how-title"}, "How numbers were obtained"), legend()),
  navigation(data), ...data.families.map((one) => family(data, one)), history(data) ?? "");
page.append(element("footer", {}, "Made by transept report. This file holds all of its data and asks no network; docs/report.md tells how to read it."));
wireTheme(document.getElementById("theme"));

let width = 0;
new ResizeObserver(() => {
  if (page.clientWidth !== width) {
    width = page.clientWidth;
    redraw();
  }
}).observe(page);
redraw();

/** On paper everything is open, and comes back as it was. */
const opened = [];
addEventListener("beforeprint", () => {
  for (const details of document.querySelectorAll("details:not([open])")) {
    details.open = true;
    opened.push(details);
  }
});
addEventListener("afterprint", () => {
  for (const details of opened.splice(0)) details.open = false;
});
document.documentElement.dataset.ready = "yes";
