"""Addresses of pairs."""

from django.urls import path

from goodoffices.desk.pairs import views

urlpatterns = [
    path("pairs", views.pairs, name="pairs"),
    path("pairs/counts", views.counts, name="pairs_counts"),
    path("pairs/found", views.found, name="pairs_found"),
    path("pairs/link", views.link, name="pairs_link"),
    path("pairs/undo", views.undo, name="pairs_undo"),
    path("pairs/confirm/<slug:run>", views.confirm, name="pairs_confirm"),
    path("pairs/<slug:key>", views.pair, name="pair"),
    path("pairs/<slug:key>/decide", views.decide, name="pair_decide"),
    path("pairs/<slug:key>/reply", views.reply, name="pair_reply"),
]
