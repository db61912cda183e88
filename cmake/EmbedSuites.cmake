# Writes OUTPUT: the YAML files SUITES as C arrays, declared in harness/plan/suites.h.
set(arrays "")
set(rows "")
foreach(file IN LISTS SUITES)
  get_filename_component(name ${file} NAME_WE)
  string(MAKE_C_IDENTIFIER ${name} id)
  file(READ ${file} hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
  string(APPEND arrays "static const unsigned char suite_${id}[] = {${bytes}};\n")
  string(APPEND rows "    {\"${name}\", suite_${id}, sizeof suite_${id}},\n")
endforeach()
file(WRITE ${OUTPUT} "/* Made by cmake/EmbedSuites.cmake from bench/suites. */
#include \"plan/suites.h\"

${arrays}
const struct tsp_embedded_suite tsp_embedded_suites[] = {
${rows}    {0, 0, 0},
};
")
