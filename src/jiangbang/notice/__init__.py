"""The public notice, objections and substitution, and the public site."""
