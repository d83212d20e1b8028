"""What a title brings over the years: places at recuperation leaves and forums, and the recommendation for higher titles."""
