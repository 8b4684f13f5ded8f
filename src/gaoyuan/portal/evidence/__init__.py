"""The portal's log over its records, keys and signatures of organisations, and evidence packs that banks check."""
