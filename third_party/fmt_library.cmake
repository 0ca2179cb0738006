# wscope_fmt: {fmt} from its headers, compiled once into a static library where that works with the version that is
# installed, else header-only, which takes longer to build.
get_target_property(fmt_headers fmt::fmt-header-only INTERFACE_INCLUDE_DIRECTORIES)
try_compile(WSCOPE_FMT_ONCE ${PROJECT_BINARY_DIR}/fmt_check
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/fmt_library.cc ${CMAKE_CURRENT_LIST_DIR}/fmt_check.cc
  CMAKE_FLAGS "-DINCLUDE_DIRECTORIES=${fmt_headers}"
  CXX_STANDARD 20 CXX_STANDARD_REQUIRED ON)
if(WSCOPE_FMT_ONCE)
  add_library(wscope_fmt STATIC ${CMAKE_CURRENT_LIST_DIR}/fmt_library.cc)
  set_target_properties(wscope_fmt PROPERTIES CXX_CLANG_TIDY "")
  target_include_directories(wscope_fmt SYSTEM PUBLIC ${fmt_headers})
else()
  add_library(wscope_fmt INTERFACE)
  target_link_libraries(wscope_fmt INTERFACE fmt::fmt-header-only)
endif()
