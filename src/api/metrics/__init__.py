"""What `/metrics` shows: current state, operations, and history as OpenMetrics."""
