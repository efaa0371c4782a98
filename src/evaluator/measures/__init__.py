"""The measures: each a pure function that counts one kind of thing in one window."""
