"""Gunicorn's configuration: gunicorn -c qualityseason/gunicorn.py qualityseason.wsgi"""

import os

DEFAULT_WORKERS = 2  # processes; each serves one request at a time
REQUEST_LIMIT = 90  # seconds; longer than a writer may wait for SQLite

bind = f"{os.environ.get('HOST_ADDRESS', '127.0.0.1')}:{os.environ.get('PORT') or 8000}"
workers = int(os.environ.get("WEB_CONCURRENCY") or DEFAULT_WORKERS)
worker_class = "sync"  # measured: threads serve real pages at a third of this
timeout = REQUEST_LIMIT
control_socket_disable = True  # nothing here is steered at run time
