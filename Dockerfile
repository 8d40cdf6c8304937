# One image: `prosa gateway`, `python -m workers`, and `prosa` for migration and upkeep.
FROM python:3.11.13-slim-bookworm AS build
WORKDIR /prosa
COPY requirements-run.lock pyproject.toml README.md LICENSE THIRD_PARTY.md ./
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements-run.lock
COPY domain domain
COPY runtime runtime
COPY journal journal
COPY channels channels
COPY erps erps
COPY flows flows
COPY interpreter interpreter
COPY drawing drawing
COPY workflows workflows
COPY activities activities
COPY usecases usecases
COPY web web
COPY stories stories
COPY gateway gateway
COPY console console
COPY workers workers
COPY prosa prosa
COPY emulators emulators
RUN /venv/bin/pip install --no-cache-dir --no-deps --no-build-isolation -e .

FROM python:3.11.13-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /data prosa && install --directory --owner prosa --mode 0700 /data
COPY --from=build /venv /venv
COPY --from=build /prosa /prosa
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER prosa
WORKDIR /data
VOLUME /data
STOPSIGNAL SIGTERM
CMD ["prosa", "--help"]
