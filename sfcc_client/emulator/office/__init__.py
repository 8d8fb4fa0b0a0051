"""What the people behind a shop work with: code, jobs, files, sites' settings, replications, preferences, traffic."""
