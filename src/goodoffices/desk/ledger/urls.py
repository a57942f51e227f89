"""Addresses of the record, and of the log below it as c2sp.org/tlog-tiles has them."""

from django.urls import path, re_path

from goodoffices.desk.ledger import logviews, views

_TILE = r"tile/(?:[0-9]|[1-5][0-9]|6[0-3]|entries)/(?:x[0-9]{3}/){0,5}[0-9]{3}(?:\.p/[1-9][0-9]{0,2})?"

urlpatterns = [
    path("record", views.record, name="record"),
    path("record/verify", logviews.verify, name="verify"),
    path("record/cosign", views.cosign, name="cosign"),
    path("record/cosign/answer", views.cosignature, name="cosign_answer"),
    path("record/bundle.zip", logviews.bundle, name="bundle"),
    *(path(f"record/{name}", logviews.page, {"name": name}, name=name) for name in ("sign.html", "verify.html")),
    *(
        path(f"record/log/{name}", logviews.log_file, {"name": name}, name=f"log_{name}")
        for name in ("checkpoint", "policy")
    ),
    re_path(rf"^record/log/(?P<name>{_TILE}|heads/[1-9][0-9]{{0,18}})$", logviews.log_file, name="log_file"),
    path("record/log/request", logviews.cosign_request, name="log_request"),
    path("record/log/cosignature", logviews.cosignature, name="log_cosignature"),
    path("record/<int:index>", views.entry, name="entry"),
    path("record/<int:index>/receipt.pdf", views.receipt, name="entry_receipt"),
    path("record/<int:index>/proof.txt", views.proof, name="entry_proof"),
    path("record/<int:index>/sign", views.sign, name="entry_sign"),
    path("record/<int:index>/request.json", views.sign_request, name="entry_request"),
    path("record/<int:index>/consent", views.consent, name="entry_consent"),
]
