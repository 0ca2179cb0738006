# What `cpack` makes of a build: with WSCOPE_STATIC_PIE wscope-V-linux-ARCHITECTURE.tar.gz and its .sha256, else a .deb
# for the Debian that this is. `cmake --workflow --preset static` and `--preset deb` do all of it.
set(CPACK_PACKAGE_NAME wscope)
set(CPACK_PACKAGE_VENDOR wscope)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "terminal workbench for WebSocket endpoints")
set(CPACK_PACKAGE_DIRECTORY ${PROJECT_BINARY_DIR}/packages)
set(CPACK_PROJECT_CONFIG_FILE ${PROJECT_SOURCE_DIR}/packaging/cpack.cmake)
set(CPACK_INSTALL_CMAKE_PROJECTS "")
set(CPACK_VERBATIM_VARIABLES ON)

# For packaging/*.cmake, which cpack runs.
set(CPACK_WSCOPE_SOURCE ${PROJECT_SOURCE_DIR})
set(CPACK_WSCOPE_BUILD ${PROJECT_BINARY_DIR})
set(CPACK_WSCOPE_VERSION ${PROJECT_VERSION})
set(CPACK_WSCOPE_COMMIT "${WSCOPE_COMMIT}")
set(CPACK_WSCOPE_STRIP ${CMAKE_STRIP})
set(CPACK_WSCOPE_SYSTEM ${CMAKE_SYSTEM_NAME})
set(CPACK_WSCOPE_PROCESSOR ${CMAKE_SYSTEM_PROCESSOR})
string(TOLOWER "${CPACK_WSCOPE_SYSTEM}" CPACK_WSCOPE_SYSTEM)

if(WSCOPE_STATIC_PIE)
  set(CPACK_GENERATOR External)
  set(CPACK_EXTERNAL_PACKAGE_SCRIPT ${PROJECT_SOURCE_DIR}/packaging/archive.cmake)
  set(CPACK_PACKAGE_CHECKSUM SHA256)
else()
  set(CPACK_GENERATOR DEB)
  set(CPACK_INSTALL_SCRIPTS ${PROJECT_SOURCE_DIR}/packaging/deb.cmake)
  set(CPACK_POST_BUILD_SCRIPTS ${PROJECT_SOURCE_DIR}/packaging/deb_modes.cmake)
  set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
  set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
  set(CPACK_DEBIAN_PACKAGE_MAINTAINER "wscope maintainers <maintainers@users.noreply.github.com>")
  set(CPACK_DEBIAN_PACKAGE_SECTION net)
  set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
  set(CPACK_DEBIAN_PACKAGE_RECOMMENDS ca-certificates)
  set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
  set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"client and a server for the terminal and for shell pipelines: lines of standard
input become messages, messages become lines of standard output, and the exit
status tells how it ended. On a terminal it talks to a person, shows frames as
they are on the wire, and sends what no endpoint should. It speaks TLS, goes
through proxies, relays sockets, serves programs, and runs test scripts.")
endif()
include(CPack)
