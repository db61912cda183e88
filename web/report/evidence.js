// Evidence as a mark: a shape, filled or hollow, a colour, and its name.
import {EVIDENCE} from "./data.js";
import {element} from "./dom.js";

const SVG = "http://www.w3.org/2000/svg";
const SHAPES = {
  measured: "M6 1.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 1 0 0 -9z",
  counted: "M2 2h8v8h-8z",
  modelled: "M6 .5L11 6L6 11.5L1 6z",
  emulated: "M6 1.5L11 10.5H1z",
};

export function glyph(evidence) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 12 12");
  svg.setAttribute("class", `glyph ev-${evidence}`);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", SHAPES[evidence] ?? SHAPES.measured);
  svg.append(path);
  return svg;
}

/** The mark with its name, for captions. */
export function badge(evidence) {
  return element("span", {class: `badge ev-${evidence}`, title: EVIDENCE[evidence]?.about}, glyph(evidence), evidence);
}

/** The mark alone, for table cells, with its name for who does not see it. */
export function sign(evidence) {
  return element("span", {class: "sign", title: evidence}, glyph(evidence), element("span", {class: "away"}, ` ${evidence}`));
}

export function legend() {
  return element("dl", {class: "evidence"}, Object.entries(EVIDENCE).map(([name, {about}]) =>
    element("div", {}, element("dt", {}, badge(name)), element("dd", {}, about))));
}
