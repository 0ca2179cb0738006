# Read by cpack before it packs: the version of this moment, and times that are the commit's.
include(${CMAKE_CURRENT_LIST_DIR}/version.cmake)
wscope_version("${CPACK_WSCOPE_SOURCE}" "${CPACK_WSCOPE_VERSION}" "${CPACK_WSCOPE_COMMIT}")
if(VERSION_EPOCH STREQUAL "") # as of no commit that is known
  set(VERSION_EPOCH 0)
endif()
set(ENV{SOURCE_DATE_EPOCH} ${VERSION_EPOCH})
set(CPACK_WSCOPE_FULL_VERSION "${VERSION_FULL}")

if(CPACK_GENERATOR STREQUAL "DEB")
  file(STRINGS /etc/os-release release)
  foreach(line IN LISTS release)
    if(line MATCHES "^(ID|VERSION_ID)=\"?([^\"]*)\"?$")
      set(os_${CMAKE_MATCH_1} "${CMAKE_MATCH_2}")
    endif()
  endforeach()
  string(REGEX REPLACE "^debian$" "deb" os_ID "${os_ID}")
  # A version of development comes before the one that it is to be.
  string(REPLACE "-dev" "~dev" CPACK_DEBIAN_PACKAGE_VERSION "${VERSION_FULL}")
  set(CPACK_DEBIAN_PACKAGE_RELEASE "1~${os_ID}${os_VERSION_ID}")
  set(CPACK_PACKAGE_VERSION "${CPACK_DEBIAN_PACKAGE_VERSION}")
else()
  set(CPACK_PACKAGE_VERSION "${VERSION_FULL}")
endif()
