"""What is no honest site export is refused with one clear line, before any of it is loaded."""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from sfcc_client.emulator import CommerceEmulator
from sfcc_client.emulator.archive import BadArchive, Limits, imported
from tests.site_export.small import CUSTOMERS, FILES, ORDERS, SITE, encoded
from tests.site_export.writer import zipped

ORDERS_AT, CUSTOMERS_AT = "sites/North/orders.xml", "customer-lists/People/customers.xml"
LIBRARY_AT = "libraries/Shared/library.xml"
BOMB = """<?xml version="1.0"?>
<!DOCTYPE orders [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<orders xmlns="http://www.demandware.com/xml/impex/order/2006-10-31"><order order-no="&b;"/></orders>"""
OUTSIDE = BOMB.replace('<!ENTITY a "ha">', '<!ENTITY a SYSTEM "file:///etc/passwd">')


@pytest.fixture(autouse=True)
def _no_schemas(monkeypatch):
    monkeypatch.setattr("sfcc_client.emulator.archive.schemas._BESIDE_THE_CHECKOUT", Path("nowhere"))


def spoiled(name: str, old: str, new: str) -> dict[str, bytes]:
    assert old in FILES[name]
    return encoded({**FILES, name: FILES[name].replace(old, new, 1)})


# What is wrong, the files that have it, the line that says so.
DOCUMENTS: tuple[tuple[str, dict[str, bytes], str], ...] = (
    ("entity expansion", encoded({**FILES, ORDERS_AT: BOMB}), f"{ORDERS_AT} line 2 has a document type (DOCTYPE)"),
    ("a file outside", encoded({**FILES, ORDERS_AT: OUTSIDE}), f"{ORDERS_AT} line 2 has a document type (DOCTYPE)"),
    (
        "an entity of nobody",
        spoiled(ORDERS_AT, "ada@example.com", "&ada;"),
        f"{ORDERS_AT} line 9 is not XML: Entity 'ada' not defined",
    ),
    (
        "wrong namespace",
        spoiled(ORDERS_AT, "impex/order/2006-10-31", "impex/order/2031-01-01"),
        f"{ORDERS_AT}: <orders> has the wrong namespace 'http://www.demandware.com/xml/impex/order/2031-01-01'",
    ),
    ("no namespace", spoiled(ORDERS_AT, "<orders xmlns", "<orders xmlns:x"), "has the wrong namespace ''"),
    (
        "wrong root",
        encoded({**FILES, ORDERS_AT: ORDERS.replace("orders", "order-list")}),
        f"{ORDERS_AT}: its root is <order-list>, but 'http://www.demandware.com/xml/impex/order/2006-10-31' needs",
    ),
    (
        "namespace of one element",
        spoiled(ORDERS_AT, "<status>", '<status xmlns="http://www.demandware.com/xml/impex/customer/2006-10-31">'),
        f"{ORDERS_AT} line 11: <status> has the wrong namespace",
    ),
    (
        "unknown encoding",
        spoiled(ORDERS_AT, "UTF-8", "klingon-1"),
        f"{ORDERS_AT} is in the unknown encoding 'klingon-1'; exports are in UTF-8",
    ),
    (
        "bytes of another encoding",
        {**encoded(FILES), ORDERS_AT: ORDERS.replace("ada@", "ädä@").encode("latin-1")},
        f"{ORDERS_AT} line 9 is not XML",
    ),
    ("cut short", {**encoded(FILES), ORDERS_AT: ORDERS.encode()[:900]}, f"{ORDERS_AT} line 24 is not XML"),
    ("empty", {**encoded(FILES), ORDERS_AT: b""}, f"{ORDERS_AT} has no element; it is empty or cut short"),
    (
        "endless comment",
        {**encoded(FILES), ORDERS_AT: b"<!--" + bytes(range(32, 44)) * 40_000},
        f"{ORDERS_AT} has no element",
    ),
    ("order twice", spoiled(ORDERS_AT, '"N-2"', '"N-1"'), f"{ORDERS_AT} line 45: <order> N-1 is in the archive twice"),
    (
        "customer twice",
        spoiled(CUSTOMERS_AT, "</customer>", '</customer><customer customer-no="0001"/>'),
        f"{CUSTOMERS_AT} line 23: <customer> 0001 is in the customer list 'People' twice",
    ),
    (
        "content twice",
        spoiled(LIBRARY_AT, "</content>", '</content><content content-id="returns"/>'),
        "<content> returns is in the library twice",
    ),
    (
        "folder of nowhere",
        spoiled(LIBRARY_AT, 'link folder-id="help"', 'link folder-id="faq"'),
        "In the library 'Shared' content 'returns' is in folder 'faq', which the archive does not hold",
    ),
    (
        "content of a missing site",
        spoiled(LIBRARY_AT, 'site-id="North"', 'site-id="South"'),
        f"{LIBRARY_AT} line 7: <online-flag> belongs to the site 'South', which the archive does not hold (North)",
    ),
    (
        "orders of a missing site",
        encoded({**FILES, "sites/South/orders.xml": ORDERS}),
        "sites/South/orders.xml belongs to the site 'South', which the archive does not hold (North)",
    ),
    (
        "list of no site",
        encoded({**FILES, "customer-lists/Nobody/customers.xml": CUSTOMERS}),
        "No site of the archive has the customer list 'Nobody'",
    ),
    (
        "orders of some site",
        encoded({**FILES, "sites/South/site.xml": SITE.replace("North", "South"), "order.xml": ORDERS}),
        "order.xml does not say to which site its orders belong (North, South)",
    ),
    (
        "no number",
        spoiled(ORDERS_AT, ">25.00<", ">twenty<"),
        f"{ORDERS_AT} line 17: <gross-price> is not a number",
    ),
    ("no finite number", spoiled(ORDERS_AT, ">25.00<", ">NaN<"), "<gross-price> is not a number"),
    ("no date", spoiled(ORDERS_AT, "2026-11-12T", "12.11.2026 "), f"{ORDERS_AT} line 4: <order-date> is not a date"),
    ("no status", spoiled(ORDERS_AT, ">OPEN<", ">LOST<"), "<order-status> is none of CREATED, NEW, OPEN, CANCELLED"),
    (
        "unknown child",
        spoiled(ORDERS_AT, "<taxation>gross</taxation>", "<mood/>"),
        "line 6: <mood> is not expected in <order>",
    ),
    ("order without number", spoiled(ORDERS_AT, ' order-no="N-1"', ""), "line 3: <order> has no order-no"),
    (
        "line without product",
        spoiled(ORDERS_AT, "<product-id>mug-blue</product-id>", ""),
        "<product-lineitem> has no <product-id>",
    ),
    ("customer without number", spoiled(CUSTOMERS_AT, ' customer-no="0001"', ""), "<customer> has no customer-no"),
    (
        "not as declared",
        spoiled(CUSTOMERS_AT, ">120<", ">many<"),
        f"{CUSTOMERS_AT} line 15: <custom-attribute> is not the int that the metadata declares",
    ),
    ("nothing of use", encoded({"a.xml": "<a/>"}), "archive.zip holds no document of a site export"),
    ("no documents", encoded({"a.txt": "a"}), "archive.zip holds no XML documents"),
)


@pytest.mark.parametrize(("files", "line"), [row[1:] for row in DOCUMENTS], ids=[row[0] for row in DOCUMENTS])
def test_a_bad_document_is_refused(tmp_path: Path, files: dict[str, bytes], line: str) -> None:
    refused(zipped(tmp_path / "archive.zip", files), line)


def refused(path: Path, line: str, **options) -> None:
    """Refused with one line that says so, and repeats nothing of a person."""
    with pytest.raises(BadArchive) as found:
        imported(path, **options)
    said = str(found.value)
    assert line in said
    assert "\n" not in said
    assert said.endswith((".", ".)"))
    assert "ada@" not in said


def entry(name: str, content: bytes = b"<a/>", *, mode: int | None = None) -> Callable[[Path], None]:
    def add(path: Path) -> None:
        info = zipfile.ZipInfo(name)
        info.compress_type = zipfile.ZIP_DEFLATED
        if mode is not None:
            info.external_attr = mode << 16
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr(info, content)

    return add


def _twice(path: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        entry(ORDERS_AT)(path)


def _encrypted(path: Path) -> None:
    """The flag that says so, in the entry and in the directory."""
    raw = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.index(mark) + offset] |= 1
    path.write_bytes(raw)


def _bzip2(path: Path) -> None:
    with zipfile.ZipFile(path, "a", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("more.xml", "<a/>")


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-40])


def _flipped(path: Path) -> None:
    """One wrong byte within the orders' packed bytes."""
    raw = bytearray(path.read_bytes())
    raw[raw.index(ORDERS_AT.encode()) + len(ORDERS_AT) + 60] ^= 0xFF
    path.write_bytes(raw)


def five_gigabytes_of_zeros(path: Path) -> None:
    """A true entry of 5 GB, made without unpacking or packing them: the same packed block over and over."""
    name, mega, times = "zeros.xml", 1024 * 1024, 5 * 1024
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    first = packer.compress(bytes(mega)) + packer.flush(zlib.Z_FULL_FLUSH)
    packed = first * times + zlib.compressobj(9, zlib.DEFLATED, -15).flush()
    info = zipfile.ZipInfo(name)
    info.compress_type, info.CRC = zipfile.ZIP_DEFLATED, 0
    info.file_size, info.compress_size = mega * times, len(packed)
    with zipfile.ZipFile(path, "a") as archive:
        archive.fp.seek(archive.start_dir)
        info.header_offset = archive.fp.tell()
        archive.fp.write(info.FileHeader(zip64=True) + packed)
        archive.start_dir = archive.fp.tell()
        archive.filelist.append(info)
        archive.NameToInfo[name] = info
        archive._didModify = True


ARCHIVES: tuple[tuple[str, Callable[[Path], None], str], ...] = (
    ("traversal", entry("../../etc/cron.d/a.xml"), "'../../etc/cron.d/a.xml' leads out of the archive"),
    ("traversal on Windows", entry("..\\a.xml"), "leads out of the archive"),
    ("absolute", entry("/etc/a.xml"), "'/etc/a.xml' leads out of the archive"),
    ("drive", entry("C:/a.xml"), "'C:/a.xml' leads out of the archive"),
    ("link", entry("a.xml", b"/etc/passwd", mode=stat.S_IFLNK | 0o777), "'a.xml' is a link or another special file"),
    ("pipe", entry("a.xml", mode=stat.S_IFIFO | 0o600), "'a.xml' is a link or another special file"),
    ("bomb", entry("a.xml", bytes(8_000_000)), "'a.xml' unpacks to far more than it could honestly hold"),
    ("bomb among pictures", entry("a.jpg", bytes(8_000_000)), "'a.jpg' unpacks to far more than"),
    ("5 GB of zeros", five_gigabytes_of_zeros, "'zeros.xml' unpacks to far more than it could honestly hold"),
    ("twice", _twice, f"'{ORDERS_AT}' is in it twice"),
    ("encrypted", _encrypted, "is encrypted; export without a password"),
    ("bzip2", _bzip2, "'more.xml' is packed in another way than deflate"),
    ("cut short", _cut, "archive.zip is not a whole zip file"),
    ("damaged", _flipped, "the archive is damaged or cut short"),
    ("no zip", lambda path: path.write_bytes(b"PK but no"), "archive.zip is not a whole zip file"),
    ("empty", lambda path: path.write_bytes(b""), "archive.zip is not a whole zip file"),
    ("missing", lambda path: path.unlink(), "archive.zip cannot be read: No such file or directory"),
)


@pytest.mark.parametrize(("spoil", "line"), [row[1:] for row in ARCHIVES], ids=[row[0] for row in ARCHIVES])
def test_a_bad_archive_is_refused(tmp_path: Path, spoil: Callable[[Path], None], line: str) -> None:
    path = zipped(tmp_path / "archive.zip", encoded(FILES))
    spoil(path)
    refused(path, line)


SIZES = (
    (Limits(entries=3), "it has 8 entries, more than 3"),
    (Limits(total=1000), "its documents unpack to 0 MB, more than 0 MB"),
    (Limits(document=500), "is too large a document"),
    (Limits(record=1000), "catalogs/all/catalog.xml: one record is larger than 0 MB"),
)


@pytest.mark.parametrize(("limits", "line"), SIZES)
def test_what_is_too_large_is_refused(tmp_path: Path, limits: Limits, line: str) -> None:
    refused(zipped(tmp_path / "archive.zip", encoded(FILES)), line, limits=limits)


def test_a_claim_that_is_too_small_gives_out_no_more_than_it_claims(tmp_path: Path) -> None:
    path = zipped(tmp_path / "archive.zip", encoded({**FILES, ORDERS_AT: ORDERS + " " * 50_000}))
    claimed, true = (500).to_bytes(4, "little"), (len(ORDERS.encode()) + 50_000).to_bytes(4, "little")
    raw = path.read_bytes()
    assert raw.count(true) == 2
    path.write_bytes(raw.replace(true, claimed))
    refused(path, "the archive is damaged or cut short")


def test_nothing_of_a_refused_archive_is_served(tmp_path: Path) -> None:
    """The last document is the bad one, so that everything else had been read."""
    path = zipped(tmp_path / "archive.zip", spoiled(ORDERS_AT, '"N-2"', '"N-1"'))
    with pytest.raises(BadArchive):
        CommerceEmulator(dataset=imported(path))


def test_a_folder_without_schemas_is_refused(tmp_path: Path) -> None:
    refused(zipped(tmp_path / "archive.zip", encoded(FILES)), "holds no schemas", schemas=tmp_path)


def test_a_broken_schema_is_refused(tmp_path: Path) -> None:
    (tmp_path / "metadata.xsd").write_text("<schema/>")
    refused(zipped(tmp_path / "archive.zip", encoded(FILES)), "metadata.xsd cannot be used", schemas=tmp_path)
