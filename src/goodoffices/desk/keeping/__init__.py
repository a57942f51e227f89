"""What crosses and what is kept: releases, reads, caps, canaries; keys, back-up, retention, the machine."""
