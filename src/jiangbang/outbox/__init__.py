"""Messages that leave the house: e-mail and group robots; who got what, when, and why not.

    from jiangbang.outbox.acts import post_message

Templates are declared in the `messages.py` of the package that sends them.
"""
