# Finds what README.md in this folder lists, as far as it was chosen. With WSCOPE_STATIC a static archive is preferred.
list(APPEND CMAKE_MODULE_PATH ${CMAKE_CURRENT_LIST_DIR})

# find_static_or_shared(<package> <switch> TARGETS <target>... [FIND <argument>...]): finds the package with its Find
# module's switch for static archives if there are some and probe/<package>.cc links with them (Debian 13's libcrypto.a
# wants libraries that its package does not bring), else without. Set WSCOPE_STATIC before the first configuration: what
# was found is remembered.
macro(find_static_or_shared package switch)
  cmake_parse_arguments(find "" "" "TARGETS;FIND" ${ARGN})
  if(WSCOPE_STATIC AND NOT DEFINED WSCOPE_STATIC_${package})
    static_archives_link(${package} ${switch} "${find_TARGETS}" "${find_FIND}")
    message(STATUS "Static archives of ${package}: ${WSCOPE_STATIC_${package}}")
  endif()
  if(WSCOPE_STATIC_PIE AND NOT WSCOPE_STATIC_${package})
    message(FATAL_ERROR "WSCOPE_STATIC_PIE: there are no static archives of ${package} here that are enough to link with")
  endif()
  set(${switch} OFF)
  if(WSCOPE_STATIC AND WSCOPE_STATIC_${package})
    set(${switch} ON)
  endif()
  find_package(${package} ${find_FIND} REQUIRED)
endmacro()

function(static_archives_link package switch targets arguments)
  add_subdirectory(${PROJECT_SOURCE_DIR}/third_party/probe ${PROJECT_BINARY_DIR}/probe/${package})
endfunction()

find_static_or_shared(ZLIB ZLIB_USE_STATIC_LIBS TARGETS ZLIB::ZLIB)
if(WSCOPE_IDNA)
  find_static_or_shared(Idn2 IDN2_USE_STATIC_LIBS TARGETS Idn2::Idn2)
endif()
if(WSCOPE_TOOL)
  find_static_or_shared(OpenSSL OPENSSL_USE_STATIC_LIBS TARGETS OpenSSL::SSL OpenSSL::Crypto
    FIND 3.0 COMPONENTS Crypto SSL)
  find_static_or_shared(Utf8proc UTF8PROC_USE_STATIC_LIBS TARGETS Utf8proc::Utf8proc)
  find_package(Threads REQUIRED)
  find_static_or_shared(Re2 RE2_USE_STATIC_LIBS TARGETS Re2::Re2)
  find_package(fmt 9 REQUIRED)
  include(fmt_library)
  find_package(CLI11 2.1 REQUIRED)
endif()
if(WSCOPE_TESTS)
  find_package(doctest 2.4 REQUIRED)
endif()
