"""The Demo ERP: an invented internet provider's billing system, a process with its own database and REST API.

Run it with `python -m emulators.erps.demo --port 0 --database FILE`; its customers are listed in
`emulators.erps.demo.customers`.
"""
