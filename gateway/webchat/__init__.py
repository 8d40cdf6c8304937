"""The contact's page: the web chat, its widget, its stream of messages, its uploads."""
