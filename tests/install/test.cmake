# Installs the project from ${build} into a fresh prefix, builds the examples in this folder against it, and lets them
# talk to each other and, if it was built, to the installed program. ${unwanted}: packages that they must do without.
function(run)
  execute_process(COMMAND ${ARGN} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

file(REMOVE_RECURSE ${work}/prefix ${work}/example)
separate_arguments(unwanted)
list(TRANSFORM unwanted REPLACE "(.+)" "-DCMAKE_DISABLE_FIND_PACKAGE_\\1=ON")
run(${CMAKE_COMMAND} --install ${build} --prefix ${work}/prefix)
run(${CMAKE_COMMAND} --no-warn-unused-cli -S ${CMAKE_CURRENT_LIST_DIR} -B ${work}/example -G ${generator}
  -D CMAKE_PREFIX_PATH=${work}/prefix -D CMAKE_CXX_COMPILER=${compiler} -D CMAKE_CXX_FLAGS=${flags}
  ${unwanted})
run(${CMAKE_COMMAND} --build ${work}/example)
run(${CMAKE_CURRENT_LIST_DIR}/converse.sh ${work}/example/client ${work}/example/server)
if(EXISTS ${work}/prefix/bin/wscope)
  run(${CMAKE_CURRENT_LIST_DIR}/converse.sh ${work}/example/client ${work}/prefix/bin/wscope echo 0)
endif()
