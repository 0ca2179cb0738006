# layer(<name> [INSTALL] [SMALL] [USES <layer>...] [TEST_USES <layer>...] [PRIVATE <target>...] [EXTERNAL <header>...]
#       SOURCES <file>... HEADERS <file>... [TESTS <file>...])
#
# Makes the static library of one folder, wscope_<name>, alias wscope::<name>, and its unit test <name>_test from
# tests/unit/<name>, which links this layer and what is under it: of every <file>.cc or <file>.h that has one there, the
# <file>_test.cc.
#   INSTALL   the layer is part of the installable library
#   SMALL     its code is made small rather than fast: it runs once, or at the pace of a person
#   USES      the layers it may include from and links
#   TEST_USES the layers that its unit test links besides, for what it prints with
#   PRIVATE   the libraries it alone links
#   TESTS     the files of its unit test that are of no single file here
#   EXTERNAL  the headers from outside that it may include besides the C++ library and fmt; "dir/*" stands for a folder
# USES, EXTERNAL and the lists of files also go to layers.txt in the build directory: tests/lint checks src against it.
function(layer name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "INSTALL;SMALL" "" "USES;TEST_USES;PRIVATE;EXTERNAL;SOURCES;HEADERS;TESTS")
  set(library wscope_${name})
  set(used_layers ${arg_USES})
  list(TRANSFORM used_layers PREPEND wscope::)
  list(TRANSFORM arg_TEST_USES PREPEND wscope::)

  add_library(${library} STATIC)
  add_library(wscope::${name} ALIAS ${library})
  target_sources(${library}
    PRIVATE ${arg_SOURCES}
    PUBLIC FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR}/src FILES ${arg_HEADERS})
  target_compile_features(${library} PUBLIC cxx_std_20)
  target_include_directories(${library} INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  target_link_libraries(${library}
    PUBLIC ${used_layers}
    PRIVATE ${arg_PRIVATE} $<BUILD_INTERFACE:wscope_warnings>)
  # Nobody asks for errno of std::sqrt, and without it none of the mathematical library has to be loaded at each start.
  target_compile_options(${library} PRIVATE -fno-math-errno)
  if(arg_SMALL)
    target_compile_options(${library} PRIVATE $<$<CONFIG:Release>:-Os>)
  endif()
  if(NOT arg_INSTALL) # what is installed needs no fmt
    target_link_libraries(${library} PRIVATE wscope_fmt)
  endif()

  if(arg_INSTALL)
    set_target_properties(${library} PROPERTIES EXPORT_NAME ${name})
    install(TARGETS ${library} EXPORT wscope
      ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
      FILE_SET HEADERS DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/wscope)
  endif()

  set(test_folder ${PROJECT_SOURCE_DIR}/tests/unit/${name})
  set(tests ${arg_SOURCES} ${arg_HEADERS})
  list(TRANSFORM tests REPLACE "[.](cc|h)$" "_test.cc")
  list(REMOVE_DUPLICATES tests)
  foreach(test IN LISTS tests)
    if(NOT EXISTS ${test_folder}/${test})
      list(REMOVE_ITEM tests ${test})
    endif()
  endforeach()
  list(APPEND tests ${arg_TESTS})

  if(WSCOPE_TESTS)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${test_folder}) # a test may be added
    list(TRANSFORM tests PREPEND ${test_folder}/ OUTPUT_VARIABLE test_files)
    add_doctest(${name}_test LABEL unit LINKS ${library} ${arg_TEST_USES} SOURCES ${test_files})
  endif()

  set_property(GLOBAL APPEND_STRING PROPERTY WSCOPE_LAYERS
    "layer ${name}\nuses ${arg_USES}\nexternal ${arg_EXTERNAL}\n"
    "files ${arg_SOURCES};${arg_HEADERS}\ntests ${tests}\n")
endfunction()
