"""`hearten demo`: a made-up organisation, collected, judged and served."""
