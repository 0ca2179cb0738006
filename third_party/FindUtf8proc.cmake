# Finds utf8proc and makes Utf8proc::Utf8proc. UTF8PROC_USE_STATIC_LIBS asks for its static archive.
find_path(UTF8PROC_INCLUDE_DIR utf8proc.h)
mark_as_advanced(UTF8PROC_INCLUDE_DIR UTF8PROC_LIBRARY)

if(UTF8PROC_USE_STATIC_LIBS)
  find_library(UTF8PROC_LIBRARY libutf8proc.a)
else()
  find_library(UTF8PROC_LIBRARY utf8proc)
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Utf8proc REQUIRED_VARS UTF8PROC_LIBRARY UTF8PROC_INCLUDE_DIR)

if(Utf8proc_FOUND AND NOT TARGET Utf8proc::Utf8proc)
  add_library(Utf8proc::Utf8proc UNKNOWN IMPORTED)
  set_target_properties(Utf8proc::Utf8proc PROPERTIES
    IMPORTED_LOCATION "${UTF8PROC_LIBRARY}" INTERFACE_INCLUDE_DIRECTORIES "${UTF8PROC_INCLUDE_DIR}")
endif()
