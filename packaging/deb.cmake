# Run by cpack: puts the files of the .deb where DESTDIR stands for the root.
include(${CPACK_WSCOPE_SOURCE}/packaging/staging.cmake)

if("$ENV{DESTDIR}" STREQUAL "") # which would be the system that this runs on
  message(FATAL_ERROR "deb.cmake: cpack has set no DESTDIR")
endif()
set(usr $ENV{DESTDIR}/usr)
set(share ${usr}/share)
set(doc ${share}/doc/wscope)
wscope_stage(${usr}/bin/wscope ${share}/man/man1 ${share}/bash-completion/completions/wscope
  ${share}/zsh/vendor-completions/_wscope ${share}/fish/vendor_completions.d/wscope.fish)
file(COPY ${CPACK_WSCOPE_SOURCE}/README.md DESTINATION ${doc})

file(READ ${CPACK_WSCOPE_SOURCE}/LICENSE license)
string(REGEX MATCH "Copyright[^\n]*" holder "${license}")
string(REGEX REPLACE "^Copyright( [(]c[)])? *" "" holder "${holder}")
string(FIND "${license}" "Permission is hereby" begin)
string(SUBSTRING "${license}" ${begin} -1 terms)
string(STRIP "${terms}" terms)
string(REPLACE "\n\n" "\n.\n" terms "${terms}")
string(REPLACE "\n" "\n " terms "${terms}")
file(WRITE ${doc}/copyright "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: wscope

Files: *
Copyright: ${holder}
License: MIT

License: MIT
 ${terms}
")

set(ENV{TZ} UTC)
set(ENV{LC_ALL} C)
string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC) # of SOURCE_DATE_EPOCH
file(WRITE ${doc}/changelog.Debian
"wscope (${CPACK_DEBIAN_PACKAGE_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE}) unstable; urgency=medium

  * Built from the sources as they come; CHANGELOG.md there tells what is new.

 -- ${CPACK_DEBIAN_PACKAGE_MAINTAINER}  ${date}
")
file(COPY_FILE ${CPACK_WSCOPE_SOURCE}/CHANGELOG.md ${doc}/changelog)

file(MAKE_DIRECTORY ${share}/lintian/overrides)
file(WRITE ${share}/lintian/overrides/wscope
"# There is no request for a package of Debian's own that this could close.
wscope: initial-upload-closes-no-bugs
")

wscope_normalise(${usr})
file(GLOB texts ${share}/man/man1/*.1 ${doc}/changelog*)
wscope_run(gzip -9n ${texts})
wscope_normalise(${usr})
