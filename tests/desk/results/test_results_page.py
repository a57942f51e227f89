import gzip

from django.test import Client


def test_the_public_page_stands(desk):
    answer = Client().get("/results")
    assert answer.status_code == 200
    assert len(gzip.compress(answer.content)) < 60_000
    assert Client().get("/results/C4").status_code == 200
