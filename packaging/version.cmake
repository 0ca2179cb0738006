# The version of this tree. project() has X.Y.Z, the version that is, or is next; tags are vX.Y.Z.
#
# wscope_version(<source folder> <X.Y.Z> <commit>) sets in the caller:
#   VERSION_FULL    X.Y.Z at its tag, else X.Y.Z-dev.N+gHASH[.dirty]: N commits after the last tag, which may be none
#   VERSION_COMMIT  the whole hash, or "unknown"
#   VERSION_EPOCH   seconds: SOURCE_DATE_EPOCH, else the commit's time, else empty
#   VERSION_DATE    the same as a date, or "unknown"
# A <commit> that is not empty is believed, for sources without git: the version is then X.Y.Z.
#
# As a script, cmake -D source=FOLDER -D version=X.Y.Z -D commit=HASH -D output=FILE -P version.cmake writes what
# src/cli/version.cc includes, if it is another than before.

function(wscope_git variable)
  execute_process(COMMAND git ${ARGN} OUTPUT_VARIABLE output ERROR_QUIET RESULT_VARIABLE status
    OUTPUT_STRIP_TRAILING_WHITESPACE)
  if(NOT status STREQUAL "0")
    set(output "")
  endif()
  set(${variable} "${output}" PARENT_SCOPE)
endfunction()

# What git knows: `hash` and `time` of the commit, `version`. Nothing if `source` is not the top of a work tree, as where
# an archive was unpacked inside somebody else's.
function(wscope_version_by_git source base)
  file(REAL_PATH "${source}" source)
  wscope_git(top -C "${source}" rev-parse --show-toplevel)
  if(NOT top STREQUAL source)
    return()
  endif()
  wscope_git(hash -C "${source}" rev-parse --verify HEAD)
  if(NOT hash)
    return()
  endif()
  wscope_git(time -C "${source}" log -1 --no-show-signature --format=%ct)
  wscope_git(changes -C "${source}" status --porcelain --untracked-files=no)
  wscope_git(last -C "${source}" describe --tags --abbrev=0 --match "v[0-9]*")
  set(range HEAD)
  if(last)
    set(range "${last}..HEAD")
  endif()
  wscope_git(count -C "${source}" rev-list --count ${range})

  if(last STREQUAL "v${base}" AND (NOT count EQUAL 0 OR changes)) # it is out: this becomes the one after it
    string(REGEX MATCH "^([0-9]+[.][0-9]+)[.]([0-9]+)$" whole "${base}")
    math(EXPR patch "${CMAKE_MATCH_2} + 1")
    set(base "${CMAKE_MATCH_1}.${patch}")
  endif()
  string(SUBSTRING ${hash} 0 12 short)
  set(version "${base}-dev.${count}+g${short}")
  if(changes)
    string(APPEND version ".dirty")
  elseif(last STREQUAL "v${base}")
    set(version "${base}")
  endif()
  set(hash "${hash}" PARENT_SCOPE)
  set(time "${time}" PARENT_SCOPE)
  set(version "${version}" PARENT_SCOPE)
endfunction()

function(wscope_version source base commit)
  set(hash "${commit}")
  set(time "")
  set(version "${base}")
  if(NOT hash)
    wscope_version_by_git("${source}" "${base}")
  endif()
  if(NOT hash)
    set(hash unknown)
  endif()
  if(NOT "$ENV{SOURCE_DATE_EPOCH}" STREQUAL "")
    set(time "$ENV{SOURCE_DATE_EPOCH}")
  endif()
  set(date unknown)
  if(time)
    set(ENV{SOURCE_DATE_EPOCH} "${time}")
    string(TIMESTAMP date "%Y-%m-%d" UTC)
  endif()
  set(VERSION_FULL "${version}" PARENT_SCOPE)
  set(VERSION_COMMIT "${hash}" PARENT_SCOPE)
  set(VERSION_EPOCH "${time}" PARENT_SCOPE)
  set(VERSION_DATE "${date}" PARENT_SCOPE)
endfunction()

if(CMAKE_SCRIPT_MODE_FILE STREQUAL CMAKE_CURRENT_LIST_FILE)
  wscope_version("${source}" "${version}" "${commit}")
  set(text "// Made by packaging/version.cmake.\n")
  foreach(name IN ITEMS full commit date)
    string(TOUPPER ${name} upper)
    string(APPEND text "#define WSCOPE_VERSION_${upper} \"${VERSION_${upper}}\"\n")
  endforeach()
  file(CONFIGURE OUTPUT "${output}" CONTENT "${text}" @ONLY) # which leaves a file alone that has this text
endif()
