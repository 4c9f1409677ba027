"""A browser without JavaScript for tests: reads pages, fills forms by the names of their fields, follows redirects.

Every page it meets must be whole HTML with a title and without inline script, style or handler.
"""

from urllib.parse import urlencode

import html5lib

NS = "{http://www.w3.org/1999/xhtml}"


class Page:
    """One answer, parsed."""

    def __init__(self, response, url):
        self.response, self.url, self.status = response, url, response.status_code
        self.text = response.get_data(as_text=True) if "html" in (response.content_type or "") else ""
        self.tree = None
        if self.text:
            parser = html5lib.HTMLParser(strict=False)
            self.tree = parser.parse(self.text)
            self._check(parser)

    def _check(self, parser):
        wrong = [error for error in parser.errors if error[1] not in ("unknown-doctype",)]
        assert not wrong, f"{self.url}: HTML errors {wrong[:3]}"
        title = self.tree.find(f".//{NS}title")
        assert title is not None and (title.text or "").strip(), f"{self.url}: no title"
        for node in self.tree.iter():
            if not isinstance(node.tag, str):
                continue
            name = node.tag.removeprefix(NS)
            assert name != "style", f"{self.url}: inline style element"
            assert name != "script" or node.get("src"), f"{self.url}: inline script"
            bad = [one for one in node.attrib if one == "style" or one.startswith("on")]
            assert not bad, f"{self.url}: inline {bad} on {name}"

    @property
    def words(self):
        """All text of the page, white space folded."""
        body = self.tree.find(f".//{NS}body")
        return " ".join("".join(body.itertext()).split())

    @property
    def title(self):
        return "".join(self.tree.find(f".//{NS}title").itertext()).strip()

    @property
    def language(self):
        return self.tree.get("lang"), self.tree.get("dir")

    def links(self):
        """Addresses of all links."""
        return [node.get("href") for node in self.tree.iter(f"{NS}a") if node.get("href")]

    def link(self, part):
        """The first link whose address or words hold `part`."""
        for node in self.tree.iter(f"{NS}a"):
            if part in (node.get("href") or "") or part in " ".join("".join(node.itertext()).split()):
                return node.get("href")
        raise AssertionError(f"{self.url}: no link with {part!r} in {self.words[:800]}")

    def forms(self):
        return list(self.tree.iter(f"{NS}form"))

    def form(self, has="", action=""):
        """The form with a field (or button) named `has`, and `action` in its address."""
        for form in self.forms():
            names = {node.get("name") for node in form.iter()}
            if (not has or has in names) and action in (form.get("action") or ""):
                return form
        raise AssertionError(f"{self.url}: no form with {has!r} {action!r}")


class Browser:
    """A test client that behaves as a browser does."""

    def __init__(self, client):
        self.client, self.page = client, None

    def get(self, url, status=200):
        self.page = Page(self.client.get(url), url)
        return self._land(status)

    def submit(self, fields=None, *, has="", action="", press=None, status=200):
        """Fill the form that has the field `has` and send it; `press` is (name, value) of the button."""
        form = self.page.form(has or next(iter(fields or {}), ""), action)
        values = _values(form)
        for name, value in (fields or {}).items():
            assert name in _names(form), f"{self.page.url}: the form has no field {name}; it has {sorted(_names(form))}"
            values[name] = [one for one in (value if isinstance(value, list) else [value]) if one is not None]
        if press:
            values[press[0]] = [press[1]]
        target = form.get("action") or self.page.url
        if (form.get("method") or "get").lower() == "get":
            return self.get(f"{target.split('?')[0]}?{urlencode(values, doseq=True)}", status)
        self.page = Page(self.client.post(target, data=values), target)
        return self._land(status)

    def _land(self, status):
        hops = 0
        while self.page.status in (301, 302, 303) and hops < 5:
            target = self.page.response.headers["Location"]
            self.page = Page(self.client.get(target), target)
            hops += 1
        said = self.page.text and self.page.words[:1500]
        assert self.page.status == status, f"{self.page.url}: {self.page.status}, {said}"
        return self.page


def _names(form):
    return {node.get("name") for node in form.iter() if node.get("name")}


def _values(form):
    """What a browser would send if nothing were touched."""
    values = {}
    for node in form.iter():
        if not isinstance(node.tag, str) or not node.get("name") or "disabled" in node.attrib:
            continue
        tag, name = node.tag.removeprefix(NS), node.get("name")
        if tag == "textarea":
            values.setdefault(name, []).append((node.text or "").removeprefix("\n"))
        elif tag == "select":
            options = list(node.iter(f"{NS}option"))
            chosen = [one for one in options if "selected" in one.attrib] or options[:1]
            picked = chosen if "multiple" in node.attrib else chosen[-1:]
            if "multiple" in node.attrib:
                picked = [one for one in options if "selected" in one.attrib]
            values.setdefault(name, []).extend(_option(one) for one in picked)
        elif tag == "input" and node.get("type", "text") not in ("submit", "button", "image", "reset", "file"):
            if node.get("type") in ("radio", "checkbox") and "checked" not in node.attrib:
                continue
            values.setdefault(name, []).append(node.get("value", "on" if node.get("type") == "checkbox" else ""))
    return values


def _option(node):
    return node.get("value") if node.get("value") is not None else "".join(node.itertext())
