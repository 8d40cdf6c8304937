"""Stand-ins for systems of ERPs; each folder mirrors the plug-in of its name in `erps/`."""
