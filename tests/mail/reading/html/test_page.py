"""A mail's page is shown without anything that runs, loads or leaves its frame."""

import time

import pytest

from mail.reading.html.page import cleaned_html


def served(identifier: str) -> str:
    return f"/pictures/{identifier}/" if identifier == "shot" else ""


def test_what_is_safe_stays() -> None:
    page = (
        '<h1>a</h1><p style="color:red">b <b>c</b></p><ul><li>d</li></ul>'
        '<table><tr><td colspan="2">e</td></tr></table>'
    )
    shown = cleaned_html(page, served).html
    assert shown.replace("<tbody>", "").replace("</tbody>", "") == page


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        ("a<script>bad()</script>b<style>p {}</style>", "ab"),
        ('<p onclick="x()" class="y" id="z">a</p>', "<p>a</p>"),
        ('<p style="position:fixed">a</p>', '<p style="">a</p>'),
        ('<p style="background:url(https://x.example/t.gif)">a</p>', "<p>a</p>"),
        ('<form action="/"><input name="a">b<button>c</button></form>', "bc"),
        ("<svg><a xlink:href='x'>a</a></svg><math>b</math>", "ab"),
        ("<base href='https://x.example'><meta http-equiv=refresh content=0><link rel=x href=y>a", "a"),
        ("a<!-- <b> -->", "a"),
        ("1 &lt; 2 &amp; <b>3", "1 &lt; 2 &amp; <b>3</b>"),
    ],
)
def test_what_runs_or_loads_goes(page: str, shown: str) -> None:
    html = cleaned_html(page, served).html
    assert (
        html.replace(' target="_blank" rel="noopener noreferrer nofollow"', "")
        .replace("<a>", "")
        .replace("</a>", "")
        == shown
    )


def test_links_leave_the_frame_and_tell_nothing() -> None:
    shown = cleaned_html(
        '<a href="https://x.example/a?b&amp;c">a</a><a href="javascript:x()">b</a>', served
    ).html
    assert 'href="https://x.example/a?b&amp;c" target="_blank" rel="noopener noreferrer nofollow"' in shown
    assert "javascript" not in shown


def test_pictures_of_the_mail_are_shown_and_those_from_elsewhere_counted() -> None:
    page = (
        '<img alt="a" src="cid:shot"><img src="cid:gone">'
        '<img src="https://x.example/t.gif" srcset="https://x.example/u"><img src="data:image/svg+xml,x">'
    )
    cleaned = cleaned_html(page, served)
    assert cleaned.html == '<img alt="a" src="/pictures/shot/"><img><img><img>'
    assert (cleaned.remote_images, cleaned.is_cut) == (2, False)


@pytest.mark.parametrize(
    "piece", ["<div>", "<b>", "<font color=1><p>", "<a href=x><p>", "<i><b><u><p></i>", "&amp;"]
)
def test_a_hostile_page_is_cut(piece: str) -> None:
    began = time.process_time()
    cleaned = cleaned_html(piece * 400_000, served)
    assert cleaned.is_cut
    assert time.process_time() - began < 60


@pytest.mark.parametrize("page", ['<p title="{}">x</p>', "<a href='{}'>x</a>", "{}"])
def test_signs_that_cost_much_are_counted_wherever_they_stand(page: str) -> None:
    assert cleaned_html(page.format("&" * 20_000), served).is_cut is False
    assert cleaned_html(page.format("&" * 20_001), served).is_cut
