"""Server entry."""

import os
import sys

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "goodoffices.desk.settings")
# A thread that computes (the index of a search) gives way after half a millisecond, not five: decisions/0158.
sys.setswitchinterval(0.0005)
application = get_wsgi_application()
