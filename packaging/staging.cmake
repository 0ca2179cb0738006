# What both packages have in common. Variables of cpack are those of packages.cmake and cpack.cmake.

function(wscope_run)
  execute_process(COMMAND ${ARGN} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

# The program, stripped, and what it prints of itself, in folders that are made for it. Sets `program` and `manuals`.
function(wscope_stage program manuals bash zsh fish)
  foreach(file IN ITEMS ${program} ${manuals}/any ${bash} ${zsh} ${fish})
    cmake_path(GET file PARENT_PATH folder)
    file(MAKE_DIRECTORY ${folder})
  endforeach()
  wscope_run(${CPACK_WSCOPE_STRIP} --strip-all -R .comment -R .note -o ${program} ${CPACK_WSCOPE_BUILD}/wscope)
  file(GLOB pages RELATIVE ${CPACK_WSCOPE_SOURCE}/man ${CPACK_WSCOPE_SOURCE}/man/*.1)
  foreach(page IN LISTS pages)
    string(REGEX REPLACE "^wscope-?(.*)[.]1$" "\\1" command ${page})
    wscope_run(${program} --generate man ${command} OUTPUT_FILE ${manuals}/${page})
  endforeach()
  wscope_run(${program} --generate bash OUTPUT_FILE ${bash})
  wscope_run(${program} --generate zsh OUTPUT_FILE ${zsh})
  wscope_run(${program} --generate fish OUTPUT_FILE ${fish})
endfunction()

# Whatever the umask and the checkout were: all can read, nobody but the owner writes, the times are the commit's.
function(wscope_normalise folder)
  wscope_run(chmod -R u=rwX,go=rX ${folder})
  wscope_run(find ${folder} -exec touch --no-dereference --date=@$ENV{SOURCE_DATE_EPOCH} {} +)
endfunction()
