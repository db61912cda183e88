// Bundles web/report into one file, the template of `transept report`: style and script inline, both named by their sum in the page's policy, so
// that nothing else in the file can run. Run by scripts/web: node web/build.mjs MODULES-FOLDER OUTPUT.
import {createHash} from "node:crypto";
import {existsSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync} from "node:fs";
import {createRequire} from "node:module";
import {dirname, join, resolve} from "node:path";
import {fileURLToPath} from "node:url";

const [modules, output] = process.argv.slice(2);
if (!modules || !output) {
  console.error("usage: node web/build.mjs MODULES-FOLDER OUTPUT");
  process.exit(2);
}
const require = createRequire(join(resolve(modules), "package.json"));
const esbuild = require("esbuild");
const source = join(dirname(fileURLToPath(import.meta.url)), "report");

const options = {bundle: true, minify: true, write: false, charset: "utf8", legalComments: "none", nodePaths: [join(resolve(modules), "node_modules")], logLevel: "error"};
const built = await esbuild.build({...options, entryPoints: [join(source, "main.js")], format: "iife", target: "es2022", metafile: true});
const styled = await esbuild.build({...options, entryPoints: [join(source, "report.css")], target: ["chrome115", "firefox115", "safari16"]});
const [script, style] = [built, styled].map((one) => one.outputFiles[0].text.trim());
if (/<\/script|<!--/i.test(script) || /<\/style/i.test(style)) throw new Error("the bundle would end its own element");

const sum = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
// The policy of a page that is whole: nothing is fetched, nothing but these two runs or styles, nothing is sent.
const policy = `default-src 'none'; script-src ${sum(script)}; style-src ${sum(style)}; base-uri 'none'; form-action 'none'`;

/** The licences of what is bundled ask for their texts to go with it; each text once, with the names of those that share it. */
function licences() {
  const inputs = new Set();
  for (const input of Object.keys(built.metafile.inputs)) {
    const found = /^.*node_modules\/(?:@[^/]+\/)?[^/]+\//.exec(input);
    if (found) inputs.add(resolve(found[0]));
  }
  const texts = new Map();
  for (const folder of [...inputs].sort()) {
    const {name, version, license} = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
    const text = file && existsSync(join(folder, file)) ? readFileSync(join(folder, file), "utf8").trim() : `License: ${license}`;
    if (!texts.has(text)) texts.set(text, []);
    texts.get(text).push(`${name} ${version}`);
  }
  return [...texts].map(([text, names]) => `${names.join(", ")}\n\n${text}`).join("\n\n").replaceAll("--", "- -");
}

const fill = {"@LICENCES@": licences(), "@CSP@": policy, "@CSS@": style, "@JS@": script};
const page = readFileSync(join(source, "index.html"), "utf8").replace(/@(CSP|CSS|JS|LICENCES)@/g, (mark) => fill[mark]);
mkdirSync(dirname(resolve(output)), {recursive: true});
writeFileSync(`${output}.part`, page);
renameSync(`${output}.part`, output);
