/* The words for how grave a finding about the machine is. */
#ifndef TRANSEPT_RECORD_FINDINGS_H
#define TRANSEPT_RECORD_FINDINGS_H

/** "ok", "note", "warning", "unknown" for TSP_FINDING_…; static text. */
const char *tsp_finding_level_name(int level);

/** And back; -1: unknown word. */
int tsp_finding_level_parse(const char *name);

#endif
