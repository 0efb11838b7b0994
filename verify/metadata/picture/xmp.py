"""XMP: what programs and cameras write about a file as RDF/XML, flattened to names and texts.

A document type is refused, so that nothing in the text can be expanded or fetched. Lists are joined with
"; ", structures give names with a slash (`xmpMM:History/stEvt:softwareAgent`).

Source: XMP specification parts 1 and 2 (ISO 16684-1); the prefixes are those that the specification prefers.
"""

from __future__ import annotations

import re
from xml.parsers import expat

from verify.metadata.text import bounded

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_XML = "http://www.w3.org/XML/1998/namespace"
_PREFIXES = {
    "http://ns.adobe.com/xap/1.0/": "xmp",
    "http://ns.adobe.com/xap/1.0/mm/": "xmpMM",
    "http://ns.adobe.com/xap/1.0/rights/": "xmpRights",
    "http://ns.adobe.com/xap/1.0/sType/ResourceEvent#": "stEvt",
    "http://ns.adobe.com/xap/1.0/sType/ResourceRef#": "stRef",
    "http://ns.adobe.com/xmp/1.0/DynamicMedia/": "xmpDM",
    "http://ns.adobe.com/tiff/1.0/": "tiff",
    "http://ns.adobe.com/exif/1.0/": "exif",
    "http://ns.adobe.com/exif/1.0/aux/": "aux",
    "http://cipa.jp/exif/1.0/": "exifEX",
    "http://ns.adobe.com/photoshop/1.0/": "photoshop",
    "http://ns.adobe.com/pdf/1.3/": "pdf",
    "http://ns.adobe.com/pdfx/1.3/": "pdfx",
    "http://ns.adobe.com/camera-raw-settings/1.0/": "crs",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/": "Iptc4xmpCore",
    "http://iptc.org/std/Iptc4xmpExt/2008-02-29/": "Iptc4xmpExt",
}
_CONTAINERS = {"Seq", "Bag", "Alt", "RDF", "Description", "li"}
_DEPTH = 60  # elements in elements
_MOST_BYTES = 16 << 20
_MOST_PROPERTIES = 2000
_PREFIX = re.compile(r"[A-Za-z_][\w.-]{0,30}")


class _RefusedError(ValueError):
    """The text has what XMP must not have."""


def xmp(raw: bytes) -> tuple[dict[str, str], str]:
    """The properties of one XMP packet by name, and what kept the rest from being read ("" if nothing)."""
    reading = _Reading()
    try:
        if len(raw) > _MOST_BYTES:
            raise _RefusedError(f"{len(raw)} bytes of XMP")
        reading.parser.Parse(_start(raw), True)
    except _RefusedError as error:
        return reading.told(), f"XMP is not read further: {error}"
    except (expat.ExpatError, ValueError, LookupError) as error:
        return reading.told(), f"XMP is not well-formed: {error}"
    return reading.told(), ""


def _start(raw: bytes) -> bytes:
    # Packets are padded with blanks and zeros, which XML does not allow, and may be in UTF-16.
    if raw[:2] in {b"\xfe\xff", b"\0<"}:
        raw = raw.decode("utf-16" if raw[0] else "utf-16-be", "replace").encode()
    elif raw[:2] in {b"\xff\xfe", b"<\0"}:
        raw = raw.decode("utf-16" if raw[0] == 255 else "utf-16-le", "replace").encode()
    return raw.strip(b"\0 \t\r\n")


class _Reading:
    def __init__(self) -> None:
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.namespace_prefixes = True
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.StartElementHandler = self._open
        self.parser.EndElementHandler = self._close
        self.parser.CharacterDataHandler = self._text
        self._stack: list[str | None] = []  # property names, None for RDF's own elements
        self._texts: list[list[str]] = []
        self._inner: list[bool] = []  # whether the element has elements in it
        self._found: dict[str, list[str]] = {}
        self._inside, self._left = False, _MOST_PROPERTIES

    def _refuse(self, *_: object) -> None:
        raise _RefusedError("it declares a document type")

    def _open(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._stack) >= _DEPTH:
            raise _RefusedError(f"elements nested more than {_DEPTH} deep")
        if self._inner:
            self._inner[-1] = True
        uri, local, _ = _parts(name)
        if not self._inside:
            self._inside = uri == _RDF and local == "RDF"
            own: str | None = None
        else:
            own = None if uri == _RDF and local in _CONTAINERS else _named(name)
        self._stack.append(own)
        self._texts.append([])
        self._inner.append(False)
        if self._inside:
            self._attributes(attributes)

    def _attributes(self, attributes: dict[str, str]) -> None:
        for name, value in attributes.items():
            uri, local, _ = _parts(name)
            if uri == _RDF and local == "resource":
                self._add(self._path(), value)
            elif uri not in {_RDF, _XML, "", "adobe:ns:meta/"}:
                self._add((*self._path(), _named(name)), value)

    def _text(self, text: str) -> None:
        if self._texts:
            self._texts[-1].append(text)

    def _close(self, _: str) -> None:
        text = "".join(self._texts.pop())
        if self._inside and not self._inner.pop() and text.strip():
            self._add(self._path(), text.strip())
        elif not self._inside:
            self._inner.pop()
        self._stack.pop()
        self._inside = self._inside and len(self._stack) > 0

    def _path(self) -> tuple[str, ...]:
        return tuple(name for name in self._stack if name)

    def _add(self, path: tuple[str, ...], value: str) -> None:
        if path and self._left > 0:
            self._left -= 1
            self._found.setdefault("/".join(path), []).append(value)

    def told(self) -> dict[str, str]:
        """Names and texts."""
        return {name: bounded("; ".join(values)) for name, values in self._found.items()}


def _parts(name: str) -> tuple[str, str, str]:
    """Namespace, local name and the document's prefix of expat's joined name."""
    parts = name.split(" ")
    if len(parts) == 1:
        return "", parts[0], ""
    return parts[0], parts[1], parts[2] if len(parts) > 2 else ""


def _named(name: str) -> str:
    uri, local, prefix = _parts(name)
    known = _PREFIXES.get(uri)
    if known is None:
        known = prefix if _PREFIX.fullmatch(prefix) else "other"
    return f"{known}:{local}"
