"""The desk's map: addresses are nouns."""

from django.urls import include, path

_ROOMS = [
    "parties",
    "jobs",
    "ledger",
    "keeping",
    "talks",
    "lists",
    "pairs",
    "remains",
    "exchange",
    "ceasefire",
    "handover",
    "results",
    "today",
]

urlpatterns = [path("", include(f"goodoffices.desk.{room}.urls")) for room in _ROOMS]
handler400 = "goodoffices.desk.http.bad_request"
handler403 = "goodoffices.desk.http.not_found"
handler404 = "goodoffices.desk.http.not_found"
handler429 = "goodoffices.desk.http.too_many"
handler500 = "goodoffices.desk.http.server_error"
