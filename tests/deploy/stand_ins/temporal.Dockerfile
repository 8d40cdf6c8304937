# For temporalio/auto-setup: the development server on SQLite. Temporal on PostgreSQL is not tried with it.
ARG BASE
FROM $BASE
RUN useradd --create-home --uid 1000 temporal
COPY temporal /usr/local/bin/
USER temporal
WORKDIR /home/temporal
ENTRYPOINT ["temporal", "server", "start-dev", "--headless", "--ip", "0.0.0.0", "--db-filename", "temporal.db"]
