# Finds GNU libidn2 and makes Idn2::Idn2. IDN2_USE_STATIC_LIBS asks for the static archives of it and of libunistring.
find_path(IDN2_INCLUDE_DIR idn2.h)
mark_as_advanced(IDN2_INCLUDE_DIR IDN2_LIBRARY UNISTRING_LIBRARY)

if(IDN2_USE_STATIC_LIBS)
  find_library(IDN2_LIBRARY libidn2.a)
  find_library(UNISTRING_LIBRARY libunistring.a)
  set(idn2_parts IDN2_LIBRARY UNISTRING_LIBRARY)
else()
  if(NOT UNISTRING_LIBRARY)
    unset(IDN2_LIBRARY CACHE)
  endif()
  find_library(IDN2_LIBRARY idn2)
  set(idn2_parts IDN2_LIBRARY)
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Idn2 REQUIRED_VARS ${idn2_parts} IDN2_INCLUDE_DIR)

if(Idn2_FOUND AND NOT TARGET Idn2::Idn2)
  add_library(Idn2::Idn2 UNKNOWN IMPORTED)
  set_target_properties(Idn2::Idn2 PROPERTIES
    IMPORTED_LOCATION "${IDN2_LIBRARY}" INTERFACE_INCLUDE_DIRECTORIES "${IDN2_INCLUDE_DIR}")
  if(IDN2_USE_STATIC_LIBS)
    target_link_libraries(Idn2::Idn2 INTERFACE "${UNISTRING_LIBRARY}")
  endif()
endif()
