"""A fictional region to try the portal with: invented people, invented missions, true workflow. Nothing in it is a fact."""
