// The page of `transept report` as a reader has it, in headless Chromium: no network, keyboard only, phone, dark, paper. Run by
// tests/cli/test_report_page.sh: node --test-reporter=… report.mjs, with the pages in REPORT_FOLDER and the modules in WEB_MODULES.
import assert from "node:assert/strict";
import {mkdirSync, readFileSync} from "node:fs";
import {createRequire} from "node:module";
import {join} from "node:path";
import {after, before, test} from "node:test";
import {pathToFileURL} from "node:url";

const {REPORT_FOLDER: folder, WEB_MODULES: modules, CHROMIUM: command, ARTEFACTS: artefacts} = process.env;
const require = createRequire(join(modules, "package.json"));
const {chromium} = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
mkdirSync(artefacts, {recursive: true});
// By its text, as no package.json says of it that it is a module.
const format = await import(`data:text/javascript,${encodeURIComponent(readFileSync(new URL("../../web/report/format.js", import.meta.url), "utf8"))}`);

let browser;
before(async () => {
  browser = await chromium.launch({executablePath: command, args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]});
});
after(() => browser?.close());

/** Opens a page offline; whatever it complains of, or asks the network for, is kept. */
async function open(name, {width = 1280, height = 900, scheme = "light"} = {}) {
  const context = await browser.newContext({viewport: {width, height}, colorScheme: scheme, offline: true, reducedMotion: "reduce"});
  const page = await context.newPage();
  const complaints = [];
  page.on("console", (message) => { if (message.type() !== "log") complaints.push(message.text()); });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => { if (!request.url().startsWith("file:")) complaints.push(`asked for ${request.url()}`); });
  await page.goto(pathToFileURL(join(folder, name)).href);
  await page.waitForSelector("html[data-ready=yes]", {timeout: 20000});
  return {page, complaints, close: () => context.close()};
}

/** What Tab would reach next from an element, by its name; no mouse is used. */
async function tabTo(page, name, most = 120) {
  for (let step = 0; step < most; ++step) {
    await page.keyboard.press("Tab");
    const reached = await page.evaluate(() => {
      const one = document.activeElement;
      return one.labels?.[0]?.textContent.trim() ?? one.textContent.trim();
    });
    if (reached.startsWith(name)) return;
  }
  assert.fail(`Tab does not reach “${name}”`);
}

/** Words in its stead, evidence by name and mark, and something drawn. */
async function checkFigures(page, name) {
  const figures = await page.evaluate(() => [...document.querySelectorAll("figure")].map((figure) => ({
    title: figure.querySelector(".fig-title")?.textContent, badges: [...figure.querySelectorAll(".badge")].map((badge) => badge.textContent),
    marks: [...figure.querySelectorAll(".badge svg path")].length,
    plots: [...figure.querySelectorAll("svg.plot")].map((plot) => [plot.getAttribute("role"), plot.getAttribute("aria-label")]), tables: figure.querySelectorAll("table caption").length})));
  assert.ok(figures.length >= 5, `${name}: ${figures.length} figures`);
  for (const figure of figures) {
    assert.ok(figure.badges.length > 0 && figure.badges.every((badge) => ["measured", "counted", "modelled", "emulated"].includes(badge)), `${figure.title}: ${figure.badges}`);
    assert.ok(figure.marks >= figure.badges.length, `${figure.title}: evidence without a mark`);
    assert.ok(figure.plots.length + figure.tables > 0, `${figure.title}: nothing is drawn`);
    for (const [role, words] of figure.plots) {
      assert.equal(role, "img");
      assert.ok(words?.length > 30, `${figure.title}: “${words}”`);
    }
  }
}

for (const name of ["two.html", "mixed.html", "one.html"]) {
  test(`${name}: no complaint, no network, words for every figure, nothing beside the page at 1280 and 400 px`, async () => {
    const {page, complaints, close} = await open(name);
    await checkFigures(page, name);
    for (const width of [1280, 400]) {
      await page.setViewportSize({width, height: 900});
      await page.waitForFunction((most) => document.querySelector("svg.plot").getBoundingClientRect().width <= most, width);
      const reach = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(reach <= width, `the page is ${reach} px wide`);
      await page.screenshot({path: join(artefacts, `${name.replace(".html", "")}-${width}.png`), fullPage: true});
    }
    assert.deepEqual(complaints, []);
    await close();
  });
}

test("the lead says what differs most and how sure that is", async () => {
  const {page, close} = await open("two.html");
  const lead = await page.locator("#lead").innerText();
  assert.match(lead, /arm64 is slower in \d+ and faster in \d+ of \d+ timed cases than x86_64/);
  // made so by make_report_records.py
  assert.match(lead, /The largest difference: syscall\/getppid\/raw takes 8\.[0-9]+.× as long on arm64/);
  assert.match(lead, /with 95 % confidence between [\d.]+\s× and [\d.]+\s×/);
  const told = lead.match(/slower in (\d+) and faster in (\d+) of (\d+) timed cases .*; (\d+) takes? the same time, (\d+) cannot/).slice(1).map(Number);
  assert.equal(told[0] + told[1] + told[3] + told[4], told[2]);
  assert.match(lead, /How sure\?/);
  const figure = await page.locator("#lead svg.plot").first().getAttribute("aria-label");
  assert.match(figure, /syscall\/getppid\/raw: arm64 .*, x86_64 .*95 % interval/);
  const top = await page.locator("#lead").evaluate((one) => one.getBoundingClientRect().top);
  assert.ok(top < 700, `the findings begin at ${top} px`);
  await close();
});

test("an interval never shrinks to its value", async () => {
  assert.deepEqual(format.ratios([1.05, 1.048, 1.052]).map((text) => text.replace("\u00a0", " ")), ["1.05 ×", "1.048 ×", "1.052 ×"]);
  assert.deepEqual(format.ratios([2.4, 1.9, 3]).map(parseFloat), [2.4, 1.9, 3]);
  assert.deepEqual(format.ratios([42.500004, 42.5, 42.500008]).map(parseFloat), [42.5, 42.5, 42.50001], "digits end somewhere");
  assert.deepEqual(format.ratios([2, 2, 2]).map(parseFloat), [2, 2, 2]);
  assert.equal(format.ratios([2, null, null])[1], "–");
  const {page, close} = await open("two.html");
  const lead = await page.locator("#lead").innerText();
  const [value, lo, hi] = lead.match(/takes ([\d.]+)\s× as long .* between ([\d.]+)\s× and ([\d.]+)\s×/).slice(1).map(Number);
  assert.ok(lo < value && value < hi, `${value} between ${lo} and ${hi}`);
  const told = await page.locator("td .interval").evaluateAll((all) => all.map((one) => one.textContent).filter((text) => text.includes("×")));
  assert.ok(told.length > 20, `${told.length} intervals`);
  for (const text of told) {
    const [low, high] = text.match(/[\d.]+/g).map(Number);
    assert.ok(low < high, text);
  }
  await close();
});

test("emulated times are shown, marked, and never a ratio", async () => {
  const {page, close} = await open("mixed.html");
  const lead = await page.locator("#lead").innerText();
  assert.match(lead, /Times are not compared/);
  assert.match(lead, /arm64 were read under an emulator/);
  assert.doesNotMatch(lead, /as long on/);
  const rows = await page.evaluate(() => JSON.parse(document.getElementById("data").textContent).differences[0].time.rows);
  assert.ok(rows.length > 0 && rows.every((row) => row.ratio === undefined));
  const table = page.locator("#family-syscall table").first();
  assert.ok(await table.locator(".sign.ev-emulated, .sign .ev-emulated").count() > 0, "no mark of emulation in the table");
  await close();
});

test("a table is sorted and searched by the keyboard alone", async () => {
  const {page, close} = await open("two.html");
  const table = page.locator("#family-abi .table");
  const cases = () => table.locator("tbody th").allInnerTexts();
  const all = await cases();
  await page.evaluate(() => document.querySelector("a[href='#family-abi']").focus());
  await tabTo(page, "Search");
  await page.keyboard.type("struct pointer");
  const found = await cases();
  assert.ok(found.length > 0 && found.length < all.length && found.every((one) => /struct.*pointer/.test(one)), String(found));
  assert.match(await table.locator("[role=status]").innerText(), /^\d+ of \d+ cases$/);
  for (let i = 0; i < "struct pointer".length; ++i) await page.keyboard.press("Backspace");
  await tabTo(page, "x86_64");
  const values = async () => (await table.locator("tbody tr td:nth-child(2)").allInnerTexts()).map((text) => parseFloat(text.replace(/^\D+/, "")));
  await page.keyboard.press("Enter");
  const up = await values();
  assert.deepEqual(up, [...up].sort((a, b) => a - b));
  assert.equal(await table.locator("thead th").nth(1).getAttribute("aria-sort"), "ascending");
  await page.keyboard.press("Space");
  const down = await values();
  assert.deepEqual(down, [...down].sort((a, b) => b - a));
  assert.notDeepEqual(up, down);
  assert.equal(await table.locator("thead th").nth(1).getAttribute("aria-sort"), "descending");
  await close();
});

test("another metric draws figures and table anew", async () => {
  const {page, complaints, close} = await open("mixed.html");
  const family = page.locator("#family-syscall");
  const before = await family.locator("tbody").first().innerText();
  await family.locator("select").first().selectOption("instructions");
  assert.notEqual(await family.locator("tbody").first().innerText(), before);
  assert.ok(await family.locator("svg.plot").count() > 0);
  assert.deepEqual(complaints, []);
  await close();
});

test("the plots that people expect are there", async () => {
  const {page, close} = await open("one.html");
  const said = await page.evaluate(() => [...document.querySelectorAll("svg.plot, .heat caption")].map((one) => one.getAttribute("aria-label") ?? one.textContent).join("\n"));
  for (const wanted of [/args-int.*by arguments/, /struct-arg.*by size in bytes/, /load.*by offset in the line/, /Batch insert.*by pairs/, /fence.*by stores pending/,
    /chase.*by working set/, /How long single ops took/, /What things cost/]) assert.match(said, wanted);
  assert.ok(await page.locator("#history svg.plot").count() === 1);
  assert.match(await page.locator("#history svg.plot").getAttribute("aria-label"), /\+20 % at 2024-05-0\d.*1 run without a value/);
  await close();
});

test("what did not run is listed with its reason, and no text becomes part of the page", async () => {
  const {page, complaints, close} = await open("hostile.html");
  const text = await page.locator("main").innerText();
  await page.evaluate(() => document.querySelectorAll("details").forEach((one) => { one.open = true; }));
  assert.match(await page.locator("main").innerText(), /<\/script><b>injected<\/b>/);
  assert.equal(await page.locator("b, i, img").count(), 0);
  assert.equal(await page.evaluate(() => globalThis.injected), undefined);
  assert.deepEqual(complaints, []);
  assert.match(text, /Skipped: \d+ case/);
  await close();
});

test("the page's policy lets nothing else run", async () => {
  const {page, complaints, close} = await open("one.html");
  await page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "globalThis.injected = 1";
    document.body.append(script);
    const image = new Image();
    image.src = "https://example.invalid/x.png";
  });
  await page.waitForTimeout(50);
  assert.equal(await page.evaluate(() => globalThis.injected), undefined);
  const refusals = complaints.filter((one) => /Content Security Policy/.test(one)).join("\n");
  assert.match(refusals, /inline script/);
  assert.match(refusals, /the image 'https:\/\/example.invalid/);
  await close();
});

for (const scheme of ["light", "dark"]) {
  test(`accessible and of enough contrast, ${scheme}`, async () => {
    for (const [name, width] of scheme === "light" ? [["mixed.html", 1280], ["two.html", 400]] : [["two.html", 1280], ["mixed.html", 400]]) {
      const {page, close} = await open(name, {scheme, width});
      await page.evaluate(() => document.querySelectorAll("details").forEach((one) => { one.open = true; }));
      await page.evaluate(axe); // by the debugger, which the page's policy does not bind
      const found = await page.evaluate(() => globalThis.axe.run(document, {resultTypes: ["violations"]}));
      assert.deepEqual(found.violations.map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => `${node.target} ${node.failureSummary}`).join("; ")}`), [], `${name}, ${scheme}`);
      await page.screenshot({path: join(artefacts, `${name.replace(".html", "")}-${width}-${scheme}.png`), fullPage: width === 1280 && scheme === "dark"});
      await close();
    }
  });
}

test("light and dark by the reader's choice", async () => {
  const {page, close} = await open("one.html");
  const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await paper();
  await page.getByRole("button", {name: "Dark"}).press("Enter");
  assert.notEqual(await paper(), light);
  await page.getByRole("button", {name: "Light"}).press("Enter");
  assert.equal(await paper(), light);
  await close();
});

test("on paper everything is open, light, and within the sheet", async () => {
  const {page, close} = await open("two.html", {scheme: "dark"});
  const pdf = await page.pdf({path: join(artefacts, "two.pdf"), format: "A4", printBackground: false});
  assert.ok(pdf.length > 20000);
  await page.emulateMedia({media: "print", colorScheme: "dark"});
  await page.setViewportSize({width: 700, height: 1000});
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  assert.equal(await page.evaluate(() => document.querySelectorAll("details:not([open])").length), 0);
  assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), "rgb(255, 255, 255)");
  assert.equal(await page.locator(".families").isVisible(), false);
  const reach = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(reach <= 700, `the sheet is ${reach} px wide`);
  await page.screenshot({path: join(artefacts, "two-print.png"), fullPage: true});
  await page.evaluate(() => dispatchEvent(new Event("afterprint")));
  assert.ok(await page.evaluate(() => document.querySelectorAll("details:not([open])").length) > 0);
  await close();
});
