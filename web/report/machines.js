// Where it was measured, and what spoils it: before any number.
import {element, plural} from "./dom.js";
import * as format from "./format.js";

function facts(record) {
  const {machine, run, build} = record;
  const cpu = machine.cpu ?? {};
  const topology = machine.topology ?? {};
  const executor = machine.executed_by ?? {};
  const caches = (topology.caches ?? []).map((cache) => `L${cache.level} ${format.bytes(cache.bytes)}`).join(", ");
  const list = [
    ["ISA", machine.arch],
    ["executed by", executor.kind === "emulator" ? `${executor.name} ${executor.version ?? ""} on ${executor.host_arch ?? "an unknown host"}` : "hardware"],
    ["CPU", [cpu.vendor, cpu.model, cpu.microarchitecture].filter(Boolean).join(", ")],
    ["hypervisor", machine.hypervisor],
    ["CPUs", topology.threads ? `${plural(topology.cores ?? topology.threads, "core")}, ${plural(topology.threads, "thread")}` : null],
    ["caches", caches],
    ["memory", machine.memory_bytes ? `${format.bytes(machine.memory_bytes)}, pages of ${format.bytes(machine.page_bytes ?? 0)}` : null],
    ["kernel, libc", [machine.kernel, machine.libc].filter(Boolean).join(", ")],
    ["clock", machine.clock?.name ? `${machine.clock.name}, resolution ${format.time(machine.clock.resolution_ns ?? 0)}` : null],
    ["core clock", machine.core_ghz_estimate ? `some ${format.count(machine.core_ghz_estimate)} GHz (estimated)` : null],
    ["PMU", [machine.pmu?.status, machine.pmu?.reason].filter(Boolean).join(": ")],
    ["compiler", [build.compiler, build.version, build.optimisation].filter(Boolean).join(" ")],
    ["run", [run.started, run.suite ? `suite ${run.suite}` : null, run.rounds ? plural(run.rounds, "round") : null].filter(Boolean).join(", ")],
    ["transept", [run.version, run.commit?.slice(0, 12)].filter(Boolean).join(", ")],
    ["record", record.path],
  ];
  return element("dl", {class: "facts"}, list.filter(([, value]) => value).map(([name, value]) => element("div", {}, element("dt", {}, name), element("dd", {}, value))));
}

/** What a reader must know before believing anything: the gravest first. */
function warnings(record) {
  const made = [];
  const bad = record.cases.filter((tcase) => !["ok", "skipped"].includes(tcase.status)).length;
  if (record.run.interrupted) made.push(["The run was interrupted: cases that it did not reach are missing."]);
  if (bad) made.push([`${plural(bad, "case")} did not end well; see the lists below each family.`]);
  if (record.emulated) made.push(["Times were read under an emulator. They are marked, and never held against hardware's."]);
  if (record.run.imported) made.push([`Imported: ${record.run.imported}.`]);
  for (const finding of record.machine.quiet?.findings ?? []) {
    if (finding.level === "warning") made.push([`${finding.subject}: ${finding.value ?? ""}`, finding.effect, finding.remedy]);
  }
  return made;
}

function card(record) {
  const said = warnings(record);
  return element("article", {class: "machine"},
    element("h3", {}, record.label, element("span", {class: "of"}, record.machine.cpu?.model && record.machine.cpu.model !== "emulated" ? record.machine.cpu.model : record.machine.executed_by?.name ?? "")),
    said.length ? element("ul", {class: "warnings"}, said.map(([text, effect, remedy]) => element("li", {}, text,
      effect || remedy ? element("details", {}, element("summary", {}, "what that does, and the remedy"), effect ? `${effect}. ` : "", remedy ? ["Remedy: ", element("code", {}, remedy)] : "nothing mends it.") : null)))
      : element("p", {class: "calm"}, "Nothing was found on this machine that spoils measurements."),
    element("details", {class: "facts-box"}, element("summary", {}, "Machine, build and run"), facts(record)));
}

export function machines(data) {
  return element("section", {id: "machines", "aria-labelledby": "machines-title"}, element("h2", {id: "machines-title"}, data.records.length > 1 ? "Machines and warnings" : "Machine and warnings"),
    element("div", {class: "machines"}, data.records.map(card)));
}
