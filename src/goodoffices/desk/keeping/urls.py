"""Addresses of what crosses and what is kept."""

from django.urls import path

from goodoffices.desk.keeping import views

urlpatterns = [
    path("releases", views.releases),
    path("releases/<slug:release_id>", views.release),
    path("releases/<slug:release_id>/approve", views.approve),
    path("releases/<slug:release_id>/revoke", views.revoke),
    path("reads", views.reads),
    path("unlocks", views.unlocks),
    path("unlocks/ask", views.unlock_ask),
    path("unlocks/<slug:unlock_id>", views.unlock),
    path("unlocks/<slug:unlock_id>/approve", views.unlock_approve),
    path("canaries", views.canaries),
    path("canaries/plant", views.canary_plant),
    path("canaries/<slug:canary_id>/remove", views.canary_remove),
    path("recipients", views.recipients),
    path("recipients/add", views.recipient_add),
    path("recipients/<slug:recipient_id>/remove", views.recipient_remove),
    path("retention", views.retention),
    path("retention/end", views.purpose_end),
    path("retention/ask", views.erasure_ask),
    path("retention/<slug:erasure_id>/approve", views.erasure_approve),
    path("machine", views.machine),
]
