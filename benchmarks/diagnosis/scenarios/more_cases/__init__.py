"""Ordinary cases, from public articles, written before a rule was looked at."""

from benchmarks.diagnosis.scenarios.more_cases import crashes, devices, keeping, members, remote, services

__all__ = ["crashes", "devices", "keeping", "members", "remote", "services"]
