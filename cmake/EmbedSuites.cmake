# Writes OUTPUT: the YAML files FILES of bench/FOLDER as C arrays and their table TABLE, declared in harness/plan/suites.h.
set(arrays "")
set(rows "")
foreach(file IN LISTS FILES)
  get_filename_component(name ${file} NAME_WE)
  string(MAKE_C_IDENTIFIER ${name} id)
  file(READ ${file} hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
  string(APPEND arrays "static const unsigned char file_${id}[] = {${bytes}};\n")
  string(APPEND rows "    {\"${name}\", file_${id}, sizeof file_${id}},\n")
endforeach()
file(WRITE ${OUTPUT} "/* Made by cmake/EmbedSuites.cmake from bench/${FOLDER}. */
#include \"plan/suites.h\"

${arrays}
const struct tsp_embedded_suite ${TABLE}[] = {
${rows}    {0, 0, 0},
};
")
