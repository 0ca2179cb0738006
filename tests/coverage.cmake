# The target `coverage`, to be built after all others: runs the tests, then prints the line coverage of the protocol core and of the rest, and fails
# where it is under its bound. The end-to-end tests are left out: what they measure, time and memory, is not the program's
# with counters in it, and the others run nearly every line.
set(report gcovr --add-tracefile coverage.json --root ${PROJECT_SOURCE_DIR})
add_custom_target(coverage
  COMMAND ${CMAKE_CTEST_COMMAND} --output-on-failure --parallel 6 --label-exclude "lint|install|e2e"
  COMMAND gcovr --root ${PROJECT_SOURCE_DIR} --filter ${PROJECT_SOURCE_DIR}/src/ --object-directory .
          --delete --json coverage.json .
  COMMAND ${CMAKE_COMMAND} -E echo "base, http, ws: at least 98 % of the lines"
  COMMAND ${report} --filter "${PROJECT_SOURCE_DIR}/src/(base|http|ws)/" --fail-under-line 98
  COMMAND ${CMAKE_COMMAND} -E echo "the other layers: at least 85 % of the lines"
  COMMAND ${report} --exclude "${PROJECT_SOURCE_DIR}/src/(base|http|ws)/" --fail-under-line 85
  WORKING_DIRECTORY ${PROJECT_BINARY_DIR}
  USES_TERMINAL
  VERBATIM)
