"""How a cleaner says that an answer is ill-formed."""


class Fault(Exception):
    """An ill-formed answer: `code` names a message in `messages.py`, `params` hold limits and lengths."""

    def __init__(self, code: str, **params: int) -> None:
        super().__init__(code)
        self.code = code
        self.params = params
