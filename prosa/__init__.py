"""The command line and `prosa up`: where the parts are put together."""
