"""What every request passes through: access, limits, headers, caching and the request log."""
