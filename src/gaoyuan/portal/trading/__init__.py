"""Supply and demand: what firms offer and seek, who fits whom, and quotations, sealed until they may be read."""
