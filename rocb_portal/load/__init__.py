"""A large invented region, for measuring: written in bulk, past the services, and never where real people work."""
