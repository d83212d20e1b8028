"""A whole synthetic stage: people who do not exist, their real papers, brought in through the acts."""
