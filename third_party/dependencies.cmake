# Finds what README.md in this folder lists. With WSCOPE_STATIC a static archive is preferred.
list(APPEND CMAKE_MODULE_PATH ${CMAKE_CURRENT_LIST_DIR})

# find_static_or_shared(<package> <switch> ...): tries with the Find module's switch for static archives, then without.
macro(find_static_or_shared package switch)
  set(${switch} ${WSCOPE_STATIC})
  find_package(${package} QUIET ${ARGN})
  if(NOT ${package}_FOUND)
    set(${switch} OFF)
    find_package(${package} REQUIRED ${ARGN})
  endif()
endmacro()

find_static_or_shared(OpenSSL OPENSSL_USE_STATIC_LIBS 3.0 COMPONENTS Crypto SSL)
find_static_or_shared(ZLIB ZLIB_USE_STATIC_LIBS)
find_static_or_shared(Idn2 IDN2_USE_STATIC_LIBS)
find_static_or_shared(Utf8proc UTF8PROC_USE_STATIC_LIBS)
find_package(Threads REQUIRED)
find_package(fmt 9 REQUIRED)
find_package(simdjson REQUIRED)
find_package(CLI11 2.1 REQUIRED)
if(WSCOPE_TESTS)
  find_package(doctest 2.4 REQUIRED)
endif()
