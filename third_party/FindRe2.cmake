# Finds RE2 and makes Re2::Re2. RE2_USE_STATIC_LIBS asks for its static archive, which alone is not enough where RE2
# stands on Abseil (since 2023); a shared library brings that along. Threads::Threads is there already.
find_path(RE2_INCLUDE_DIR re2/re2.h)
mark_as_advanced(RE2_INCLUDE_DIR RE2_LIBRARY)

if(RE2_USE_STATIC_LIBS)
  find_library(RE2_LIBRARY libre2.a)
else()
  find_library(RE2_LIBRARY re2)
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Re2 REQUIRED_VARS RE2_LIBRARY RE2_INCLUDE_DIR)

if(Re2_FOUND AND NOT TARGET Re2::Re2)
  add_library(Re2::Re2 UNKNOWN IMPORTED)
  set_target_properties(Re2::Re2 PROPERTIES
    IMPORTED_LOCATION "${RE2_LIBRARY}" INTERFACE_INCLUDE_DIRECTORIES "${RE2_INCLUDE_DIR}")
  target_link_libraries(Re2::Re2 INTERFACE Threads::Threads)
endif()
