"""Reads a PDF back: its words, pages, fonts and properties."""

import io
import re
import unicodedata

from pypdf import PdfReader

# Vowel marks, and signs that stick to a word.
_MARKS = re.compile("[\u064b-\u0655\u0670]")
_EDGES = " .,;:?!()،؛۔؟·/-\u200e\u200f"


def reader(pdf):
    return PdfReader(io.BytesIO(pdf))


def text(pdf):
    return "\n".join(page.extract_text() for page in reader(pdf).pages)


def words_of(source):
    """Words as a set, without marks, in the compatibility form that extraction gives."""
    plain = _MARKS.sub("", unicodedata.normalize("NFKC", source))
    return {word for part in plain.split() if len(word := part.strip(_EDGES)) > 1}


def missing(pdf, *sources):
    """The words of the sources that cannot be found in the file again."""
    found = words_of(text(pdf))
    return {word for source in sources for word in words_of(source)} - found


def fonts(pdf):
    """Font name -> is its program in the file, for every font of every page."""
    seen = {}
    for page in reader(pdf).pages:
        for font in page["/Resources"]["/Font"].values():
            for inner in font.get_object()["/DescendantFonts"]:
                descriptor = inner.get_object()["/FontDescriptor"]
                seen[str(descriptor["/FontName"]).split("+")[-1].split(",")[0]] = "/FontFile2" in descriptor
    return seen


def html_words(html):
    """What a page says, without its tags, head and SVG titles."""
    body = html[html.index("<body") :]
    body = re.sub(r"<svg.*?</svg>", " ", body, flags=re.S)
    return re.sub(r"<[^>]+>", " ", body).replace("&middot;", " ")
