"""Addresses of exchanges."""

from django.urls import path

from goodoffices.desk.exchange import legviews, ownviews, views

_E = "exchange/<slug:key>"

urlpatterns = [
    path("exchange", views.exchanges, name="exchanges"),
    path("exchange/new", views.exchange_new, name="exchange_new"),
    path(f"{_E}", views.exchange, name="exchange"),
    path(f"{_E}/terms", views.terms, name="exchange_terms"),
    path(f"{_E}/compose", views.compose, name="exchange_compose"),
    path(f"{_E}/options", views.options, name="exchange_options"),
    path(f"{_E}/options/find", views.options_find, name="exchange_options_find"),
    path(f"{_E}/plan/<slug:plan_key>", views.plan, name="exchange_plan"),
    path(f"{_E}/plan/<slug:plan_key>/take", views.take, name="exchange_take"),
    path(f"{_E}/compare", views.compare, name="exchange_compare"),
    path(f"{_E}/sign", views.sign, name="exchange_sign"),
    path(f"{_E}/audit", views.audit, name="exchange_audit"),
    path(f"{_E}/repair", views.repair, name="exchange_repair"),
    path(f"{_E}/draw/commit", views.commit, name="exchange_commit"),
    path(f"{_E}/draw/reveal", views.reveal, name="exchange_reveal"),
    path(f"{_E}/stays", legviews.stays, name="exchange_stays"),
    path(f"{_E}/own", ownviews.own, name="exchange_own"),
    path(f"{_E}/own.zip", ownviews.own_file, name="exchange_own_file"),
    path(f"{_E}/list/<slug:party>.pdf", legviews.own_list, name="exchange_list_pdf"),
    path(f"{_E}/leg/<int:number>", legviews.leg, name="exchange_leg"),
    path(f"{_E}/leg/<int:number>/manifest/<slug:party>.pdf", legviews.manifest, name="exchange_manifest"),
]
