"""The root key, in one page of memory that parent, web and worker share.

The page is anonymous and shared, so children made by fork see it and a change is seen by all; it is locked
(never written to swap) and left out of core dumps. Clearing it closes the installation for every process.
"""

import ctypes
import mmap

LENGTH = 1
MADV_DONTDUMP = 16


class RootPage:
    """One shared page that holds at most one key. The first byte is the key's length; 0 means empty."""

    def __init__(self) -> None:
        """Reserve the page. Locking it may be refused by the machine's limits: see `locked`."""
        self._page = mmap.mmap(-1, mmap.PAGESIZE, mmap.MAP_SHARED | mmap.MAP_ANONYMOUS)
        self._protect_from_dumps()
        self.locked = self._lock()

    def put(self, key: bytes) -> None:
        """Store a key of at most 255 bytes; no bytes leave the page empty. Raises ValueError for a longer one."""
        if len(key) > 255:
            raise ValueError("a root key has at most 255 bytes")
        self.clear()
        self._page[LENGTH : LENGTH + len(key)] = key
        # The length comes last: another process never reads half a key.
        self._page[0] = len(key)

    def get(self) -> bytes:
        """The key, or no bytes when the page is empty."""
        return bytes(self._page[LENGTH : LENGTH + self._page[0]])

    def clear(self) -> None:
        """Overwrite the page with zeros, for every process that shares it."""
        self._page[:] = bytes(mmap.PAGESIZE)

    def _protect_from_dumps(self) -> None:
        if hasattr(self._page, "madvise"):
            self._page.madvise(getattr(mmap, "MADV_DONTDUMP", MADV_DONTDUMP))

    def _lock(self) -> bool:
        libc = ctypes.CDLL(None, use_errno=True)
        start = ctypes.addressof(ctypes.c_char.from_buffer(self._page))
        return bool(libc.mlock(ctypes.c_void_p(start), ctypes.c_size_t(mmap.PAGESIZE)) == 0)
