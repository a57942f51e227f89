"""Profiles and families -> evidence: exact pedigree likelihoods, blind search, joint assignment, power."""
