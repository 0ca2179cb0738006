# Run by cpack behind the .deb: what ar notes of the three files in it depends on the umask, and is to be the same for
# everybody.
foreach(file IN LISTS CPACK_PACKAGE_FILES)
  set(folder ${file}.parts)
  file(REMOVE_RECURSE ${folder})
  file(MAKE_DIRECTORY ${folder})
  execute_process(COMMAND ar x ${file} WORKING_DIRECTORY ${folder} COMMAND_ERROR_IS_FATAL ANY)
  file(REMOVE ${file})
  execute_process(COMMAND ar rcD ${file} debian-binary control.tar.gz data.tar.gz
    WORKING_DIRECTORY ${folder} COMMAND_ERROR_IS_FATAL ANY)
  file(REMOVE_RECURSE ${folder})
endforeach()
