"""What every face over HTTP shares: access, rate limits, assets, bodies, health, metrics."""
