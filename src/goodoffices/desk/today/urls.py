"""Addresses of Today."""

from django.urls import path

from goodoffices.desk.today import views

urlpatterns = [
    path("", views.today, name="today"),
    path("digest", views.digest, name="digest"),
    path("history", views.history, name="history"),
    path("walk", views.walk, name="walk"),
]
