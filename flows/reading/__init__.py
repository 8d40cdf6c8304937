"""Reading a flow file: the YAML tree, and mistakes named by line."""
