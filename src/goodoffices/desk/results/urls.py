"""Addresses of results."""

from django.urls import path

from goodoffices.desk.results import exports, makeviews, views

urlpatterns = [
    path("results", views.results, name="results"),
    path("results/style.css", views.style, name="results_style"),
    path("results/all", views.everything, name="results_all"),
    path("results/attest", makeviews.attest, name="attest"),
    path("results/attest/send", makeviews.attested, name="attested"),
    path("results/state", makeviews.state, name="state"),
    path("results/state/send", makeviews.stated, name="stated"),
    path("results/embargo", makeviews.embargo, name="embargo"),
    path("results/embargo/lift", makeviews.lift, name="embargo_lift"),
    path("results/embargo/set", makeviews.embargo_set, name="embargo_set"),
    path("results/publish", makeviews.publish, name="publish"),
    path("results/publish/send", makeviews.published, name="published"),
    path("results/publications", makeviews.publications, name="publications"),
    path("results/publications/<int:number>.json", makeviews.publication, name="publication"),
    *(
        path(f"results/proof/<str:name>.{form}", makeviews.proof, {"form": form}, name=f"figure_proof_{form}")
        for form in ("txt", "json", "pdf")
    ),
    path("results/proof/<str:name>", makeviews.proof, name="figure_proof"),
    *(
        path(f"results/{file}", views.download, {"file": file}, name=f"results_{form[0]}")
        for file, form in exports.FORMS.items()
    ),
    path("results/<str:name>", views.commitment, name="commitment_result"),
]
