from typing import Any

from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Hashed names and gzip, without Brotli: at its highest level Brotli takes ten times as long for a few per cent.

    Brotli is installed with WeasyPrint, so leaving out WhiteNoise's extra would not keep it away.
    """

    def create_compressor(self, **kwargs: Any) -> Compressor:
        return Compressor(use_brotli=False, **kwargs)
