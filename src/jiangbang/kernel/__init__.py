"""The pure core: frozen values in, frozen values out; no Django, no files, no clock."""
