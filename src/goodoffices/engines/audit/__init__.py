"""Terms and plan to violations; shares no code with what it audits."""
