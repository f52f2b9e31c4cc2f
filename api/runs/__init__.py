"""Runs that outlive the request that began them: event logs, followers, cancel, replay."""
