# One image: `prosa gateway`, `python -m workers`, and `prosa` for migration and upkeep.
# With its digest, `python@sha256:...`, it is the same to the byte: docs/production.md, Supply.
ARG PYTHON_IMAGE=python:3.11.13-slim-bookworm

FROM ${PYTHON_IMAGE} AS build
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

FROM ${PYTHON_IMAGE}
RUN useradd --system --uid 10001 --home-dir /data prosa && install --directory --owner prosa --mode 0700 /data
COPY --from=build /venv /venv
COPY --from=build /prosa /prosa
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER prosa
WORKDIR /data
VOLUME /data
STOPSIGNAL SIGTERM
CMD ["prosa", "--help"]
