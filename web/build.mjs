// Bundles web/report into one file, the template of `transept report`: style and script inline, both named by their sum in the page's policy, so
// that nothing else in the file can run. Run by scripts/web: node web/build.mjs MODULES-FOLDER OUTPUT.
import {createHash} from "node:crypto";
import {mkdirSync, readFileSync, renameSync, writeFileSync} from "node:fs";
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
const [script, style] = await Promise.all([
  esbuild.build({...options, entryPoints: [join(source, "main.js")], format: "iife", target: "es2022"}),
  esbuild.build({...options, entryPoints: [join(source, "report.css")], target: ["chrome115", "firefox115", "safari16"]}),
]).then((built) => built.map((one) => one.outputFiles[0].text.trim()));
if (/<\/script|<!--/i.test(script) || /<\/style/i.test(style)) throw new Error("the bundle would end its own element");

const sum = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
// The policy of a page that is whole: nothing is fetched, nothing but these two runs or styles, nothing is sent.
const policy = `default-src 'none'; script-src ${sum(script)}; style-src ${sum(style)}; base-uri 'none'; form-action 'none'`;
const fill = {"@CSP@": policy, "@CSS@": style, "@JS@": script};
const page = readFileSync(join(source, "index.html"), "utf8").replace(/@(CSP|CSS|JS)@/g, (mark) => fill[mark]);
mkdirSync(dirname(resolve(output)), {recursive: true});
writeFileSync(`${output}.part`, page);
renameSync(`${output}.part`, output);
