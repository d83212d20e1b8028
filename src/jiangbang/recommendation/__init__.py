"""The recommending unit's workspace: inviting, ordering, sealing, giving an opinion, submitting the packet, answering returns."""
