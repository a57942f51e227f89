"""Who is about to do something to his own account shows first that it is still he."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.http import urlencode

from goodoffices.desk.frame.templatetags.desk import say
from goodoffices.desk.http import viewer_of

_PAGE = "/account"


def shows_again(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Let a form through from whom has shown in the last ten minutes who he is; lead all others to show it.

    Nothing of the form is kept meanwhile: who comes back presses again. Who has neither password nor factor, as in the
    demo, is not asked.
    """

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **named: Any) -> HttpResponseBase:
        if request.method != "POST" or did_recently_reauthenticate(request):
            return view(request, *args, **named)
        ways = get_adapter().get_reauthentication_methods(request.user)
        messages.info(request, say("desk_parties", viewer_of(request).language, "again_then"))
        return HttpResponseRedirect(f"{ways[0]['url'] if ways else '/enter'}?{urlencode({'next': _PAGE})}")

    return asked
