"""Addresses of doors and people."""

from django.urls import path

from goodoffices.desk.parties import views

urlpatterns = [
    path("enter", views.enter, name="enter"),
    path("enter/<slug:username>", views.demo_enter, name="demo_enter"),
]
