# transept_add_kernels(<target> <files…>): adds kernels to <target>. A target that does not exist yet becomes an executable with the
# whole `transept` command (run, list, show, doctor) over these kernels. Used for our own catalogue and, from the installed package, by others.
function(transept_add_kernels target)
  if(NOT ARGN)
    message(FATAL_ERROR "transept_add_kernels(${target}): name the kernels' source files")
  endif()
  if(NOT TARGET ${target})
    add_executable(${target})
    target_link_libraries(${target} PRIVATE transept::main)
  endif()
  target_sources(${target} PRIVATE ${ARGN})
  target_link_libraries(${target} PRIVATE transept::transept)
  # A kernel means what its source says: no optimisation across files, whatever the project around it does.
  set_property(TARGET ${target} PROPERTY INTERPROCEDURAL_OPTIMIZATION OFF)
endfunction()
