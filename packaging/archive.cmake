# Run by cpack: makes wscope-V-SYSTEM-PROCESSOR.tar.gz, one folder with all that belongs to the program.
include(${CPACK_WSCOPE_SOURCE}/packaging/staging.cmake)

set(name wscope-${CPACK_WSCOPE_FULL_VERSION}-${CPACK_WSCOPE_SYSTEM}-${CPACK_WSCOPE_PROCESSOR})
set(folder ${CPACK_TEMPORARY_DIRECTORY}/${name})
file(REMOVE_RECURSE ${folder})
wscope_stage(${folder}/wscope ${folder}/man/man1 ${folder}/completions/wscope.bash ${folder}/completions/_wscope
  ${folder}/completions/wscope.fish)
file(COPY ${CPACK_WSCOPE_SOURCE}/README.md ${CPACK_WSCOPE_SOURCE}/LICENSE DESTINATION ${folder})
wscope_run(python3 -B ${CPACK_WSCOPE_SOURCE}/packaging/contents.py --map ${CPACK_WSCOPE_BUILD}/wscope.map
  --program ${folder}/wscope --version ${CPACK_WSCOPE_FULL_VERSION}
  --sbom ${folder}/SBOM.spdx.json --licences ${folder}/licenses)

wscope_normalise(${folder})
set(archive ${CPACK_TEMPORARY_DIRECTORY}/${name}.tar)
file(REMOVE ${archive} ${archive}.gz)
wscope_run(tar --create --file ${archive} --directory ${CPACK_TEMPORARY_DIRECTORY} --sort=name --format=gnu
  --owner=root:0 --group=root:0 --numeric-owner --mtime=@$ENV{SOURCE_DATE_EPOCH} ${name})
wscope_run(gzip -9n ${archive})
set(CPACK_EXTERNAL_BUILT_PACKAGES ${archive}.gz)
