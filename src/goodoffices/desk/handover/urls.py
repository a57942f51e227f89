"""Addresses of the handover."""

from django.urls import path, register_converter

from goodoffices.desk.handover import codeviews, dayviews, legviews, views


class RoleName:
    """A role of a day."""

    regex = "giver|receiver|neutral"
    to_python = staticmethod(str)
    to_url = staticmethod(str)


class PackForm:
    """The forms of a pack."""

    regex = "pdf|zip"
    to_python = staticmethod(str)
    to_url = staticmethod(str)


register_converter(RoleName, "dayrole")
register_converter(PackForm, "packform")
_T = "transfers/<slug:code>"
_D = f"{_T}/day"

urlpatterns = [
    path("transfers", views.transfers, name="transfers"),
    path("transfers/new", views.transfer_new, name="transfer_new"),
    path("transfers/draft", views.transfer_draft, name="transfer_draft"),
    path("transfers/leg/<slug:exchange>/<int:leg>", legviews.leg_new, name="leg_new"),
    path("transfers/leg/<slug:exchange>/<int:leg>/prepare", legviews.leg_prepare, name="leg_prepare"),
    path(f"{_T}/renew", legviews.leg_renew, name="transfer_renew"),
    path(f"{_T}", views.transfer, name="transfer"),
    path(f"{_T}/say", views.say, name="transfer_say"),
    path(f"{_T}/change", views.change, name="transfer_change"),
    path(f"{_T}/propose", views.propose, name="transfer_propose"),
    path(f"{_T}/ready", views.ready, name="transfer_ready"),
    path(f"{_T}/stop", views.stop, name="transfer_stop"),
    path(f"{_T}/stopped", views.stopped, name="transfer_stopped"),
    path(f"{_T}/close", views.close, name="transfer_close"),
    path(f"{_T}/references", views.references, name="transfer_references"),
    path(f"{_D}", dayviews.day, name="handover_day"),
    path(f"{_D}/make", dayviews.day_make, name="day_make"),
    path(f"{_D}/keys", dayviews.key_register, name="day_key"),
    path(f"{_D}/keys/<slug:key>/end", dayviews.key_end, name="day_key_end"),
    path(f"{_D}/DAY.json", dayviews.day_json, name="day_json"),
    path(f"{_D}/<dayrole:role>.html", dayviews.counter, name="day_counter"),
    path(f"{_D}/<dayrole:role>", dayviews.count_here, name="day_count_here"),
    path(f"{_D}/files", dayviews.file_hand_in, name="day_file"),
    path(f"{_D}/files/<slug:key>", dayviews.evidence, name="day_evidence"),
    path(f"{_D}/files/<slug:key>/codes.pdf", codeviews.codes, name="day_codes"),
    path(f"{_D}/codes", codeviews.codes_form, name="day_codes_form"),
    path(f"{_D}/codes/scanned", codeviews.codes_scanned, name="day_codes_scanned"),
    path(f"{_D}/paper", dayviews.paper, name="day_paper"),
    path(f"{_D}/typed", dayviews.paper_typed, name="day_typed"),
    path(f"{_D}/outcome", dayviews.outcome, name="day_outcome"),
    path(f"{_T}/papers/<slug:name>.pdf", dayviews.paper_pdf, name="transfer_paper"),
    path("print", dayviews.prints, name="print"),
    path("print/pack.<packform:form>", dayviews.pack, name="print_pack"),
]
