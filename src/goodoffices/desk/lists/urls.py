"""Addresses of lists."""

from django.urls import path

from goodoffices.desk.lists import views, views_file

urlpatterns = [
    path("lists", views.lists, name="lists"),
    path("lists/counts", views.counts, name="lists_counts"),
    path("lists/new", views_file.list_new, name="list_new"),
    path("lists/<slug:key>", views.list_page, name="list"),
    path("lists/<slug:key>/found", views.list_found, name="list_found"),
    path("lists/<slug:key>/new", views_file.file_new, name="list_file_new"),
    path("lists/<slug:key>/check", views_file.check, name="list_check"),
    path("lists/<slug:key>/check/<slug:file>", views_file.check, name="list_check_file"),
    path("lists/<slug:key>/check/<slug:file>/map", views_file.file_map_columns, name="list_file_map"),
    path("lists/<slug:key>/check/<slug:file>/accept", views_file.file_yes, name="list_file_accept"),
    path("lists/<slug:key>/check/<slug:file>/again", views_file.file_once_more, name="list_file_again"),
    path("lists/<slug:key>/check/<slug:file>/drop", views_file.file_away, name="list_file_drop"),
    path("lists/<slug:key>/line/<slug:record>", views.line, name="list_line"),
    path("lists/<slug:key>/answers", views.answers, name="list_answers"),
    path("lists/<slug:key>/seal", views.seal, name="list_seal"),
    path("lists/<slug:key>/release", views.release, name="list_release"),
    path("lists/<slug:key>/export", views.export, name="list_export"),
]
