"""What the job sfcc-site-archive-export writes, in the official XML: sites, libraries, definitions, objects."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from lxml import etree

from sfcc_client.emulator.custom_objects import CustomType
from sfcc_client.emulator.library import ROOT, Library
from sfcc_client.emulator.office.files import Path
from sfcc_client.emulator.state import Document, SiteRecord, State

_IMPEX = "http://www.demandware.com/xml/impex"
LIBRARY, METADATA = f"{_IMPEX}/library/2006-10-31", f"{_IMPEX}/metadata/2006-10-31"
SITE, PREFERENCES = f"{_IMPEX}/site/2007-04-30", f"{_IMPEX}/preferences/2007-03-31"
CUSTOM_OBJECTS = f"{_IMPEX}/customobject/2006-10-31"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_TYPES = {"enum_of_string": "enum-of-string", "enum_of_int": "enum-of-int", "set_of_string": "set-of-string"}
_TYPES |= {"set_of_int": "set-of-int", "set_of_double": "set-of-double"}


def exported(state: State) -> dict[Path, bytes]:
    """The documents of an archive by their path inside it."""
    documents: dict[Path, bytes] = {("meta", "system-objecttype-extensions.xml"): _metadata(state)}
    for site in state.sites.values():
        documents["sites", site.site_id, "site.xml"] = _site(site)
        documents["sites", site.site_id, "preferences.xml"] = _preferences(site)
    for library_id, library in state.libraries.edited.items():
        owner: Path = ("sites", library_id, "library") if library_id in state.sites else ("libraries", library_id)
        documents[(*owner, "library.xml")] = _library(library_id, library, private=library_id in state.sites)
    rows = sorted(state.custom_objects.objects, key=lambda row: (str(row["siteId"]), row["objectType"], row["key"]))
    for site_id in sorted({row["siteId"] or "" for row in rows}):
        folder: Path = ("sites", site_id) if site_id else ()
        of_site = [row for row in rows if (row["siteId"] or "") == site_id]
        documents[(*folder, "custom-objects", "custom-objects.xml")] = _objects(of_site)
    return documents


def _site(site: SiteRecord) -> bytes:
    root = _root(SITE, "site", {"site-id": site.site_id})
    _child(root, SITE, "name", site.label)
    _child(root, SITE, "currency", site.currency)
    return _written(root)


def _preferences(site: SiteRecord) -> bytes:
    root = _root(PREFERENCES, "preferences", {})
    standard = etree.SubElement(root, f"{{{PREFERENCES}}}standard-preferences")
    everywhere = etree.SubElement(standard, f"{{{PREFERENCES}}}all-instances")
    values = {
        "SiteCurrencies": site.currency,
        "SiteCustomerList": site.customer_list_id,
        "SiteDefaultLocale": site.locale.replace("-", "_"),
    }
    for name, value in values.items():
        etree.SubElement(everywhere, f"{{{PREFERENCES}}}preference", {"preference-id": name}).text = value
    return _written(root)


def _library(library_id: str, library: Library, *, private: bool) -> bytes:
    root = _root(LIBRARY, "library", {} if private else {"library-id": library_id})
    for folder in sorted(library.folders, key=lambda row: (row["id"] != ROOT, str(row["id"]))):
        node = etree.SubElement(root, f"{{{LIBRARY}}}folder", {"folder-id": folder["id"]})
        _texts(node, LIBRARY, "display-name", folder.get("name"))
        _child(node, LIBRARY, "online-flag", folder.get("online"))
        _child(node, LIBRARY, "parent", folder.get("parentFolderId"))
    for asset in sorted(library.assets, key=lambda row: str(row["id"])):
        node = etree.SubElement(root, f"{{{LIBRARY}}}content", {"content-id": asset["id"]})
        _texts(node, LIBRARY, "display-name", asset.get("name"))
        _texts(node, LIBRARY, "description", asset.get("description"))
        for name, member in (("online-flag", "online"), ("searchable-flag", "searchable")):
            _flags(node, name, asset.get(member))
        _custom(node, LIBRARY, asset)
        links = library.assignments.find("content", asset["id"])
        if links:
            _links(node, links)
    return _written(root)


def _links(node: Any, links: Iterable[Document]) -> None:
    rows = sorted(links, key=lambda row: (not row.get("default"), str(row["folderId"])))
    parent = etree.SubElement(node, f"{{{LIBRARY}}}folder-links")
    for row in rows:
        name = "classification-link" if row.get("default") else "folder-link"
        etree.SubElement(parent, f"{{{LIBRARY}}}{name}", {"folder-id": row["folderId"]})


def _metadata(state: State) -> bytes:
    root = _root(METADATA, "metadata", {})
    kinds = sorted({str(row["objectType"]) for row in state.attributes.definitions})
    for kind in kinds:
        extension = etree.SubElement(root, f"{{{METADATA}}}type-extension", {"type-id": kind})
        group = etree.SubElement(extension, f"{{{METADATA}}}custom-attribute-definitions")
        for row in sorted(state.attributes.definitions.find("type", kind), key=lambda row: str(row["id"])):
            node = etree.SubElement(group, f"{{{METADATA}}}attribute-definition", {"attribute-id": row["id"]})
            _texts(node, METADATA, "display-name", row.get("displayName"))
            _texts(node, METADATA, "description", row.get("description"))
            _child(node, METADATA, "type", _TYPES.get(row["valueType"], row["valueType"]))
            _child(node, METADATA, "mandatory-flag", bool(row.get("mandatory")))
            _child(node, METADATA, "externally-managed-flag", bool(row.get("externallyManaged")))
    for custom_type in sorted(state.custom_objects.types.values(), key=lambda row: row.id):
        _custom_type(root, custom_type)
    return _written(root)


def _custom_type(root: Any, custom_type: CustomType) -> None:
    node = etree.SubElement(root, f"{{{METADATA}}}custom-type", {"type-id": custom_type.id})
    _child(node, METADATA, "staging-mode", "no-staging")
    _child(node, METADATA, "storage-scope", "site" if custom_type.per_site else "organization")
    key = etree.SubElement(node, f"{{{METADATA}}}key-definition", {"attribute-id": custom_type.key})
    _child(key, METADATA, "type", "int" if custom_type.key_kind == "integer" else "string")


def _objects(rows: Iterable[Document]) -> bytes:
    root = _root(CUSTOM_OBJECTS, "custom-objects", {})
    for row in rows:
        names = {"type-id": row["objectType"], "object-id": row["key"]}
        node = etree.SubElement(root, f"{{{CUSTOM_OBJECTS}}}custom-object", names)
        for name, value in sorted(row.items()):
            if name.startswith("c_"):
                _attribute(node, CUSTOM_OBJECTS, "object-attribute", name, value)
    return _written(root)


def _custom(node: Any, namespace: str, document: Document) -> None:
    members = sorted((name, value) for name, value in document.items() if name.startswith("c_"))
    if members:
        parent = etree.SubElement(node, f"{{{namespace}}}custom-attributes")
        for name, value in members:
            _attribute(parent, namespace, "custom-attribute", name, value)


def _attribute(parent: Any, namespace: str, tag: str, name: str, value: Any) -> None:
    """One element per locale; several values become <value> elements."""
    localized = isinstance(value, Mapping) and "source" not in value
    for locale, part in value.items() if localized else ((None, value),):
        lang = {} if locale is None else {_LANG: _locale(locale)}
        node = etree.SubElement(parent, f"{{{namespace}}}{tag}", {"attribute-id": name.removeprefix("c_"), **lang})
        if isinstance(part, list):
            for row in part:
                _child(node, namespace, "value", row)
        else:
            node.text = _text(part["source"] if isinstance(part, Mapping) else part)


def _texts(node: Any, namespace: str, tag: str, texts: Mapping[str, str] | None) -> None:
    for locale, text in (texts or {}).items():
        etree.SubElement(node, f"{{{namespace}}}{tag}", {_LANG: _locale(locale)}).text = text


def _flags(node: Any, tag: str, flags: Mapping[str, bool] | None) -> None:
    for site_id, flag in (flags or {}).items():
        names = {} if site_id == "default" else {"site-id": site_id}
        etree.SubElement(node, f"{{{LIBRARY}}}{tag}", names).text = _text(flag)


def _child(node: Any, namespace: str, tag: str, value: Any) -> None:
    if value is not None:
        etree.SubElement(node, f"{{{namespace}}}{tag}").text = _text(value)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _locale(name: str) -> str:
    return "x-default" if name == "default" else name


def _root(namespace: str, tag: str, names: Mapping[str, str]) -> Any:
    return etree.Element(f"{{{namespace}}}{tag}", dict(names), nsmap={None: namespace})  # type: ignore[dict-item]


def _written(root: Any) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))
