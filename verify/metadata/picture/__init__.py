"""Pictures: EXIF, XMP, IPTC, ICC, and how JPEG, PNG, WebP and TIFF files are put together."""
