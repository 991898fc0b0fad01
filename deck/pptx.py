"""A PowerPoint file as Marp gives it, made the same from run to run, with titles, alt texts and notes in paragraphs.

Marp makes each slide one picture in the background, which a screen reader cannot know of: here it is a picture on the
slide with the words and alt texts that it shows, beside a title out of sight.
"""

from __future__ import annotations

import io
import re
import time
import zipfile
from collections.abc import Sequence
from html import escape
from pathlib import PurePosixPath

from deck.page import Slide

NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
BACKGROUND = re.compile(r'<p:bg><p:bgPr><a:blipFill[^>]*><a:blip r:embed="(\w+)".*?</p:bg>', re.S)
NOTE = re.compile(r"<a:t>(.*?)</a:t>", re.S)
SIZE = re.compile(r'<p:sldSz cx="(\d+)" cy="(\d+)"')
EARLIEST = 315532800  # 1980, where a zip's calendar starts

PICTURE = (
    '<p:pic><p:nvPicPr><p:cNvPr id="2" name="{name}" descr="{alt}"/><p:cNvPicPr><a:picLocks noChangeAspect="1"/>'
    '</p:cNvPicPr><p:nvPr/></p:nvPicPr><p:blipFill><a:blip r:embed="{image}"/><a:stretch><a:fillRect/></a:stretch>'
    '</p:blipFill><p:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
    '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr></p:pic>'
)
# Above the slide, as PowerPoint's own « hidden slide title ».
TITLE = (
    '<p:sp><p:nvSpPr><p:cNvPr id="3" name="Title"/><p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr><p:nvPr>'
    '<p:ph type="title"/></p:nvPr></p:nvSpPr><p:spPr><a:xfrm><a:off x="0" y="-{above}"/>'
    '<a:ext cx="{width}" cy="{above}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr><p:txBody>'
    '<a:bodyPr/><a:lstStyle/><a:p><a:r><a:rPr lang="{lang}"/><a:t>{title}</a:t></a:r></a:p></p:txBody></p:sp>'
)


def same_each_time(data: bytes, *, epoch: int, slides: Sequence[Slide], language: str | None = None) -> bytes:
    """The presentation with the date `epoch` everywhere, and with the titles and alt texts of `slides`.

    Parameters
    ----------
    data : bytes
        The presentation.
    epoch : int
        Seconds since 1970.
    slides : sequence of Slide
        What stands on each, in order.
    language : str, optional
        Of titles and notes.
    """
    result = io.BytesIO()
    moment = time.gmtime(max(epoch, EARLIEST))
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(result, "w") as new:
        size = SIZE.search(old.read("ppt/presentation.xml").decode("utf-8"))
        width, height = (int(size[1]), int(size[2])) if size else (12192000, 6858000)
        # The list of contents comes first, as the programs that read a presentation piece by piece expect.
        for name in sorted(filter(lambda name: not name.endswith("/"), old.namelist()),
                           key=lambda name: (name != "[Content_Types].xml", name)):
            content = old.read(name)
            if name.endswith((".xml", ".rels")):
                text = _part(name, content.decode("utf-8"), slides, (width, height), language or "en")
                content = _dated(name, text, epoch, language).encode("utf-8")
            entry = zipfile.ZipInfo(name, moment[:6])
            entry.create_system, entry.external_attr = 3, 0o644 << 16  # whatever system this runs on
            entry.compress_type = zipfile.ZIP_STORED if name.endswith(".png") else zipfile.ZIP_DEFLATED
            new.writestr(entry, content)
    return result.getvalue()


def _part(name: str, text: str, slides: Sequence[Slide], size: tuple[int, int], lang: str) -> str:
    number = int(re.sub(r"\D", "", PurePosixPath(name).stem) or 0)
    slide = slides[number - 1] if 0 < number <= len(slides) else Slide("", ())
    if PurePosixPath(name).match("ppt/slides/*.xml"):
        return _described(text, slide, number, size, lang)
    if PurePosixPath(name).match("ppt/notesSlides/*.xml"):
        text = text.replace('lang="en-US"', f'lang="{_xml(lang)}"')
        paragraph = f'</a:t></a:r></a:p><a:p><a:r><a:rPr lang="{_xml(lang)}"/><a:t>'
        return NOTE.sub(lambda note: "<a:t>" + re.sub(r"[\r\n]+", paragraph, note[1].strip()) + "</a:t>", text)
    if name == "docProps/app.xml":
        for number, slide in enumerate(slides, 1):
            text = text.replace(f"<vt:lpstr>Slide {number}</vt:lpstr>",
                                f"<vt:lpstr>{_xml(slide.title or f'Slide {number}')}</vt:lpstr>")
    return text


def _described(text: str, slide: Slide, number: int, size: tuple[int, int], lang: str) -> str:
    background = BACKGROUND.search(text)
    if background is None:
        return text
    title = slide.title or str(number)
    alt = "\n".join((*slide.texts, *slide.alts)) or title
    picture = PICTURE.format(name=_xml(title), alt=_xml(alt), image=background[1], width=size[0], height=size[1])
    heading = TITLE.format(title=_xml(title), lang=_xml(lang), width=size[0], above=size[1] // 8)
    return BACKGROUND.sub("", text).replace("</p:grpSpPr>", "</p:grpSpPr>" + picture + heading, 1)


def _dated(name: str, text: str, epoch: int, language: str | None) -> str:
    if name != "docProps/core.xml":
        return text
    date = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(epoch))
    text = re.sub(r"(<dcterms:(?:created|modified)[^>]*>)[^<]*", rf"\g<1>{date}", text)
    return text.replace("</cp:coreProperties>", f"<dc:language>{_xml(language)}</dc:language></cp:coreProperties>") \
        if language else text


def _xml(text: str) -> str:
    return escape(NOT_XML.sub("", text)).replace("\n", "&#10;")
