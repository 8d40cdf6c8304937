"""Everything there is to look up of the flow language, gathered from the code; pages only lay it out."""
