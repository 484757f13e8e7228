"""One archive with everything of a site: made while the site is in use, verified, restored elsewhere."""
