"""Pages for people: presenters turn results into words, templates show them."""
