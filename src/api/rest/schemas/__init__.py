"""The shapes of answers, for the OpenAPI document. Within v1, fields are only ever added."""
