"""Pages: server-rendered HTML for people, from what the jobs stored. They work without scripts."""
