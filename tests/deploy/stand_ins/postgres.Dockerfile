# For postgres:*-bookworm: Debian's PostgreSQL 15. As that image's, its first server listens on the socket alone; here for longer.
ARG BASE
FROM $BASE
RUN apt-get update && apt-get install --yes --no-install-recommends gosu postgresql && rm -rf /var/lib/apt/lists/*
ENV PATH=/usr/lib/postgresql/15/bin:$PATH PGDATA=/var/lib/postgresql/data
COPY postgres.sh /usr/local/bin/
VOLUME /var/lib/postgresql/data
STOPSIGNAL SIGINT
ENTRYPOINT ["postgres.sh"]
CMD ["postgres"]
