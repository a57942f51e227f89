"""Addresses of results."""

from django.urls import path

from goodoffices.desk.results import exports, views

urlpatterns = [
    path("results", views.results, name="results"),
    path("results/style.css", views.style, name="results_style"),
    path("results/all", views.everything, name="results_all"),
    *(
        path(f"results/{file}", views.download, {"file": file}, name=f"results_{form[0]}")
        for file, form in exports.FORMS.items()
    ),
    path("results/<str:name>", views.commitment, name="commitment_result"),
]
