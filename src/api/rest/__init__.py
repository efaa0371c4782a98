"""The REST API under `/api/v1`: routes, the shapes of answers, and what they share."""
