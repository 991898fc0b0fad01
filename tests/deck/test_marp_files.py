"""PDF and PowerPoint files made the same from run to run, by readers that are not ours."""

from __future__ import annotations

import io
import zipfile
from xml.etree import ElementTree

import pikepdf
import pytest

from deck import pdf, pptx
from deck.page import Slide

NAMES = 'xmlns:a="urn:a" xmlns:p="urn:p" xmlns:r="urn:r"'


def sheet(date: str, language: str | None = None) -> bytes:
    with pikepdf.new() as made:
        made.add_blank_page()
        made.docinfo["/CreationDate"] = made.docinfo["/ModDate"] = pikepdf.String(date)
        made.docinfo["/Title"] = pikepdf.String("Un exposé")
        if language:
            made.Root["/Lang"] = pikepdf.String(language)
        result = io.BytesIO()
        made.save(result)
    return result.getvalue()


def test_two_pdfs_of_different_dates_become_the_same() -> None:
    one, other = (pdf.same_each_time(sheet(date), epoch=86400) for date in ("D:20260101000000Z", "D:1999"))
    assert one == other
    assert one != pdf.same_each_time(sheet("D:1999"), epoch=86401)
    with pikepdf.open(io.BytesIO(one)) as read:
        assert read.docinfo["/CreationDate"] == read.docinfo["/ModDate"] == "D:19700102000000Z"
        assert read.docinfo["/Title"] == "Un exposé"


@pytest.mark.parametrize(("there", "result"), [(None, "fr"), ("de", "de")])
def test_a_pdf_without_a_language_is_given_the_decks(there: str | None, result: str) -> None:
    with pikepdf.open(io.BytesIO(pdf.same_each_time(sheet("D:1999", there), epoch=0, language="fr"))) as read:
        assert read.Root.Lang == result


def presentation(year: int, *, backwards: bool = False) -> bytes:
    slide = (f'<p:sld {NAMES}><p:cSld name="Slide 1"><p:bg><p:bgPr><a:blipFill dpi="0"><a:blip r:embed="rId1"/>'
             "</a:blipFill></p:bgPr></p:bg><p:spTree><p:grpSpPr></p:grpSpPr></p:spTree></p:cSld></p:sld>")
    note = (f'<p:notes {NAMES}><a:p><a:r><a:rPr lang="en-US"/><a:t>Un &amp; deux.\r\n\r\nTrois.</a:t></a:r></a:p>'
            "</p:notes>")
    core = ('<cp:coreProperties xmlns:cp="urn:cp" xmlns:dc="urn:dc" xmlns:dcterms="urn:t"><dcterms:created x="W3">'
            f"{year}-01-01T00:00:00Z</dcterms:created></cp:coreProperties>")
    parts = {"[Content_Types].xml": "<Types/>", "docProps/core.xml": core, "ppt/slides/slide1.xml": slide,
             "ppt/presentation.xml": f'<p:presentation {NAMES}><p:sldSz cx="800" cy="600"/></p:presentation>',
             "ppt/notesSlides/notesSlide1.xml": note, "ppt/media/a.png": "PNG"}  # fmt: skip
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w") as file:
        for name, text in reversed(parts.items()) if backwards else parts.items():
            file.writestr(zipfile.ZipInfo(name, (year, 2, 3, 4, 5, 6)), text)
    return result.getvalue()


SLIDES = [Slide("Où < \"ici\" ?", ("Un & deux", "Trois\nlignes\x07"), ("Mot",))]


def read(data: bytes, name: str) -> ElementTree.Element:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        assert file.testzip() is None
        return ElementTree.fromstring(file.read(name))


def test_two_presentations_of_different_dates_become_the_same() -> None:
    one = pptx.same_each_time(presentation(2026), epoch=0, slides=SLIDES, language="fr")
    assert one == pptx.same_each_time(presentation(1999, backwards=True), epoch=0, slides=SLIDES, language="fr")
    with zipfile.ZipFile(io.BytesIO(one)) as file:
        assert file.namelist()[0] == "[Content_Types].xml"
        assert {entry.date_time for entry in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    core = read(one, "docProps/core.xml")
    assert [element.text for element in core] == ["1970-01-01T00:00:00Z", "fr"]


def test_a_slide_has_its_picture_with_alt_text_and_its_title() -> None:
    root = read(pptx.same_each_time(presentation(2026), epoch=0, slides=SLIDES), "ppt/slides/slide1.xml")
    assert root.find(".//{urn:p}bg") is None
    assert [blip.get("{urn:r}embed") for blip in root.iter("{urn:a}blip")] == ["rId1"]
    [picture, title] = list(root.iter("{urn:p}cNvPr"))
    assert picture.get("descr") == "Mot\nUn & deux\nTrois\nlignes"
    assert title.get("name") == "Title"
    assert [text.text for text in root.iter("{urn:a}t")] == ["Où < \"ici\" ?"]
    assert [(e.get("cx"), e.get("cy")) for e in root.iter("{urn:a}ext")] == [("800", "600"), ("800", "75")]


def test_a_paragraph_of_a_note_is_one_in_the_presentation() -> None:
    made = pptx.same_each_time(presentation(2026), epoch=0, slides=[], language="fr")
    root = read(made, "ppt/notesSlides/notesSlide1.xml")
    assert ["".join(p.itertext()) for p in root.iter("{urn:a}p")] == ["Un & deux.", "Trois."]
    assert {run.get("lang") for run in root.iter("{urn:a}rPr")} == {"fr"}
