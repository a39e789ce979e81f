"""Results as pages and texts: what `print` and notebooks show of them."""

import html


def preformatted(text):
    return f"<pre>{html.escape(text)}</pre>"


class Result(dict):
    """The JSON object of a command, as a dict; `print` shows the text of the command."""

    def __init__(self, values, text):
        super().__init__(values)
        self.text = text

    def __str__(self):
        return self.text

    def _repr_html_(self):
        return preformatted(self.text)


class Page(str):
    """An HTML page, which notebooks show in a frame."""

    def save(self, path):
        """Writes the page to a file."""
        with open(path, "w", encoding="utf-8") as file:
            file.write(self)

    def _repr_html_(self):
        return (f'<iframe srcdoc="{html.escape(self)}" style="width:100%;height:640px;border:0">'
                "</iframe>")
