"""Every claim about speed, runnable: `script/bench [NAME …]`."""
