"""Hand-made labels (paths only) and the words learnt for stories."""
