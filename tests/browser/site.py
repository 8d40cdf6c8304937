"""A company's own site, at an origin of its own, which shows the chat as a widget."""

import threading
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PAGE = """<!doctype html><html lang="pt-BR"><head><meta charset="utf-8"><title>Loja</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><h1>Rede Serrana</h1><p>Internet por fibra na serra.</p><script src="{loader}" async></script></body></html>"""


@contextmanager
def site(port: int, loader: str) -> Generator[str]:
    """Serves the page with *loader* on *port*, under a strict policy, and gives its address."""
    gateway = loader.split("/webchat/", maxsplit=1)[0]
    policy = f"default-src 'none'; script-src {gateway}; frame-src {gateway}"

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = PAGE.format(loader=loader).encode() if self.path == "/" else b""
            self.send_response(200)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.send_header("content-security-policy", policy)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_request(self, code: object = "-", size: object = "-") -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{port}/"
    finally:
        server.shutdown()
        server.server_close()
