"""The portal as a WSGI application, for any server that speaks it."""

import os
import signal

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gaoyuan.portal.settings")
if os.environ.get("GAOYUAN_SERVED") == "1":
    # `gaoyuan serve`: a process of the server whose main process was killed must not keep the port.
    from gaoyuan.portal.serving.following import end_with_parent

    end_with_parent(signal.SIGKILL)
application = get_wsgi_application()
