"""The university's desk and the reviewers' queues."""
