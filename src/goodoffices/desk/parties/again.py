"""Who is about to do something to his own account shows first that it is still he."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.http import urlencode

from goodoffices.desk.frame.templatetags.desk import say
from goodoffices.desk.http import viewer_of

_PAGE = "/account"


def led_to_show(request: HttpRequest) -> HttpResponse | None:
    """Lead away who has not shown in the last ten minutes who he is; nothing for whom has.

    Nothing of a form is kept meanwhile: who comes back presses again. Who has neither password nor factor, as in the
    demo, is not asked.
    """
    if did_recently_reauthenticate(request):
        return None
    ways = get_adapter().get_reauthentication_methods(request.user)
    messages.info(request, say("desk_parties", viewer_of(request).language, "again_then"))
    return HttpResponseRedirect(f"{ways[0]['url'] if ways else '/enter'}?{urlencode({'next': _PAGE})}")


def shows_again(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Let a form of the login library through from whom has shown again who he is."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **named: Any) -> HttpResponseBase:
        led = led_to_show(request) if request.method == "POST" and request.user.is_authenticated else None
        return led or view(request, *args, **named)

    return asked
