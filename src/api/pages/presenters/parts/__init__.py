"""Parts that several pages are made of: tables, tags, links, charts, and words."""
