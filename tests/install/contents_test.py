"""What packaging/contents.py reads out of the linker's map, and makes of it."""

import json
import pathlib
import shutil
import sys
import tempfile
import unittest
from unittest import mock

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "packaging"))

import contents

MAP = """\
Archive member included to satisfy reference by file (symbol)

/usr/lib/gcc/x86_64-linux-gnu/12/../../../x86_64-linux-gnu/libz.a(inflate.o)
                              src/ws/libwscope_ws.a(zlib_stream.cc.o) (inflate)
/usr/lib/x86_64-linux-gnu/libssl.a(ssl_lib.o)

LOAD /usr/lib/gcc/x86_64-linux-gnu/12/../../../x86_64-linux-gnu/rcrt1.o
LOAD src/app/CMakeFiles/wscope.dir/main.cc.o
LOAD /usr/lib/x86_64-linux-gnu/libm.a
"""


class FakePart(contents.Part):
    def __init__(self, name):
        self.name, self.version, self.source, self.source_version = name, "1:2+3", name + "-src", "2"
        self.architecture, self.licence = "amd64", "Zlib"


class Contents(unittest.TestCase):
    def test_what_a_member_was_taken_of_is_inside(self):
        self.assertEqual(contents.linked_files(MAP), [
            "/usr/lib/x86_64-linux-gnu/libssl.a", "/usr/lib/x86_64-linux-gnu/libz.a",
            "/usr/lib/x86_64-linux-gnu/rcrt1.o"])

    def test_the_list_names_program_and_parts(self):
        with tempfile.NamedTemporaryFile() as program, mock.patch.dict("os.environ", SOURCE_DATE_EPOCH="86400"):
            made = contents.sbom([FakePart("libz"), FakePart("libstdc++")], "1.2.3", program.name)
        empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        self.assertEqual(made["creationInfo"]["created"], "1970-01-02T00:00:00Z")
        self.assertIn(empty, made["documentNamespace"])
        own, zlib, cxx = made["packages"]
        self.assertEqual((own["versionInfo"], own["checksums"][0]["checksumValue"]), ("1.2.3", empty))
        self.assertEqual(zlib["externalRefs"][0]["referenceLocator"], "pkg:deb/debian/libz@1%3A2%2B3?arch=amd64")
        self.assertEqual(cxx["externalRefs"][0]["referenceLocator"],
                         "pkg:deb/debian/libstdc%2B%2B@1%3A2%2B3?arch=amd64")
        self.assertRegex(cxx["SPDXID"], r"^SPDXRef-[A-Za-z0-9.-]+$")
        self.assertEqual([relation["relatedSpdxElement"] for relation in made["relationships"]],
                         [package["SPDXID"] for package in made["packages"]])
        json.dumps(made)

    @unittest.skipUnless(shutil.which("dpkg-query"), "dpkg is not installed")
    def test_a_package_without_a_known_licence_is_an_error(self):
        with self.assertRaises(SystemExit):
            contents.Part("dpkg")
        with self.assertRaises(SystemExit):
            contents.package_of("/nowhere/to/be/found.a")


if __name__ == "__main__":
    unittest.main()
