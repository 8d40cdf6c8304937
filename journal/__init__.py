"""The durable store: inbox, outbox, journal, projections, flow versions, files."""
