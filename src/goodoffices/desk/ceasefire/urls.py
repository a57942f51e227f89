"""Addresses of ceasefires."""

from django.urls import path

from goodoffices.desk.ceasefire import dayviews, groundviews, incidentviews, planviews, views

_C = "ceasefire/<slug:key>"

urlpatterns = [
    path("ceasefire", views.ceasefires, name="ceasefires"),
    path("ceasefire/new", views.ceasefire_new, name="ceasefire_new"),
    path(f"{_C}", views.ceasefire, name="ceasefire"),
    path(f"{_C}/offer", views.offer, name="ceasefire_offer"),
    path(f"{_C}/agree", views.agree, name="ceasefire_agree"),
    path(f"{_C}/assure", views.assure, name="ceasefire_assure"),
    path(f"{_C}/step", views.step, name="ceasefire_step"),
    path(f"{_C}/report", views.report, name="ceasefire_report"),
    path(f"{_C}/ground", groundviews.ground, name="ceasefire_ground"),
    path(f"{_C}/roads", groundviews.roads, name="ceasefire_roads"),
    path(f"{_C}/roads/remove", groundviews.roads_remove, name="ceasefire_roads_remove"),
    path(f"{_C}/layers", groundviews.layers, name="ceasefire_layers"),
    path(f"{_C}/layers/<slug:layer_key>/remove", groundviews.layer_remove, name="ceasefire_layer_remove"),
    path(f"{_C}/plan", planviews.plan, name="ceasefire_plan"),
    path(f"{_C}/plan/make", planviews.plan_make, name="ceasefire_plan_make"),
    path(f"{_C}/plan/<slug:plan_key>", planviews.plan, name="ceasefire_plan_one"),
    path(f"{_C}/plan/<slug:plan_key>/cards.pdf", planviews.cards, name="ceasefire_cards"),
    path(f"{_C}/plan/<slug:plan_key>/rehearse", planviews.plan_rehearse, name="ceasefire_rehearse"),
    path(f"{_C}/map", groundviews.field_map, name="ceasefire_map"),
    path(f"{_C}/plan/<slug:plan_key>/way", dayviews.way, name="ceasefire_way"),
    path(f"{_C}/day", dayviews.day, name="ceasefire_day"),
    path(f"{_C}/day/note", dayviews.day_note, name="ceasefire_day_note"),
    path(f"{_C}/replan", dayviews.replan, name="ceasefire_replan"),
    path(f"{_C}/incidents", incidentviews.incidents, name="incidents"),
    path(f"{_C}/incidents/new", incidentviews.incident_new, name="incident_new"),
    path(f"{_C}/incidents/blank.pdf", incidentviews.incident_blank, name="incident_blank"),
    path(f"{_C}/incidents/<slug:incident_key>", incidentviews.incident, name="incident"),
    path(f"{_C}/incidents/<slug:incident_key>/step", incidentviews.incident_step, name="incident_step"),
    path(f"{_C}/incidents/<slug:incident_key>/form.pdf", incidentviews.incident_form, name="incident_form"),
]
