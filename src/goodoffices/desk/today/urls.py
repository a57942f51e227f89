"""Addresses of Today."""

from django.urls import path

from goodoffices.desk.today import views

urlpatterns = [path("", views.today, name="today")]
