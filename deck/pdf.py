"""A PDF as Marp gives it, made the same from run to run; tags, alt texts, outline and notes stay."""

from __future__ import annotations

import io
import time


def same_each_time(data: bytes, *, epoch: int, language: str | None = None) -> bytes:
    """The PDF with the date `epoch`, objects in an order of their own and an identifier made of its content.

    Parameters
    ----------
    data : bytes
        The PDF.
    epoch : int
        Seconds since 1970, of both its dates.
    language : str, optional
        For a PDF that names none.
    """
    import pikepdf

    date = time.strftime("D:%Y%m%d%H%M%SZ", time.gmtime(epoch))
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pdf.docinfo["/CreationDate"] = pdf.docinfo["/ModDate"] = pikepdf.String(date)
        if language and "/Lang" not in pdf.Root:
            pdf.Root["/Lang"] = pikepdf.String(language)
        if "/ID" in pdf.trailer:  # its first half would be kept
            del pdf.trailer["/ID"]
        result = io.BytesIO()
        pdf.save(result, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return result.getvalue()
