"""Departments are asked about the shortlisted, and answer person by person."""
