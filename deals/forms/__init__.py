"""What people fill in on the way of a deal."""
