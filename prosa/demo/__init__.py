"""`prosa demo`: a web chat, a bot and a demo ERP, and a scripted customer to try them."""
