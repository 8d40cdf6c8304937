"""A drawing as PNG, without a browser."""

from resvg_py import svg_to_bytes

from drawing.lettering import TEXT, TITLE


def png(svg: str, zoom: float = 2.0) -> bytes:
    """Return the picture of *svg*, *zoom* times as large."""
    return svg_to_bytes(svg_string=svg, skip_system_fonts=True, zoom=zoom, font_files=[str(TITLE.file), str(TEXT.file)])
