"""The shell: page frame, components and their gallery, charts, static files, catalogues."""
