"""Server entry."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "goodoffices.desk.settings")
application = get_wsgi_application()

from goodoffices.desk.warm import warm  # noqa: E402  the rooms can be read only now

warm()
