"""Pairs with known truth -> how often the tool is right -> likelihood ratios with their origin."""
