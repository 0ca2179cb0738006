# How packages are compiled and linked; the presets `static` and `deb` choose of it. Before any target.

# The flags of the distribution, as Debian's own packages have them. Debug information is left out: it would be
# stripped.
if(WSCOPE_DPKG_BUILDFLAGS)
  foreach(language_flags IN ITEMS CPPFLAGS CXXFLAGS LDFLAGS)
    execute_process(
      COMMAND ${CMAKE_COMMAND} -E env DEB_CXXFLAGS_MAINT_STRIP=-g dpkg-buildflags --get ${language_flags}
      WORKING_DIRECTORY ${PROJECT_SOURCE_DIR} OUTPUT_VARIABLE flags OUTPUT_STRIP_TRAILING_WHITESPACE
      COMMAND_ERROR_IS_FATAL ANY)
    separate_arguments(flags UNIX_COMMAND "${flags}")
    if(language_flags STREQUAL "LDFLAGS")
      add_link_options(${flags})
    else()
      list(FILTER flags EXCLUDE REGEX "^-O") # which is CMAKE_BUILD_TYPE's
      add_compile_options(${flags})
    endif()
  endforeach()
endif()

# After them: of several prefixes the last counts.
if(WSCOPE_REPRODUCIBLE)
  add_compile_options(
    -ffile-prefix-map=${PROJECT_SOURCE_DIR}=. -ffile-prefix-map=${PROJECT_BINARY_DIR}=./build -Werror=date-time)
endif()

if(WSCOPE_STATIC_PIE)
  add_compile_options(-fPIE)
endif()
