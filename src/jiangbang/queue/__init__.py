"""The one queue: what is done later survives kill -9, nothing lost, nothing done twice in effect (docs/decisions/0016).

    from jiangbang.queue.jobs import enqueue, job, periodic

Jobs stand in the `tasks.py` of their package, where the worker finds them.
"""
