"""What is inside the program that needs no other file: its parts list (SPDX 2.3) and their licences.

contents.py --map LINK_MAP --program FILE --version V --sbom FILE --licences FOLDER

The parts are the Debian packages of the archives and objects that the linker has taken something of, and of the
libraries that are headers alone. Times are SOURCE_DATE_EPOCH's, so the same program has the same list.
"""

import argparse
import datetime
import hashlib
import json
import os
import pathlib
import re
import subprocess
import urllib.parse

# Libraries that leave no trace in the map.
HEADERS = ("/usr/include/fmt/core.h", "/usr/include/CLI/CLI.hpp")
# {Debian source package: licence of what is linked}. One that is missing here is an error, so that none slips in.
LICENCES = {
    "cli11": "BSD-3-Clause",
    "fmtlib": "MIT",
    "gcc": "GPL-3.0-or-later WITH GCC-exception-3.1",
    "glibc": "LGPL-2.1-or-later",
    "libidn2": "LGPL-3.0-or-later OR GPL-2.0-or-later",
    "libunistring": "LGPL-3.0-or-later OR GPL-2.0-or-later",
    "openssl": "Apache-2.0",
    "re2": "BSD-3-Clause",
    "utf8proc": "MIT AND Unicode-DFS-2015",
    "zlib": "Zlib",
}
HOW_TO_RELINK = """\
The program `wscope` contains these parts, each as its Debian package has it:

{table}

Their licences are in this folder, by package; {common} has those that they refer to.

libidn2, libunistring and glibc are under the GNU Lesser General Public License: you may change them, and
link wscope with what you have changed. The sources of wscope are complete, so on a Debian with your
version of the libraries installed in place of the packages

    third_party/install && cmake --workflow --preset static

makes such a program, and `cmake --preset static -D IDN2_LIBRARY=FILE.a -D UNISTRING_LIBRARY=FILE.a` before
it names the archives elsewhere. The sources of a version of theirs: `apt-get source SOURCE=VERSION`, or
https://snapshot.debian.org/package/SOURCE/VERSION/.
"""


class Part:
    """A Debian package of which something was linked."""

    def __init__(self, package):
        fields = "${binary:Package}\t${Version}\t${source:Package}\t${source:Version}\t${Architecture}"
        line = subprocess.run(["dpkg-query", "--show", f"--showformat={fields}", package], capture_output=True,
                              text=True, check=True).stdout
        name, self.version, self.source, self.source_version, self.architecture = line.split("\t")
        self.name = name.split(":")[0]
        key = re.sub(r"-[\d.]+$", "", self.source)
        if key not in LICENCES:
            raise SystemExit(f"contents.py: {self.name}: no licence is known of source package {self.source}")
        self.licence = LICENCES[key]
        self.copyright = pathlib.Path("/usr/share/doc", self.name, "copyright")

    def described(self):
        name, version = (urllib.parse.quote(text, safe="~") for text in (self.name, self.version))
        purl = f"pkg:deb/debian/{name}@{version}?arch={self.architecture}"
        return {
            "SPDXID": "SPDXRef-" + re.sub(r"[^A-Za-z0-9.-]", "-", self.name),
            "name": self.name,
            "versionInfo": self.version,
            "supplier": "Organization: Debian",
            "downloadLocation": "NOASSERTION",
            "filesAnalyzed": False,
            "sourceInfo": f"built from Debian's source package {self.source} {self.source_version}",
            "licenseConcluded": self.licence,
            "licenseDeclared": self.licence,
            "copyrightText": "NOASSERTION",
            "externalRefs": [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl",
                              "referenceLocator": purl}],
        }


def linked_files(link_map):
    """Archives of the system that a member was taken of, and objects of it, by the map of the linker."""
    files = set()
    for line in link_map.splitlines():
        files.update(re.findall(r"(?:^|[\s(])(/\S+?\.a)\(", line))
        files.update(re.findall(r"^LOAD (/\S+\.o)$", line))
    return sorted({os.path.normpath(name) for name in files})


def package_of(path):
    """The package that has installed a file, whichever of /lib and /usr/lib it says."""
    for name in (path, path.removeprefix("/usr"), "/usr" + path):
        run = subprocess.run(["dpkg-query", "--search", name], capture_output=True, text=True)
        if run.returncode == 0:
            return run.stdout.split(": ")[0].split(",")[0]
    raise SystemExit(f"contents.py: {path}: belongs to no package")


def parts_of(link_map):
    files = [*linked_files(link_map), *HEADERS]
    parts = {part.name: part for part in map(Part, {package_of(path) for path in files})}
    return [parts[name] for name in sorted(parts)]


def sbom(parts, version, program):
    digest = hashlib.sha256(pathlib.Path(program).read_bytes()).hexdigest()
    moment = datetime.datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", "0")), datetime.timezone.utc)
    own = {
        "SPDXID": "SPDXRef-wscope",
        "name": "wscope",
        "versionInfo": version,
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": False,
        "licenseConcluded": "MIT",
        "licenseDeclared": "MIT",
        "copyrightText": "NOASSERTION",
        "checksums": [{"algorithm": "SHA256", "checksumValue": digest}],
    }
    described = [part.described() for part in parts]
    relations = [("SPDXRef-DOCUMENT", "DESCRIBES", own["SPDXID"])]
    relations += [(own["SPDXID"], "STATIC_LINK", part["SPDXID"]) for part in described]
    return {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": f"wscope-{version}",
        "documentNamespace": f"https://spdx.org/spdxdocs/wscope-{version}-{digest}",
        "creationInfo": {"created": moment.strftime("%Y-%m-%dT%H:%M:%SZ"), "creators": ["Tool: contents.py"]},
        "packages": [own, *described],
        "relationships": [{"spdxElementId": one, "relationshipType": kind, "relatedSpdxElement": other}
                          for one, kind, other in relations],
    }


def write_licences(parts, folder):
    folder = pathlib.Path(folder)
    common = folder / "common-licenses"
    common.mkdir(parents=True)
    for part in parts:
        text = part.copyright.read_text()
        (folder / f"{part.name}.txt").write_text(text)
        for name in re.findall(r"/usr/share/common-licenses/([\w.-]*\w)", text):
            (common / name).write_bytes(pathlib.Path("/usr/share/common-licenses", name).read_bytes())
    rows = [("package", "version", "source package", "its version", "licence")]
    rows += [(part.name, part.version, part.source, part.source_version, part.licence) for part in parts]
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    table = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows]
    text = HOW_TO_RELINK.format(table="\n".join("    " + row for row in table), common="common-licenses/")
    (folder / "README").write_text(text)


def main():
    parser = argparse.ArgumentParser()
    for name in ("map", "program", "version", "sbom", "licences"):
        parser.add_argument(f"--{name}", required=True)
    arguments = parser.parse_args()
    parts = parts_of(pathlib.Path(arguments.map).read_text())
    text = json.dumps(sbom(parts, arguments.version, arguments.program), indent=1)
    pathlib.Path(arguments.sbom).write_text(text + "\n")
    write_licences(parts, arguments.licences)


if __name__ == "__main__":
    main()
