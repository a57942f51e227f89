"""Addresses of the talks."""

from django.urls import path, register_converter

from goodoffices.desk.talks import (
    accordviews,
    calendarviews,
    openviews,
    owedviews,
    packageviews,
    sittingviews,
    textviews,
    views,
)


class ClauseNumber:
    """A clause id such as 4.2, A.1 or 3b."""

    regex = r"(?:[A-Z]{1,3}\.)?\d+(?:\.\d+)*[a-z]?"

    def to_python(self, value: str) -> str:
        """Give it as it stands."""
        return value

    def to_url(self, value: str) -> str:
        """Give it as it stands."""
        return value


class TextForm:
    """The forms in which a text is exported."""

    regex = "docx|pdf|xml"
    to_python = staticmethod(str)
    to_url = staticmethod(str)


register_converter(ClauseNumber, "clause")
register_converter(TextForm, "textform")
_T = "talks/<slug:code>"

urlpatterns = [
    path("talks", views.talks, name="talks"),
    path("calendar.ics", calendarviews.calendar, name="calendar"),
    path("talks/new", openviews.forum_new, name="forum_new"),
    path("talks/open", openviews.forum_open, name="forum_open"),
    path(f"{_T}", views.forum, name="forum"),
    path(f"{_T}/step", openviews.forum_step, name="forum_step"),
    path(f"{_T}/begin/new", openviews.text_new, name="text_new"),
    path(f"{_T}/begin", openviews.text_begin, name="text_begin"),
    path(f"{_T}/sittings/new", sittingviews.sitting_new, name="sitting_new"),
    path(f"{_T}/sittings/plan", sittingviews.sitting_plan, name="sitting_plan"),
    path(f"{_T}/sittings/<int:number>", sittingviews.sitting, name="sitting"),
    path(f"{_T}/sittings/<int:number>/step", sittingviews.sitting_step, name="sitting_step"),
    path(f"{_T}/sittings/<int:number>/attendance", sittingviews.attendance, name="attendance"),
    path(f"{_T}/sittings/<int:number>/minutes", sittingviews.minutes, name="minutes"),
    path(f"{_T}/sittings/<int:number>/video", sittingviews.video, name="sitting_video"),
    path(f"{_T}/sittings/<int:number>/minutes.txt", sittingviews.minutes_file, name="minutes_file"),
    path(f"{_T}/terms", accordviews.forum_terms, name="forum_terms"),
    path(f"{_T}/terms/ask", accordviews.forum_ask, name="forum_ask"),
    path(f"{_T}/chatham", accordviews.chatham, name="chatham"),
    path(f"{_T}/accords/<slug:key>", accordviews.accord, name="accord"),
    path(f"{_T}/accords/<slug:key>/answer", accordviews.accord_answer, name="accord_answer"),
    path(f"{_T}/packages/new", packageviews.package_new, name="package_new"),
    path(f"{_T}/packages/make", packageviews.package_make, name="package_make"),
    path(f"{_T}/silence/<slug:key>/notice.pdf", views.silence_notice, name="silence_notice"),
    path(f"{_T}/silence/<slug:key>/receipt", views.silence_receipt, name="silence_receipt"),
    path(f"{_T}/silence/<slug:key>/extend", views.silence_extend, name="silence_extend"),
    path(f"{_T}/silence/<slug:key>/break", views.silence_break, name="silence_break"),
    path(f"{_T}/papers/new", views.paper_new, name="paper_new"),
    path(f"{_T}/papers/give", views.paper_give, name="paper_give"),
    path(f"{_T}/papers/<slug:key>", views.paper, name="paper"),
    path(f"{_T}/messages/new", views.message_new, name="message_new"),
    path(f"{_T}/messages/give", views.message_give, name="message_give"),
    path(f"{_T}/messages/<slug:key>/convey", views.message_convey, name="message_convey"),
    path(f"{_T}/meeting", views.meeting, name="meeting"),
    path(f"{_T}/meeting/answer", views.meeting_answer, name="meeting_answer"),
    path(f"{_T}/text", textviews.text, name="text"),
    path(f"{_T}/text/table", textviews.table, name="text_table"),
    path(f"{_T}/text/withdraw", textviews.withdraw, name="text_withdraw"),
    path(f"{_T}/text/freeze", textviews.freeze, name="text_freeze"),
    path(f"{_T}/text/publish", openviews.text_publish, name="text_publish"),
    path(f"{_T}/text/sign", textviews.sign, name="text_sign"),
    path(f"{_T}/text/export.<textform:form>", textviews.export, name="text_export"),
    path(f"{_T}/text/<clause:number>", textviews.clause, name="clause"),
    path(f"{_T}/text/<clause:number>/wording", textviews.wording, name="wording"),
    path(f"{_T}/text/<clause:number>/position", textviews.position, name="position"),
    path(f"{_T}/text/<clause:number>/reword", textviews.reword, name="reword"),
    path(f"{_T}/text/<clause:number>/hold", textviews.hold, name="hold"),
    path(f"{_T}/text/<clause:number>/settle", textviews.settle, name="settle"),
    path(f"{_T}/text/<clause:number>/ground", textviews.ground, name="ground"),
    path("packages/<slug:code>", packageviews.package, name="package"),
    path("packages/<slug:code>/revise", packageviews.package_revise, name="package_revise"),
    path("packages/<slug:code>/harvest", packageviews.package_harvest, name="package_harvest"),
    path("commitments", owedviews.commitments, name="commitments"),
    path("commitments/<slug:code>", owedviews.commitment, name="commitment"),
    path("commitments/<slug:code>/ask", owedviews.commitment_ask, name="commitment_ask"),
    path("commitments/<slug:code>/answer", owedviews.commitment_answer, name="commitment_answer"),
]
