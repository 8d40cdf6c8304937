"""Stand-ins for message providers; each folder mirrors the plug-in of its name in `channels/`."""
