"""Jiangbang (匠榜): runs a formal recognition programme from its opening letter to its closing roll."""

__version__ = "0.1.0"
